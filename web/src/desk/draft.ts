import type { Recipient } from "../api/types";
import type { Typed } from "./questions";
import type { CallCard } from "./wire";

/** A message as far as it is written. Its id is chosen here, so that sending it twice stores it once. */
export interface Draft {
  id: string;
  recipient: Recipient | null;
  caller_name: string;
  caller_phone: string;
  text: string;
  /** Answers to «Вопросы сценария», by the question's id. */
  answers: Typed;
  /** It can't wait. */
  urgent: boolean;
  /** When it was last touched, in milliseconds. */
  at: number;
}

type Shelf = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

const PREFIX = "telefonistka.draft.";
const KEEP_MS = 24 * 60 * 60 * 1000;

/** A fresh draft with what is known of the caller. */
export function begin(call: CallCard, id: string, now: number): Draft {
  return {
    id,
    recipient: call.default_recipient ?? null,
    caller_name: call.caller_name,
    caller_phone: call.caller_phone_shown || call.caller_phone,
    text: "",
    answers: {},
    urgent: false,
    at: now,
  };
}

/** The draft of a call that was kept, where there is one. */
export function kept(shelf: Shelf, call: string): Draft | null {
  try {
    const text = shelf.getItem(PREFIX + call);
    // A draft of before there were questions has no answers.
    return text ? { answers: {}, ...(JSON.parse(text) as Omit<Draft, "answers">) } : null;
  } catch {
    return null;
  }
}

/** Keeps a draft, so that a reload loses nothing. */
export function keep(shelf: Shelf, call: string, draft: Draft) {
  shelf.setItem(PREFIX + call, JSON.stringify(draft));
}

/** Forgets the draft of a call: its message was sent. */
export function forget(shelf: Shelf, call: string) {
  shelf.removeItem(PREFIX + call);
}

/** Forgets the drafts of yesterday: callers' words don't stay in a browser for ever. */
export function prune(shelf: Shelf, now: number) {
  const keys = Array.from({ length: shelf.length }, (_, i) => shelf.key(i)).filter(
    (key): key is string => key?.startsWith(PREFIX) ?? false,
  );
  for (const key of keys) {
    const draft = kept(shelf, key.slice(PREFIX.length));
    if (!draft || now - draft.at > KEEP_MS) shelf.removeItem(key);
  }
}
