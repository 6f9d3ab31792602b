import type { MessageRow } from "../api/types";

/** How far a message has come with the company's people. */
export type MessageState = "open" | "accepted" | "closed";

/** A message as a list shows it to the viewer. */
export interface Message extends Omit<MessageRow, "deliveries"> {
  deliveries: Delivery[];
  urgent: boolean;
  state: MessageState;
  /** This viewer has not opened it yet. */
  unread: boolean;
  accepted_by?: string | null;
  accepted_by_name?: string | null;
  accepted_at?: string | null;
  closed_by_name?: string | null;
  closed_at?: string | null;
  assignee_name?: string | null;
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
  at: string;
  by?: string | null;
  event: MessageEvent;
}

/** A message whole: with its call and all that happened to it. */
export interface MessageDetails {
  message: Message;
  call: {
    id: string;
    arrived_at: string;
    line_name: string;
    recording: "none" | "in_progress" | "ready" | "cut_off";
    recording_ms: number;
  };
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
  absent: boolean;
}
