import { useEffect, useMemo, useReducer, useState } from "react";
import type { Microphone } from "../desk/microphone";
import { DeskSocket } from "../desk/socket";
import { Sound } from "../desk/sound";
import type { ChosenState, Supervision } from "../desk/wire";
import { reduce, speaks, START, type Board, type Event } from "./machine";
import type { BoardClientFrame, BoardServerFrame } from "./wire";

export interface BoardCommands {
  supervise: (operator: string, how: Supervision) => void;
  leave: () => void;
  state: (operator: string, state: ChosenState) => void;
  dismiss: () => void;
}

interface Line {
  socket: DeskSocket<BoardServerFrame, BoardClientFrame>;
  sound: Sound;
}

function makeLine(happened: (event: Event) => void): Line {
  const sound: Sound = new Sound({
    offer: (sdp) => {
      socket.send({ type: "sound_offer", sdp });
    },
    state: () => undefined,
    hopeless: () => {
      socket.again();
    },
  });
  const socket = new DeskSocket<BoardServerFrame, BoardClientFrame>(
    {
      frame: (frame) => {
        if (frame.type === "welcome") sound.welcomed();
        if (frame.type === "sound_answer") sound.answered(frame.sdp);
        happened({ from: "server", frame });
      },
      link: (open) => {
        if (!open) sound.lost();
        happened({ from: "link", open });
      },
    },
    "/api/desk/board/socket",
  );
  return { socket, sound };
}

/** The live board. The microphone is asked for when the supervisor first takes part in a call, and not before. */
export function useBoard(microphone: Microphone): { board: Board; commands: BoardCommands } {
  const [board, happened] = useReducer(reduce, START);
  const [line] = useState(() => makeLine(happened));
  const { stream, start } = microphone;
  const { wish, soundThere } = board;
  const heard = speaks(board);

  useEffect(() => {
    line.sound.mute(true);
    line.socket.open();
    return () => {
      line.socket.close();
      line.sound.lost();
    };
  }, [line]);

  useEffect(() => {
    if (stream) line.sound.speakThrough(stream);
  }, [line, stream]);

  useEffect(() => {
    line.sound.mute(!heard);
  }, [line, heard]);

  useEffect(() => {
    if (wish && soundThere) line.socket.send({ type: "supervise", ...wish });
  }, [line, wish, soundThere]);

  const commands = useMemo(
    (): BoardCommands => ({
      supervise: (operator, how) => {
        if (!stream) void start();
        happened({ from: "supervisor", did: "wished", wish: { operator, how } });
      },
      leave: () => {
        happened({ from: "supervisor", did: "wished", wish: null });
        line.socket.send({ type: "leave" });
      },
      state: (operator, state) => {
        line.socket.send({ type: "state", operator, state });
      },
      dismiss: () => {
        happened({ from: "supervisor", did: "dismissed" });
      },
    }),
    [line, stream, start],
  );

  return { board, commands };
}
