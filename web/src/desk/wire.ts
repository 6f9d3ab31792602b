import type { CallResult, Ending, Question, Recipient } from "../api/types";
import type { Presence } from "../message/contract";

/** What the desk knows of a call that rings or runs. */
export interface CallCard {
  id: string;
  line_name: string;
  arrived_at: string;
  /** What it is placed for; none where it came in. */
  errand?: Errand | null;
  /** The caller's number, or the one that is called, as stored; empty where it is hidden. */
  caller_phone: string;
  caller_phone_shown: string;
  caller_name: string;
  /** What the company knows of the caller besides. */
  caller_note: string;
  /** The caller goes before all others. */
  vip: boolean;
  greeting: string;
  farewell: string;
  company: {
    id: string;
    name: string;
    about: string;
    address: string;
    site: string;
    phone: string;
    email: string;
    not_to_say: string;
    /** «Готовые тексты». */
    texts: string[];
  };
  working_time: { open: boolean; changes_at?: string | null; zone: string };
  default_recipient?: Recipient | null;
  /** «Вопросы сценария». */
  questions: Question[];
  departments: { id: string; name: string; extension: string; dialled: Dialled[] }[];
  employees: {
    id: string;
    name: string;
    position: string;
    department?: string | null;
    extension: string;
    /** At which numbers the employee can be called. */
    dialled: Dialled[];
    has_email: boolean;
    presence: Presence;
    presence_until?: string | null;
    /** Until when the employee is away, where that is so now. */
    absent_until?: string | null;
    deputy_name?: string | null;
  }[];
  /** It comes back from a transfer. */
  returned?: boolean;
  earlier: { outgoing: boolean; at: string; result?: CallResult | null; text?: string | null }[];
}

/** What a call is placed for: somebody who had called is called back, or a message is read to an employee. */
export type Errand = { of: "call_back"; call: string } | { of: "task"; task: string };

/** Which of somebody's numbers is called; the numbers themselves stay on the server. */
export type Dialled = "extension" | "mobile";

/** Whom a caller is handed over to. */
export interface Colleague {
  recipient: Recipient;
  dialled: Dialled;
}

/** Why a colleague could not be had. */
export type TransferFault = "no_answer" | "busy" | "no_number" | "refused" | "failed" | "left";

/** A colleague who is called or talks, or was not had. */
export interface Transfer {
  colleague: Colleague;
  stage: "calling" | "ringing" | "answered" | "failed";
  blind: boolean;
  together: boolean;
  fault?: TransferFault | null;
}

/** The operators' queue at a glance. */
export interface Queue {
  waiting: number;
  longest_wait_since?: string | null;
  /** How long one who calls now will wait; none while that is not known. */
  estimated_wait_s?: number | null;
  operators: { ready: number; on_call: number; wrap_up: number; away: number };
}

/** A call that the operator has, or has just had. */
export interface Current {
  call: CallCard;
  on_hold: boolean;
  muted: boolean;
  /** How far a call is that is being placed; none once it was answered, and where it came in. */
  placing?: "calling" | "ringing" | null;
  transfer?: Transfer | null;
  /** A supervisor whom the operator hears takes part. */
  supervisor?: Supervision | null;
  answered_at?: string | null;
  ended_at?: string | null;
  ending?: Ending | null;
}

/** Why a state changed that the operator did not choose. */
export type Reason = "offer_missed" | "lost" | "supervisor";

/** How a supervisor takes part in a call. */
export type Supervision = "listen" | "whisper" | "barge";

export type Why = "caller_gave_up" | "missed" | "taken";

/** What an operator is doing. */
export type OperatorState = ChosenState | "offered" | "on_call" | "wrap_up";

/** What the operator may choose to be. */
export type ChosenState = "ready" | "break" | "lunch" | "offline";

/** Why the server did not do something: a word for programs, and a sentence in Russian. */
export interface Refused {
  code: string;
  text: string;
}

/** Frames that the server sends. */
export type ServerFrame =
  | {
      type: "welcome";
      operator: { id: string; name: string };
      state: OperatorState;
      offer_seconds: number;
      wrap_up_seconds: number;
    }
  | { type: "sound_answer"; sdp: string }
  | { type: "sound_state"; state: "up" | "down" }
  | { type: "sound_test"; stage: "listening" | "playing" | "done" }
  | { type: "state"; state: OperatorState; since: string; deadline?: string | null; reason?: Reason | null }
  | ({ type: "queue" } & Queue)
  | { type: "ringing"; call: CallCard; deadline: string }
  | { type: "withdrawn"; call: string; why: Why }
  | ({ type: "call" } & Current)
  | ({ type: "error" } & Refused)
  | { type: "pong" }
  /** The calls that operators owe have changed: to employees, and to callers who were lost. */
  | { type: "tasks" }
  /** The same operator opened the desk elsewhere; this one is over. */
  | { type: "replaced" };

/** Frames that the desk sends. */
export type ClientFrame =
  | { type: "sound_offer"; sdp: string }
  | { type: "state"; state: ChosenState }
  | { type: "accept" | "decline" | "hang_up" | "wrap_up_done" | "hand_over" | "take_back"; call: string }
  | { type: "hold" | "mute" | "together"; call: string; on: boolean }
  | { type: "consult" | "transfer"; call: string; to: Colleague }
  | { type: "digit"; call: string; digit: string }
  | { type: "call_back"; call: string }
  | { type: "call_task"; task: string; dialled: Dialled }
  | { type: "sound_test" }
  | { type: "ping" };
