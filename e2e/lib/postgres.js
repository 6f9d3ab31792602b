// A PostgreSQL cluster of its own, on a socket in a temporary folder.

import { execFileSync, spawnSync } from 'node:child_process';
import { chownSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { temporaryFolder } from './place.js';
import { signalGroup, spawnGroup, stopAfter, stopGroup } from './stop.js';
import { until } from './wait.js';

const versions = '/usr/lib/postgresql';

export class Postgres {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #process;

  /** @param {string} folder @param {string} programs @param {{ uid?: number, gid?: number }} as */
  constructor(folder, programs, as) {
    this.folder = folder;
    this.programs = programs;
    this.as = as;
    this.url = `postgres://postgres@localhost/postgres?host=${folder}`;
  }

  static async start() {
    const version = readdirSync(versions).map(Number).filter(Number.isFinite).sort((a, b) => b - a)[0];
    if (!(version >= 15)) throw new Error(`PostgreSQL 15 or newer is expected in ${versions}`);
    const postgres = new Postgres(temporaryFolder(), join(versions, String(version), 'bin'), user());
    const { folder, programs, as } = postgres;
    if (as.uid !== undefined && as.gid !== undefined) chownSync(folder, as.uid, as.gid);
    execFileSync(join(programs, 'initdb'), ['-D', join(folder, 'data'), '-U', 'postgres', '-A', 'trust', '--no-sync'],
      { ...as, stdio: 'pipe', cwd: folder });
    stopAfter(() => postgres.#process && stopGroup(postgres.#process, 'SIGINT'));
    postgres.#process = spawnGroup(join(programs, 'postgres'),
      ['-D', join(folder, 'data'), '-k', folder, '-c', 'listen_addresses='],
      { ...as, stdio: 'ignore', cwd: folder });
    await until('PostgreSQL takes connections', () => postgres.#ready());
    return postgres;
  }

  #ready() {
    return spawnSync(join(this.programs, 'pg_isready'), ['-h', this.folder, '-q']).status === 0;
  }

  /** It stops answering: everybody waits. */
  freeze() {
    if (this.#process) signalGroup(this.#process, 'SIGSTOP');
    for (const pid of this.#backends()) process.kill(pid, 'SIGSTOP');
  }

  /** It answers again. */
  thaw() {
    for (const pid of this.#backends()) process.kill(pid, 'SIGCONT');
    if (this.#process) signalGroup(this.#process, 'SIGCONT');
  }

  /** Its children, which have process groups of their own. */
  #backends() {
    const { stdout } = spawnSync('ps', ['-o', 'pid=', '--ppid', String(this.#process?.pid)], { encoding: 'utf8' });
    return stdout.split('\n').map(Number).filter((pid) => pid > 0);
  }
}

/** PostgreSQL refuses to run as root: then as its package's user. */
function user() {
  if (process.getuid?.() !== 0) return {};
  const id = (/** @type {string} */ flag) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}
