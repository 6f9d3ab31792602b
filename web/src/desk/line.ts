import { refresh } from "../api/client";
import type { Event } from "./machine";
import { DeskSocket } from "./socket";
import { Sound } from "./sound";
import type { ServerFrame } from "./wire";

/** The desk's line: what goes between server, sound and the desk's state. */
export interface Line {
  socket: DeskSocket;
  sound: Sound;
}

/** Ties a socket and a sound to whoever is told what happens. Nothing runs before the socket is opened. */
export function makeLine(happened: (event: Event) => void): Line {
  const sound: Sound = new Sound({
    offer: (sdp) => {
      socket.send({ type: "sound_offer", sdp });
    },
    state: (state) => {
      happened({ from: "sound", state });
    },
    hopeless: () => {
      socket.again();
    },
  });
  const socket: DeskSocket = new DeskSocket({
    frame: (frame) => {
      follow(sound, frame);
      happened({ from: "server", frame });
    },
    link: (open) => {
      // The server knows a desk by its connection: the sound goes with it.
      if (!open) sound.lost();
      happened({ from: "link", open });
    },
  });
  return { socket, sound };
}

function follow(sound: Sound, frame: ServerFrame) {
  switch (frame.type) {
    case "welcome":
      sound.welcomed();
      break;
    case "sound_answer":
      sound.answered(frame.sdp);
      break;
    case "call":
      sound.mute(frame.muted && !frame.ended_at);
      if (frame.ended_at) void refresh("/api/desk/calls/today");
      break;
    case "tasks":
      void refresh("/api/desk/tasks", "/api/desk/lost");
      break;
    default:
  }
}
