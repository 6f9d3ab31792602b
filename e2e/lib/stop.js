// What is started is stopped, whatever happens: at the story's end, or when
// this process ends for another reason.

import { spawn } from 'node:child_process';
import { after } from 'node:test';

/** @typedef {import('node:child_process').ChildProcess} ChildProcess */

/** @type {Set<() => void>} what is left to end by force */
const running = new Set();

process.on('exit', () => running.forEach((end) => end()));
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => process.exit(1));
}

/**
 * Ends something by force when this process ends, unless it was stopped before.
 * @param {() => void} end must work at once, without waiting for anything
 * @returns {() => void} says that it was stopped
 */
export function endAtExit(end) {
  running.add(end);
  return () => running.delete(end);
}

/**
 * Stops something at the end of the test file, the latest started first.
 * @param {() => Promise<unknown> | unknown} stop
 */
export function stopAfter(stop) {
  if (stops.length === 0) after(stopAll);
  stops.push(stop);
}

/** @type {(() => Promise<unknown> | unknown)[]} */
const stops = [];

async function stopAll() {
  /** @type {unknown[]} */
  const errors = [];
  for (const stop of stops.splice(0).reverse()) {
    try {
      await stop();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}

/**
 * A child in a process group of its own, so that its own children end with it.
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {ChildProcess}
 */
export function spawnGroup(command, args, options = {}) {
  const child = spawn(command, args, { ...options, detached: true });
  const stopped = endAtExit(() => signalGroup(child, 'SIGKILL'));
  child.once('exit', stopped);
  return child;
}

/**
 * Sends a signal to the child's whole group.
 * @param {ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
export function signalGroup(child, signal) {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // it has ended already
  }
}

/**
 * Waits for the child's end.
 * @param {ChildProcess} child
 * @returns {Promise<number | null>} its exit code
 */
export function ended(child) {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => child.once('exit', (code) => resolve(code)));
}

/**
 * Asks the child to stop, and ends it by force where it does not.
 * @param {ChildProcess} child
 * @param {NodeJS.Signals} signal
 * @param {number} patienceMs
 */
export async function stopGroup(child, signal = 'SIGTERM', patienceMs = 10_000) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  signalGroup(child, signal);
  const force = setTimeout(() => signalGroup(child, 'SIGKILL'), patienceMs);
  await ended(child);
  clearTimeout(force);
}
