import { useSyncExternalStore } from "react";
import { Problem } from "../../api/problem";

let away = typeof navigator !== "undefined" && !navigator.onLine;
const listeners = new Set<() => void>();

/** Notes whether the server was reached. */
export function reached(yes: boolean) {
  if (away === !yes) return;
  away = !yes;
  for (const listener of listeners) listener();
}

/** Whether the server could not be reached when it was last asked. */
export function isAway(): boolean {
  return away;
}

/** Tells when the server is lost, and when it is back. */
export function onConnection(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether the server can't be reached at the moment. */
export function useAway(): boolean {
  return useSyncExternalStore(onConnection, isAway);
}

/** Whether a request never reached the server. */
export function isUnreached(error: unknown): boolean {
  return error instanceof Problem && error.status === 0;
}

/**
 * Asks the server; where it is not reached, what is kept from earlier.
 * @throws what the server refused with, or that it was not reached where nothing is kept
 */
export async function orKept<T>(ask: () => Promise<T>, kept: () => Promise<T | undefined>): Promise<T> {
  try {
    const answer = await ask();
    reached(true);
    return answer;
  } catch (error) {
    if (!isUnreached(error)) throw error;
    reached(false);
    const before = await kept();
    if (before === undefined) throw error;
    return before;
  }
}
