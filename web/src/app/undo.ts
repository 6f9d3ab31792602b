import { useSyncExternalStore } from "react";
import type { Deed } from "./outbox/deed";

/** What is told at the bottom for a while: what was just done and what takes it back, or what went wrong. */
export type Note =
  | { is: "done"; message: string; done: Deed["kind"]; back: Deed[] }
  | { is: "fault"; words: string };

/** Long enough to see and to reach it. */
const SHOWN_MS = 8000;

let note: Note | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

function show(next: Note | null) {
  clearTimeout(timer);
  note = next;
  if (next) timer = setTimeout(show, SHOWN_MS, null);
  for (const listener of listeners) listener();
}

/** Offers to take back what was just done. */
export function offerUndo(undo: { message: string; done: Deed["kind"]; back: Deed[] }) {
  show({ is: "done", ...undo });
}

/** Tells what went wrong where no field stands beside it. */
export function tellFault(words: string) {
  show({ is: "fault", words });
}

/** It was read, or used. */
export function dismissNote() {
  show(null);
}

/** What is told at the moment. */
export function useNote(): Note | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => note,
  );
}
