import { client } from "../api/client";
import type { ClientFrame, ServerFrame } from "./wire";

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 5000;
const PING_MS = 10_000;
const SILENCE_MS = 25_000;
const PROBE_MS = 2000;

/** Close codes of the server's own. */
const SIGNED_OUT = 4001;
const REPLACED = 4002;

interface Listener<In> {
  frame: (frame: In) => void;
  link: (open: boolean) => void;
}

/** The desk's line to the server, or the board's: comes back by itself after it broke. */
export class DeskSocket<In = ServerFrame, Out = ClientFrame> {
  readonly #listener: Listener<In>;
  readonly #path: string;
  #socket: WebSocket | null = null;
  #wait = FIRST_WAIT_MS;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #pulse: ReturnType<typeof setInterval> | undefined;
  #heard = 0;
  #closed = false;

  constructor(listener: Listener<In>, path = "/api/desk/socket") {
    this.#listener = listener;
    this.#path = path;
  }

  open() {
    this.#closed = false;
    const url = new URL(this.#path, location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(url);
    this.#socket = socket;
    let opened = false;
    socket.onopen = () => {
      opened = true;
      this.#wait = FIRST_WAIT_MS;
      this.#heard = Date.now();
      this.#pulse = setInterval(() => {
        this.#beat();
      }, PING_MS);
      this.#listener.link(true);
    };
    socket.onmessage = ({ data }) => {
      this.#heard = Date.now();
      if (typeof data === "string") this.#listener.frame(JSON.parse(data) as In);
    };
    socket.onclose = ({ code }) => {
      if (this.#socket !== socket) return;
      this.#drop();
      this.#listener.link(false);
      // Another desk of this operator took over: coming back would take it away again.
      if (this.#closed || code === REPLACED) return;
      if (!opened || code === SIGNED_OUT) askForSession();
      this.#retry = setTimeout(() => {
        this.open();
      }, this.#wait);
      this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT_MS);
    };
  }

  /** Sends a frame; tells whether the line was open for it. */
  send(frame: Out | { type: "ping" }): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  /** The network has changed: asks whether the line still leads anywhere, and begins anew where it does not. */
  probe() {
    if (this.#closed) return;
    const socket = this.#socket;
    if (!socket) {
      clearTimeout(this.#retry);
      this.open();
      return;
    }
    const asked = Date.now();
    this.send({ type: "ping" });
    setTimeout(() => {
      if (this.#socket === socket && this.#heard < asked) this.#abandon();
    }, PROBE_MS);
  }

  /** Begins anew, as though the line had broken. */
  again() {
    if (this.#socket) this.#abandon();
    else this.open();
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#retry);
    const socket = this.#socket;
    this.#drop();
    socket?.close();
  }

  /** A connection that nothing comes through is dead, whatever the browser thinks of it. */
  #beat() {
    if (Date.now() - this.#heard > SILENCE_MS) {
      this.#abandon();
    } else {
      this.send({ type: "ping" });
    }
  }

  /** Closes without waiting: a dead peer never answers the closing handshake. */
  #abandon() {
    const socket = this.#socket;
    socket?.close();
    socket?.onclose?.(new CloseEvent("close"));
  }

  #drop() {
    clearInterval(this.#pulse);
    this.#socket = null;
  }
}

/** Asks whether somebody is still signed in; if not, the client leads to the sign-in. */
function askForSession() {
  void client.GET("/api/session").catch(() => undefined);
}
