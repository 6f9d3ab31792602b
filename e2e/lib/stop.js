// What is started is stopped: at the story's end in good order, and where the
// story dies before, whatever of, by the reaper, which outlives it.

import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';

/** @typedef {import('node:child_process').ChildProcess} ChildProcess */
/** @typedef {'group' | 'asterisk' | 'folder'} Kind */

const here = fileURLToPath(new URL('.', import.meta.url));

/** Where Asterisk is installed. */
export const pbxFolder = resolve(process.env.TELEFONISTKA_PBX_DIR ?? join(here, '../.pbx'));

/** @type {import('node:stream').Writable | undefined} */
let reaper;

/**
 * Leaves something to the reaper.
 * @param {Kind} kind
 * @param {string | number | undefined} name
 * @returns {() => void} takes it back: it was stopped
 */
export function leave(kind, name) {
  if (!reaper) {
    const child = spawn(join(here, 'reaper.sh'), [pbxFolder], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
    child.unref();
    reaper = child.stdin;
    /** @type {import('node:net').Socket} */ (child.stdin).unref();
  }
  reaper.write(`+${kind} ${name}\n`);
  return () => reaper?.write(`-${kind} ${name}\n`);
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
  child.once('exit', leave('group', child.pid));
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
