import type { Refused, Supervision } from "../desk/wire";
import type { Attendance, BoardServerFrame, BoardView } from "./wire";

/** A call that the supervisor is to take part in as soon as the sound is there. */
export interface Wish {
  operator: string;
  how: Supervision;
}

/** Everything that the board knows by its line. */
export interface Board {
  link: "connecting" | "open" | "lost";
  /** Whether the server says that sound can flow. */
  soundThere: boolean;
  /** Who watches. */
  supervisor: string | null;
  view: BoardView | null;
  at: Attendance | null;
  wish: Wish | null;
  error: Refused | null;
}

/** What changes it. */
export type Event =
  | { from: "server"; frame: BoardServerFrame }
  | { from: "link"; open: boolean }
  | { from: "supervisor"; did: "wished"; wish: Wish | null }
  | { from: "supervisor"; did: "dismissed" };

/** The board before anything is known. */
export const START: Board = {
  link: "connecting",
  soundThere: false,
  supervisor: null,
  view: null,
  at: null,
  wish: null,
  error: null,
};

/** The board after something happened. Pure: the same events always show the same board. */
export function reduce(board: Board, event: Event): Board {
  switch (event.from) {
    case "server":
      return received(board, event.frame);
    case "link":
      // What was shown stays, marked as old; the part in a call has ended with the line.
      return {
        ...board,
        link: event.open ? "open" : "lost",
        soundThere: false,
        at: null,
        wish: null,
      };
    case "supervisor":
      return event.did === "wished"
        ? { ...board, wish: event.wish, error: null }
        : { ...board, error: null };
  }
}

function received(board: Board, frame: BoardServerFrame): Board {
  switch (frame.type) {
    case "welcome":
      return { ...board, link: "open", supervisor: frame.supervisor };
    case "board": {
      const { type: _, ...view } = frame;
      return { ...board, view };
    }
    case "supervision":
      return { ...board, at: frame.at ?? null, wish: null };
    case "sound_state":
      return { ...board, soundThere: frame.state === "up" };
    case "error":
      return { ...board, error: { code: frame.code, text: frame.text }, wish: null };
    case "sound_answer":
    case "pong":
      return board;
  }
}

/** Whether the supervisor's voice may leave the browser. */
export function speaks(board: Board): boolean {
  return board.at !== null && board.at.how !== "listen";
}
