// Waiting for something to become true.

import { setTimeout as pause } from 'node:timers/promises';

/** Waiting any longer is in vain. */
export class InVain extends Error {}


/**
 * Looks again and again until there is something.
 * @template T
 * @param {string} what what is waited for, for the error's text
 * @param {() => T | Promise<T>} look
 * @param {{ withinMs?: number, everyMs?: number }} [options]
 * @returns {Promise<NonNullable<T>>}
 */
export async function until(what, look, { withinMs = 30_000, everyMs = 50 } = {}) {
  const deadline = Date.now() + withinMs;
  /** @type {unknown} */
  let last;
  for (;;) {
    try {
      const found = await look();
      if (found) return /** @type {NonNullable<T>} */ (found);
      last = found;
    } catch (error) {
      if (error instanceof InVain) throw error;
      last = error;
    }
    if (Date.now() > deadline) {
      const detail = last instanceof Error ? `: ${last.message}` : '';
      throw new Error(`not within ${withinMs} ms: ${what}${detail}`);
    }
    await pause(everyMs);
  }
}

/**
 * Lets a call go on for a while: what is said takes its time.
 * @param {number} ms
 */
export const goOn = (ms) => pause(ms);
