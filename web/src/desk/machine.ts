import type {
  CallCard,
  Colleague,
  Current,
  OperatorState,
  Queue,
  Reason,
  Refused,
  ServerFrame,
  Transfer,
  TransferFault,
  Why,
} from "./wire";

/** Everything that the desk shows, except what is being typed. */
export interface Desk {
  link: "connecting" | "open" | "lost" | "replaced";
  /** How this browser's side of the sound stands. */
  sound: "off" | "starting" | "up" | "down";
  /** Whether the server says that sound can flow. */
  soundThere: boolean;
  operator: { id: string; name: string } | null;
  /** Null until the server has told it. */
  state: OperatorState | null;
  since: string | null;
  deadline: string | null;
  reason: Reason | null;
  queue: Queue | null;
  ringing: { call: CallCard; deadline: string } | null;
  current: Current | null;
  withdrawn: Why | null;
  /** Whom the server was asked to call: the call or the task; none once it has answered. */
  asked: string | null;
  /** How far a call to oneself has come. */
  test: SoundTest;
  error: Refused | null;
}

/** A call to oneself: speak, hear it, and it is over; none yet. */
export type SoundTest = "listening" | "playing" | "done" | null;

/** What changes it. */
export type Event =
  | { from: "server"; frame: ServerFrame }
  | { from: "link"; open: boolean }
  | { from: "sound"; state: Desk["sound"] }
  | { from: "operator"; did: "dismissed" }
  | { from: "operator"; did: "asked"; whom: string };

/** The desk before anything is known. */
export const START: Desk = {
  link: "connecting",
  sound: "off",
  soundThere: false,
  operator: null,
  state: null,
  since: null,
  deadline: null,
  reason: null,
  queue: null,
  ringing: null,
  current: null,
  withdrawn: null,
  asked: null,
  test: null,
  error: null,
};

/** The desk after something happened. Pure: the same events always show the same desk. */
export function reduce(desk: Desk, event: Event): Desk {
  switch (event.from) {
    case "server":
      return received(desk, event.frame);
    case "link":
      // What rings may be with somebody else by the time the link is back; the server tells it anew.
      return {
        ...desk,
        link: event.open ? "open" : desk.link === "replaced" ? "replaced" : "lost",
        ringing: null,
        soundThere: false,
        asked: null,
        test: null,
        error: null,
      };
    case "sound":
      return { ...desk, sound: event.state };
    case "operator":
      return {
        ...desk,
        withdrawn: null,
        error: null,
        ...(event.did === "asked" ? { asked: event.whom } : { reason: null }),
      };
  }
}

function received(desk: Desk, frame: ServerFrame): Desk {
  switch (frame.type) {
    case "welcome":
      return {
        ...desk,
        link: "open",
        operator: frame.operator,
        ...inState(desk, frame.state),
      };
    case "state":
      return {
        ...desk,
        ...inState(desk, frame.state),
        since: frame.since,
        deadline: frame.deadline ?? null,
        // Going back to work answers whatever was said about having been put on a break.
        reason: frame.reason ?? (frame.state === "ready" ? null : desk.reason),
      };
    case "queue": {
      const { type: _, ...queue } = frame;
      return { ...desk, queue };
    }
    case "ringing":
      return {
        ...desk,
        ringing: { call: frame.call, deadline: frame.deadline },
        test: null,
        current: desk.current?.ended_at ? null : desk.current,
        withdrawn: null,
        asked: null,
        error: null,
      };
    case "withdrawn":
      if (desk.ringing && desk.ringing.call.id !== frame.call) return desk;
      return { ...desk, ringing: null, withdrawn: frame.why };
    case "call": {
      const { type: _, ...current } = frame;
      return {
        ...desk,
        current,
        ringing: desk.ringing?.call.id === frame.call.id ? null : desk.ringing,
        withdrawn: null,
        asked: null,
      };
    }
    case "sound_test":
      return { ...desk, test: frame.stage };
    case "sound_state":
      return { ...desk, soundThere: frame.state === "up" };
    case "replaced":
      return { ...desk, link: "replaced", ringing: null, current: null };
    case "error":
      return { ...desk, asked: null, error: { code: frame.code, text: frame.text } };
    case "sound_answer":
    case "tasks":
    case "pong":
      return desk;
  }
}

/** A call stays on the desk until its after-call work is over; what rings, while it is offered. */
function inState(desk: Desk, state: OperatorState): Pick<Desk, "state" | "current" | "ringing"> {
  const busy = state === "on_call" || state === "wrap_up";
  return {
    state,
    current: busy || state === "offered" ? desk.current : null,
    ringing: state === "offered" ? desk.ringing : null,
  };
}

/** Whether the operator has a call right now: talks, holds, or waits for somebody to answer. */
export function talking(desk: Desk): boolean {
  return desk.current !== null && !desk.current.ended_at;
}

/** Whether the operator may call somebody now. */
export function mayCall(desk: Desk): boolean {
  const free = desk.state !== null && desk.state !== "offline" && mayChoose(desk);
  return free && desk.asked === null && soundOf(desk) === "up";
}

/** The transfer that is under way; one that failed is over. */
export function transferring(current: Current): Transfer | null {
  const transfer = current.transfer;
  return !current.ended_at && transfer && transfer.stage !== "failed" ? transfer : null;
}

type TransferText =
  | `desk.transfer.fault.${TransferFault}`
  | `desk.transfer.${"calling" | "ringing" | "callingBlind" | "answered" | "together"}`;

/** What the operator is told of a transfer: a text's key; none where there is nothing to tell. */
export function transferText(current: Current): TransferText | null {
  const transfer = current.transfer;
  if (!transfer || current.ended_at) return null;
  if (transfer.stage === "failed") return `desk.transfer.fault.${transfer.fault ?? "failed"}`;
  if (transfer.together) return "desk.transfer.together";
  if (transfer.stage === "answered") return "desk.transfer.answered";
  return transfer.blind ? "desk.transfer.callingBlind" : `desk.transfer.${transfer.stage}`;
}

/** Whose name stands there, by the card. */
export function nameOf(call: CallCard, { recipient }: Colleague): string {
  const found =
    recipient.to === "employee"
      ? call.employees.find((e) => e.id === recipient.employee)
      : call.departments.find((d) => d.id === recipient.department);
  return found?.name ?? "";
}

/** How the sound stands as a whole: it is up only when both sides say so. */
export function soundOf(desk: Desk): Desk["sound"] {
  return desk.sound === "up" && !desk.soundThere ? "starting" : desk.sound;
}

/** Whether the operator may choose another state now. */
export function mayChoose(desk: Desk): boolean {
  return desk.link === "open" && desk.state !== "on_call" && desk.state !== "offered" && desk.state !== null;
}
