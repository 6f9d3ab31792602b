// An Asterisk out of e2e/asterisk: the customer's PBX, or the telephone provider.

import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { e2e, freePort, freeRange, results, temporaryFolder } from './place.js';
import { leave, pbxFolder, stopAfter } from './stop.js';
import { until } from './wait.js';

const script = join(e2e, 'asterisk/asterisk');
const run = promisify(execFile);

/**
 * @typedef {object} Options
 * @property {string} [name] what it is, for its log's name
 * @property {string} [bind] loopback address
 * @property {number} [noAnswer] seconds that the employees' telephones ring
 * @property {string} [trunk] loopback address of the provider
 * @property {string} [mobile] where calls to outside numbers go
 * @property {number} [port] its own for SIP, where that has to be known before
 * @property {string} [extra] folder with more configuration
 */

export class Asterisk {
  /** @type {() => void} */
  #stopped = () => {};

  /**
   * @param {Options} options
   * @param {string} state
   * @param {number} port
   * @param {[number, number]} rtp
   */
  constructor(options, state, port, rtp) {
    this.options = options;
    this.state = state;
    this.port = port;
    this.rtp = rtp;
    this.bind = options.bind ?? '127.0.0.1';
  }

  /** @param {Options} [options] */
  static async start(options = {}) {
    const bind = options.bind ?? '127.0.0.1';
    const asterisk = new Asterisk(options, temporaryFolder(), options.port ?? await freePort(bind), await freeRange(100, bind));
    stopAfter(() => asterisk.close());
    await asterisk.up();
    return asterisk;
  }

  /** Starts it with the same ports and folders as before. */
  async up() {
    const { bind, noAnswer, trunk, mobile, extra } = { noAnswer: 3, trunk: '127.0.0.9', ...this.options };
    this.#stopped = leave('asterisk', this.state);
    await run(script, [
      'start', pbxFolder, '--state', this.state, '--sip-port', String(this.port),
      '--rtp-ports', this.rtp.join('-'), '--bind', bind ?? '127.0.0.1',
      '--no-answer', String(noAnswer), '--trunk', trunk, ...(mobile ? ['--mobile', mobile] : []), ...(extra ? ['--extra', extra] : []),
    ]);
  }

  /** Stops it; `up` starts it again. */
  async down() {
    await run(script, ['stop', pbxFolder, '--state', this.state]);
    this.#stopped();
  }

  /** Loses, while it is down, who was registered. */
  forget() {
    rmSync(join(this.state, 'lib/astdb.sqlite3'), { force: true });
  }

  /** Stops it for good and keeps its log. */
  async close() {
    await this.down();
    const log = join(this.state, 'log/messages.log');
    if (existsSync(log)) copyFileSync(log, join(results, `${this.options.name ?? 'pbx'}.log`));
  }

  /** @param {string[]} command of Asterisk's console */
  async cli(...command) {
    const { stdout } = await run(script, ['cli', pbxFolder, '--state', this.state, ...command]);
    return stdout;
  }

  /** What it has logged so far. */
  log() {
    return readFileSync(join(this.state, 'log/messages.log'), 'utf8');
  }

  /** How many calls run. */
  async channels() {
    return Number(/(\d+) active channel/.exec(await this.cli('core', 'show', 'channels', 'count'))?.[1]);
  }

  /**
   * Where the extension is registered from; undefined where it is not.
   * @param {string} extension
   * @returns {Promise<string | undefined>}
   */
  async contact(extension) {
    const said = await this.cli('pjsip', 'show', 'contacts');
    return new RegExp(`Contact: +${extension}/(\\S+)`).exec(said)?.[1];
  }

  /**
   * Waits for words in the log.
   * @param {RegExp} words
   * @param {number} withinMs
   */
  async says(words, withinMs = 15_000) {
    return until(`${this.options.name ?? 'the PBX'} says ${words}`, () => words.exec(this.log()), { withinMs });
  }
}
