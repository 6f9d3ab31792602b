import { chosenFor, playOn } from "./speakers";

const GATHER_MS = 1000;
const RECOVER_MS = 2000;
const GIVE_UP_MS = 8000;
const LAWS = ["audio/pcma", "audio/pcmu"];

interface Listener {
  offer: (sdp: string) => void;
  state: (state: "off" | "starting" | "up" | "down") => void;
  /** Nothing helped. */
  hopeless: () => void;
}

/**
 * The operator's sound: one connection for as long as the desk's line to the
 * server stands. It mends itself by an ICE restart; where that fails, the line
 * and the sound with it begin anew.
 */
export class Sound {
  readonly #listener: Listener;
  #out: HTMLAudioElement | null = null;
  #peer: RTCPeerConnection | null = null;
  #track: MediaStreamTrack | null = null;
  #welcome = false;
  #muted = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  /** The server takes offers now. */
  welcomed() {
    this.#welcome = true;
    this.#connect();
  }

  /** The line to the server is gone, and what the server had of the sound with it. */
  lost() {
    this.#welcome = false;
    this.#close();
    this.#listener.state(this.#track ? "down" : "off");
  }

  /** Speaks through this microphone from now on. */
  speakThrough(stream: MediaStream) {
    const [track] = stream.getAudioTracks();
    if (!track || track === this.#track) return;
    this.#track = track;
    track.enabled = !this.#muted;
    if (this.#peer) void this.#peer.getSenders()[0]?.replaceTrack(track);
    else if (this.#welcome) this.#connect();
  }

  /** The server's answer to the last offer. */
  answered(sdp: string) {
    if (this.#peer?.signalingState !== "have-local-offer") return;
    // An answer that can't be used brings no connection: the watch over the offer sees to it.
    this.#peer.setRemoteDescription({ type: "answer", sdp }).catch(() => undefined);
  }

  /** Plays the other side on this device from now on. */
  readonly hearThrough = (device: string) => {
    if (this.#out) void playOn(this.#out, device);
  };

  /** What the browser measures of the connection; none while there is none. */
  async report(): Promise<RTCStatsReport | null> {
    return this.#peer?.connectionState === "connected" ? this.#peer.getStats() : null;
  }

  /** The network has changed: looks for a way through it at once instead of waiting for the old one to fail. */
  networkChanged() {
    // An offer that is under way finds the new network by itself; two at once would cross.
    if (this.#welcome && this.#peer?.signalingState === "stable") void this.#offer(this.#peer, true);
  }

  /** Silences the microphone here, so that nothing leaves the browser. */
  mute(on: boolean) {
    this.#muted = on;
    if (this.#track) this.#track.enabled = !on;
  }

  #connect() {
    this.#close();
    if (!this.#track) return;
    this.#out ??= new Audio();
    const out = this.#out;
    void playOn(out, chosenFor("voice"));
    const peer = new RTCPeerConnection();
    this.#peer = peer;
    const transceiver = peer.addTransceiver(this.#track, { direction: "sendrecv" });
    transceiver.setCodecPreferences(lawsFirst(RTCRtpReceiver.getCapabilities("audio")?.codecs ?? []));
    peer.ontrack = ({ track }) => {
      out.srcObject = new MediaStream([track]);
      out.play().catch(() => undefined);
    };
    peer.onconnectionstatechange = () => {
      this.#changed(peer);
    };
    this.#listener.state("starting");
    void this.#offer(peer, false);
  }

  #close() {
    clearTimeout(this.#timer);
    if (this.#peer) {
      this.#peer.onconnectionstatechange = null;
      this.#peer.close();
    }
    this.#peer = null;
    if (this.#out) this.#out.srcObject = null;
  }

  async #offer(peer: RTCPeerConnection, iceRestart: boolean) {
    this.#later(GIVE_UP_MS, peer, () => {
      this.#listener.hopeless();
    });
    await peer.setLocalDescription(await peer.createOffer({ iceRestart }));
    await gathered(peer);
    if (this.#peer === peer && peer.localDescription) this.#listener.offer(peer.localDescription.sdp);
  }

  #changed(peer: RTCPeerConnection) {
    if (this.#peer !== peer) return;
    const restart = () => {
      void this.#offer(peer, true);
    };
    switch (peer.connectionState) {
      case "connected":
        clearTimeout(this.#timer);
        this.#listener.state("up");
        break;
      case "disconnected":
        this.#listener.state("down");
        this.#later(RECOVER_MS, peer, restart);
        break;
      case "failed":
        this.#listener.state("down");
        restart();
        break;
      default:
    }
  }

  /** Does something after a while, unless the sound is well by then. */
  #later(ms: number, peer: RTCPeerConnection, what: () => void) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#peer === peer && peer.connectionState !== "connected") what();
    }, ms);
  }
}

/** Telephone sound passes without being encoded anew when the browser speaks G.711 too. */
function lawsFirst(codecs: RTCRtpCodec[]): RTCRtpCodec[] {
  const rank = ({ mimeType }: RTCRtpCodec) => {
    const at = LAWS.indexOf(mimeType.toLowerCase());
    return at < 0 ? LAWS.length : at;
  };
  return [...codecs].sort((a, b) => rank(a) - rank(b));
}

function gathered(peer: RTCPeerConnection): Promise<void> {
  if (peer.iceGatheringState === "complete") return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(done, GATHER_MS);
    peer.addEventListener("icegatheringstatechange", () => {
      if (peer.iceGatheringState === "complete") done();
    });
  });
}
