import { useCallback, useEffect, useRef, useState } from "react";

export type MicTrouble = "refused" | "missing" | "busy" | "insecure";

export interface Microphone {
  status: "off" | "asking" | "on" | MicTrouble;
  stream: MediaStream | null;
  devices: MediaDeviceInfo[];
  device: string | null;
  start: (device?: string) => Promise<void>;
}

const KEPT = "telefonistka.microphone";

function trouble(error: unknown): MicTrouble {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "missing";
  if (name === "NotReadableError" || name === "AbortError") return "busy";
  return "refused";
}

async function open(device: string | null): Promise<MediaStream> {
  const audio: MediaTrackConstraints = {
    echoCancellation: true,
    noiseSuppression: true,
    autoGainControl: true,
  };
  if (device) {
    try {
      return await navigator.mediaDevices.getUserMedia({ audio: { ...audio, deviceId: { exact: device } } });
    } catch (error) {
      // The device of last time may be at home: take whichever there is.
      if (trouble(error) !== "missing") throw error;
    }
  }
  return navigator.mediaDevices.getUserMedia({ audio });
}

/** The operator's microphone: asked for once, kept for the shift; only when asked for, where it is not to be on at once. */
export function useMicrophone(atOnce = true): Microphone {
  const [status, setStatus] = useState<Microphone["status"]>("off");
  const [stream, setStream] = useState<MediaStream | null>(null);
  const [devices, setDevices] = useState<MediaDeviceInfo[]>([]);
  const held = useRef<MediaStream | null>(null);

  const start = useCallback(async (device?: string) => {
    // A type that lies: on a page that is not secure there are no media devices.
    const media = navigator.mediaDevices as MediaDevices | undefined;
    if (!media) {
      setStatus("insecure");
      return;
    }
    setStatus("asking");
    try {
      const next = await open(device ?? localStorage.getItem(KEPT));
      held.current?.getTracks().forEach((track) => {
        track.stop();
      });
      held.current = next;
      const [track] = next.getAudioTracks();
      if (track) {
        localStorage.setItem(KEPT, track.getSettings().deviceId ?? "");
        track.onended = () => {
          setStatus("missing");
        };
      }
      setDevices((await media.enumerateDevices()).filter(({ kind }) => kind === "audioinput"));
      setStream(next);
      setStatus("on");
    } catch (error) {
      setStatus(trouble(error));
    }
  }, []);

  useEffect(() => {
    // Turned on here before, and still allowed: no need to be pressed for again.
    if (atOnce)
    void navigator.permissions
      .query({ name: "microphone" })
      .then(({ state }) => (state === "granted" && localStorage.getItem(KEPT) !== null ? start() : undefined))
      .catch(() => undefined);
    return () => {
      held.current?.getTracks().forEach((track) => {
        track.stop();
      });
    };
  }, [start, atOnce]);

  const device = stream?.getAudioTracks()[0]?.getSettings().deviceId ?? null;
  return { status, stream, devices, device, start };
}

const HEARD = 0.015;
const FLOOR_DB = -60;

/** How loud the microphone is, 0 to 1, and whether a voice was heard in it. */
export function useLevel(stream: MediaStream | null) {
  const [level, setLevel] = useState(0);
  const [heard, setHeard] = useState(false);
  useEffect(() => {
    if (!stream) return;
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    analyser.fftSize = 1024;
    context.createMediaStreamSource(stream).connect(analyser);
    void context.resume();
    const samples = new Float32Array(analyser.fftSize);
    let frame = 0;
    let last = 0;
    const look = (now: number) => {
      frame = requestAnimationFrame(look);
      if (now - last < 66) return;
      last = now;
      analyser.getFloatTimeDomainData(samples);
      const power = Math.sqrt(samples.reduce((sum, s) => sum + s * s, 0) / samples.length);
      setLevel(Math.max(0, 1 - (20 * Math.log10(power + 1e-6)) / FLOOR_DB));
      if (power > HEARD) setHeard(true);
    };
    frame = requestAnimationFrame(look);
    return () => {
      cancelAnimationFrame(frame);
      void context.close();
    };
  }, [stream]);
  return { level, heard };
}
