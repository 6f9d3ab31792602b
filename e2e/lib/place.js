// Where things are: the program, the PBX, the voices, a story's own folder.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { createSocket } from 'node:dgram';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { leave, stopAfter } from './stop.js';

export const e2e = fileURLToPath(new URL('..', import.meta.url));
export const repository = resolve(e2e, '..');
export const binary = resolve(
  process.env.TELEFONISTKA_BINARY ??
    join(process.env.CARGO_TARGET_DIR ?? join(repository, 'target'), 'release/telefonistka'),
);

/** The story that runs: its test file's name. */
export const story = basename(process.argv[1] ?? 'story').replace(/\.test\.js$/, '');

/** Logs and screenshots of this run; kept. */
export const results = join(e2e, 'results', story);
mkdirSync(results, { recursive: true });

/**
 * Somebody's voice.
 * @param {'ivan-petrov' | 'olga-smirnova' | 'sergey-orlov' | 'operator-reply'} who
 */
export const voice = (who) => join(repository, 'crates/sim/assets/callers', `${who}.wav`);

/** A folder that goes with the story. Its path is short: sockets stand in it. */
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'tf-'));
  const removed = leave('folder', folder);
  stopAfter(() => {
    rmSync(folder, { recursive: true, force: true });
    removed();
  });
  return folder;
}

/**
 * A port that nobody has, for UDP and TCP alike.
 * @param {string} address
 * @returns {Promise<number>}
 */
export async function freePort(address = '127.0.0.1') {
  for (let tries = 0; tries < 50; tries++) {
    const port = await tcpPort(address);
    if (await udpFree(address, port)) return port;
  }
  throw new Error(`no free port on ${address}`);
}

/**
 * A range of UDP ports of which the first and the last are free.
 * @param {number} size
 * @param {string} address
 * @returns {Promise<[number, number]>}
 */
export async function freeRange(size, address = '127.0.0.1') {
  for (let tries = 0; tries < 50; tries++) {
    // Below what Linux gives to outgoing sockets by itself (32768 and up).
    const first = 10_000 + 2 * Math.floor(Math.random() * ((32_000 - 10_000 - size) / 2));
    const last = first + size - 1;
    if ((await udpFree(address, first)) && (await udpFree(address, last))) return [first, last];
  }
  throw new Error(`no ${size} free ports on ${address}`);
}

/** @param {string} address @returns {Promise<number>} */
function tcpPort(address) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, address, () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });
}

/** @param {string} address @param {number} port @returns {Promise<boolean>} */
function udpFree(address, port) {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => socket.close(() => resolve(false)));
    socket.bind(port, address, () => socket.close(() => resolve(true)));
  });
}
