import type { ChosenState, OperatorState, Refused, Supervision } from "../desk/wire";

/** An operator's call, as the board shows it. */
export interface BoardCall {
  id: string;
  company_name: string;
  answered_at?: string | null;
  on_hold: boolean;
  /** The supervisor who takes part. */
  supervisor?: { name: string; how: Supervision } | null;
}

export interface BoardOperator {
  id: string;
  name: string;
  state: OperatorState;
  since: string;
  call?: BoardCall | null;
}

/** A company that somebody waits for. */
export interface BoardCompany {
  id: string;
  name: string;
  waiting: number;
  longest_wait_since: string;
}

/** What goes on. */
export interface BoardView {
  waiting: number;
  longest_wait_since?: string | null;
  /** How long a caller who came now would wait. */
  estimated_wait_s?: number | null;
  operators: BoardOperator[];
  companies: BoardCompany[];
}

/** A call that this supervisor takes part in. */
export interface Attendance {
  call: string;
  operator: string;
  how: Supervision;
}

/** Frames that the server sends. */
export type BoardServerFrame =
  | { type: "welcome"; supervisor: string }
  | ({ type: "board" } & BoardView)
  | { type: "supervision"; at?: Attendance | null }
  | { type: "sound_answer"; sdp: string }
  | { type: "sound_state"; state: "up" | "down" }
  | ({ type: "error" } & Refused)
  | { type: "pong" };

/** Frames that the board sends. */
export type BoardClientFrame =
  | { type: "sound_offer"; sdp: string }
  | { type: "supervise"; operator: string; how: Supervision }
  | { type: "leave" }
  | { type: "state"; operator: string; state: ChosenState };
