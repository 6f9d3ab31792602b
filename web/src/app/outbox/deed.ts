import type { Message } from "../../message/contract";

/** What somebody does with a message. */
export type Deed =
  | { kind: "read" | "accept" | "release" | "close" | "reopen" }
  | { kind: "comment"; id: string; text: string }
  | { kind: "assign"; employee: string; name: string };

/** A deed that waits to be carried out. Its name puts it in order. */
export interface Entry {
  n: string;
  at: string;
  message: string;
  deed: Deed;
  /** It is on its way: whether it arrived is not known yet. */
  sending?: boolean;
}

/** A deed that the server did not take, as it is told to the person. */
export interface Refusal {
  entry: Entry;
  /** `conflict`: somebody else was quicker. `gone`: the message is not there any more. */
  why: "conflict" | "gone" | "other";
  /** The server's sentence. */
  sentence: string;
}

/** Deeds that undo each other. */
const OPPOSITE: Partial<Record<Deed["kind"], Deed["kind"]>> = {
  accept: "release",
  release: "accept",
  close: "reopen",
  reopen: "close",
};

/** At most so many wait; nobody does more on a journey. */
export const WAITING_MAX = 500;

/** The entries with one more: said twice it stands once, and what undoes a waiting one takes it away. */
export function queued(entries: readonly Entry[], entry: Entry): Entry[] {
  const { kind } = entry.deed;
  const last = entries.findLast(
    ({ message, deed }) => message === entry.message && (deed.kind === kind || deed.kind === OPPOSITE[kind]),
  );
  if (last?.deed.kind === kind && kind !== "comment" && kind !== "assign") return [...entries];
  if (last && OPPOSITE[kind] === last.deed.kind && !last.sending) {
    return entries.filter(({ n }) => n !== last.n);
  }
  return [...entries, entry].slice(-WAITING_MAX);
}

/** Names of entries, in the order in which they were made. */
export function nameAfter(entries: readonly Entry[], now: number): string {
  const last = entries.reduce((most, { n }) => Math.max(most, Number(n)), 0);
  return String(Math.max(now, last + 1)).padStart(16, "0");
}

/** A message as it will be once the deeds are carried out. */
export function applied(message: Message, entries: readonly Entry[], me: string): Message {
  return entries
    .filter((entry) => entry.message === message.id)
    .reduce<Message>((before, { deed, at }) => {
      switch (deed.kind) {
        case "read":
          return { ...before, unread: false };
        case "accept":
          return { ...before, unread: false, state: "accepted", accepted_by_name: me, accepted_at: at };
        case "release":
        case "reopen":
          // It waits for anybody again, as when it came.
          return {
            ...before,
            state: "open",
            accepted_by_name: null,
            accepted_at: null,
            closed_by_name: null,
            closed_at: null,
          };
        case "close":
          return { ...before, unread: false, state: "closed", closed_by_name: me, closed_at: at };
        case "assign":
          return { ...before, assignee_name: deed.name };
        case "comment":
          return before;
      }
    }, message);
}
