// The program itself, as it is shipped, with a configuration for one story.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { binary, freePort, freeRange, results, temporaryFolder } from './place.js';
import { ended, signalGroup, spawnGroup, stopAfter, stopGroup } from './stop.js';
import { InVain, until } from './wait.js';
import { login } from './mail.js';

const execute = promisify(execFile);

/** @typedef {{ port: number, authority: string }} Mail a mail server, and the file of the certificate that vouches for it */
/** @typedef {Record<string, Record<string, string | number | string[]>>} Settings sections of the configuration */

export class Server {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  process;

  /**
   * @param {string} folder
   * @param {string} url
   * @param {NodeJS.ProcessEnv} environment
   */
  constructor(folder, url, environment) {
    this.folder = folder;
    this.url = url;
    this.environment = environment;
    this.config = join(folder, 'telefonistka.toml');
    /** The address that browsers come to. */
    this.outside = url;
    /** The ports that they come to: the pages', and the sound's. @type {number[]} */
    this.ports = [];
    this.logFile = join(results, 'server.log');
  }

  /**
   * @param {{ mail?: Mail, settings?: Settings, outside?: string }} [options] `outside` is the address that
   *   browsers come to, where a network lies between
   */
  static async start({ mail, settings = {}, outside } = {}) {
    const folder = temporaryFolder();
    const local = '127.0.0.1';
    const [web, sound] = [await freePort(), await freePort()];
    const http = `${local}:${web}`;
    const public_url = `http://${outside ?? local}:${web}`;
    /** @type {Settings} */
    const all = {
      http: { listen: http, public_url },
      sip: { listen: `${local}:${await freePort()}`, allowed_networks: ['127.0.0.0/8'] },
      rtp: { listen: local, ports: (await freeRange(40)).join('-') },
      browser: { listen: `${local}:${sound}`, addresses: [outside ?? local] },
      log: { level: 'debug' },
    };
    if (mail) {
      all.smtp = {
        host: 'localhost', port: mail.port, security: 'starttls', user: login.user, password: login.password,
        from: 'Телефонистка <messages@telefonistka.test>',
      };
    }
    for (const [section, keys] of Object.entries(settings)) all[section] = { ...all[section], ...keys };
    const environment = { ...process.env, RUST_BACKTRACE: '1', ...(mail && { SSL_CERT_FILE: mail.authority }) };
    const server = new Server(folder, `http://${http}`, environment);
    server.outside = public_url;
    server.ports = [web, sound];
    writeFileSync(server.config, toml(all));
    stopAfter(() => server.stop());
    await server.up();
    return server;
  }

  /** Starts it, again with the same data where it ran before. */
  async up() {
    if (!existsSync(binary)) throw new Error(`there is no ${binary}: run 'make build' first`);
    const log = openSync(this.logFile, 'a');
    this.process = spawnGroup(binary, ['serve', '--config', this.config], {
      env: this.environment,
      cwd: this.folder,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    const started = this.process;
    await until('the server is ready', async () => {
      if (started.exitCode !== null) throw new InVain(`the server ended with ${started.exitCode}: ${this.lastLog()}`);
      return (await fetch(`${this.url}/readyz`)).ok;
    });
  }

  /** SIGTERM, and its end. @returns {Promise<void>} */
  async stop() {
    if (this.process) await stopGroup(this.process, 'SIGTERM', 15_000);
  }

  /** SIGTERM alone. */
  leave() {
    if (this.process) signalGroup(this.process, 'SIGTERM');
  }

  /** Waits until it has left by itself. @returns {Promise<number | null>} its exit code */
  async left() {
    return this.process ? ended(this.process) : null;
  }

  /** `kill -9`. */
  async kill() {
    if (!this.process) return;
    signalGroup(this.process, 'SIGKILL');
    await ended(this.process);
  }

  /**
   * Runs another of the program's commands; it may write letters to this very process's mail server.
   * @param {string[]} args
   * @returns {Promise<string>} what it printed
   */
  async command(...args) {
    const { stdout } = await execute(binary, args, { env: this.environment, cwd: this.folder });
    return stdout;
  }

  /** Everything it has logged. */
  log() {
    return readFileSync(this.logFile, 'utf8');
  }

  lastLog() {
    return this.log().split('\n').slice(-6).join('\n');
  }
}

/** @param {Settings} sections */
function toml(sections) {
  const value = (/** @type {string | number | string[]} */ it) => JSON.stringify(it);
  return Object.entries(sections)
    .map(([section, keys]) => {
      const lines = Object.entries(keys).map(([key, it]) => `${key} = ${value(it)}\n`);
      return `[${section}]\n${lines.join('')}`;
    })
    .join('\n');
}
