import type { CallRow, MessageRow } from "../api/types";

/** How far a message has come with the company's people. */
export type MessageState = "open" | "accepted" | "closed";

/** A message as a list shows it to the viewer. */
export interface Message extends Omit<MessageRow, "deliveries"> {
  deliveries: Delivery[];
  urgent: boolean;
  state: MessageState;
  /** This viewer has not opened it yet. */
  unread: boolean;
  accepted_by_name?: string | null;
  accepted_at?: string | null;
  closed_by_name?: string | null;
  closed_at?: string | null;
  assignee_name?: string | null;
  /** When the next ones are told of it, should nobody take it on before. */
  next_step_at?: string | null;
}

export type Channel = "cabinet" | "email" | "push" | "webhook";

/** The rungs of the ladder that a delivery climbs. */
export type Rung = "queued" | "sent" | "delivered" | "read" | "accepted" | "closed" | "failed";

/** One way of a message to one addressee. */
export interface Delivery extends Omit<MessageRow["deliveries"][number], "channel" | "state"> {
  channel: Channel;
  state: Rung;
  /** Until when the addressee's quiet hours hold it back. */
  held_until?: string | null;
}

/** What happened to a message. */
export type MessageEvent =
  | { kind: "created"; recipient: string }
  | { kind: "delivery"; delivery: string; channel: Channel; to?: string | null; state: Rung; reason?: string | null }
  | { kind: "bounced"; delivery: string; to?: string | null; reason: string }
  | { kind: "held"; to: string; until: string }
  | { kind: "deputised"; absent: string; deputy: string }
  | { kind: "absent"; absent: string }
  | { kind: "nobody_on_duty"; department: string }
  | { kind: "escalated"; step: number; to: string[] }
  | { kind: "call_asked"; to: string[] }
  | { kind: "administrators"; to: string[] }
  | { kind: "called"; to: string; reached: boolean }
  | { kind: "assigned"; employee: string; to: string }
  | { kind: "comment"; text: string }
  | { kind: "exhausted" | "read" | "accepted" | "released" | "closed" | "reopened" };

export interface StoryRow {
  id: string;
  at: string;
  by?: string | null;
  event: MessageEvent;
}

/** A message whole: with its call and all that happened to it. */
export interface MessageDetails {
  message: Message;
  call: CallRow;
  timeline: StoryRow[];
}

export type Presence = "available" | "busy" | "do_not_disturb";

export interface Quiet {
  /** 1 is Monday. */
  days: number[];
  from: string;
  to: string;
}

export interface Absence {
  from: string;
  to: string;
  deputy?: string | null;
}

/** How somebody can be reached, and when not. */
export interface Reach {
  presence: Presence;
  presence_until?: string | null;
  email: boolean;
  push: boolean;
  quiet: Quiet[];
  urgent_anyway: boolean;
  absence?: Absence | null;
}

export type Summary = "none" | "day" | "week";

export interface Me {
  employee?: { id: string; name: string } | null;
  reach?: Reach | null;
  summary: Summary;
}

export interface Colleague {
  id: string;
  name: string;
  position: string;
  department_name?: string | null;
  extension: string;
  mobile: string;
  presence: Presence;
  presence_until?: string | null;
  /** Until when the employee is away, where that is so now. */
  absent_until?: string | null;
  deputy_name?: string | null;
}

/** Whom a step of «Порядок оповещения» tells. */
export type Target =
  | { kind: "employee"; employee: string }
  | { kind: "department" | "on_duty"; department: string }
  | { kind: "operator_call" };

export interface Step {
  after_minutes: number;
  to: Target;
}

export interface Policy {
  only_urgent: boolean;
  steps: Step[];
}

/** The policy of the company, or of a department that has its own. */
export interface Escalation {
  department?: string | null;
  policy?: Policy | null;
  version: number;
}

export interface Shift {
  employee: string;
  /** 1 is Monday. */
  days: number[];
  from: string;
  to: string;
}

/** Hours of a day in which nobody is on duty; midnight is the day's end. */
export interface Gap {
  day: number;
  from: string;
  to: string;
}

export interface Rota {
  shifts: Shift[];
  gaps: Gap[];
  version: number;
}

/** A call that operators owe: the message is read to somebody whom nothing else reached. */
export interface Task {
  id: string;
  company_name: string;
  employee_name: string;
  extension: string;
  mobile: string;
  message_id: string;
  recipient_name: string;
  caller_name: string;
  caller_phone_shown: string;
  text: string;
  urgent: boolean;
  created_at: string;
  due_at: string;
  attempts: number;
  state: "open" | "reached" | "given_up" | "needless";
  taken_by_other: boolean;
}

export type TaskOutcome = "reached" | "accepted" | "no_answer";
