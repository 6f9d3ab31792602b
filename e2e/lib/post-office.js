// Real mail servers: Exim, which letters leave through, are passed on by and
// come back from, and Dovecot, which gives out what lies in the mailboxes.

import { execFileSync } from 'node:child_process';
import { chownSync, closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { ImapFlow } from 'imapflow';
import { simpleParser } from 'mailparser';

import { certificates } from './certificates.js';
import { login } from './mail.js';
import { e2e, freePort, temporaryFolder } from './place.js';
import { spawnGroup, stopAfter, stopGroup } from './stop.js';
import { until } from './wait.js';

const installed = process.env.TELEFONISTKA_MAIL_DIR ?? join(e2e, '.mail');
const root = join(installed, 'root');

/** The mailboxes that there are; letters to any other come back. */
const boxes = ['messages', 'director', 'anna', 'boris', 'bounces'];

/** @typedef {import('mailparser').ParsedMail} Letter */

export class PostOffice {
  /**
   * @param {string} folder
   * @param {string} authority file of the certificate that its own is signed with
   * @param {{ submission: number, mx: number, imap: number, imaps: number }} ports
   */
  constructor(folder, authority, ports) {
    this.folder = folder;
    this.authority = authority;
    this.ports = ports;
    /** Where letters leave through. */
    this.port = ports.submission;
  }

  static async start() {
    if (!existsSync(join(installed, 'installed'))) {
      throw new Error(`no mail servers are in ${installed}: run 'scripts/setup.sh mail' first`);
    }
    const folder = temporaryFolder();
    const { authority } = certificates(folder);
    const ports = { submission: await freePort(), mx: await freePort(), imap: await freePort(), imaps: await freePort() };
    const office = new PostOffice(folder, authority, ports);
    office.#prepare();
    const exim = ['-C', join(folder, 'exim.conf'), '-bdf', '-q2s'];
    office.#run(join(root, 'usr/sbin/exim4'), exim);
    // It would look for its configuration's reader in one place of the machine.
    const dovecot = ['-c', join(folder, 'dovecot.conf'), '-m', 'master', '-e', join(root, 'usr/sbin/dovecot'), '-F', '-c', join(folder, 'dovecot.conf')];
    office.#run(join(root, 'usr/bin/doveconf'), dovecot);
    for (const port of Object.values(ports)) {
      await until('the mail servers take connections', () => answers(port)).catch((error) => { throw new Error(`${error.message}\n${office.log()}`); });
    }
    return office;
  }

  #prepare() {
    const { uid, gid } = user();
    const name = (/** @type {string[]} */ ...args) => execFileSync('id', args, { encoding: 'utf8', ...user() }).trim();
    const at = (/** @type {string} */ name) => join(this.folder, name);
    for (const name of ['spool', 'log', 'mail', 'dovecot', 'dovecot/login', 'dovecot/state']) mkdirSync(at(name));
    for (const name of ['dovecot', 'dovecot/login']) symlinkSync(join(root, 'usr/lib/dovecot/modules'), at(`${name}/modules`));
    /** @type {Record<string, string | number>} */
    const words = {
      ROOT: root, FOLDER: this.folder, UID: uid, GID: gid, WHO: name('-un'), GROUP: name('-gn'), USER: login.user, PASSWORD: login.password,
      SUBMISSION: this.ports.submission, MX: this.ports.mx, IMAP: this.ports.imap, IMAPS: this.ports.imaps,
    };
    for (const name of ['exim.conf', 'dovecot.conf']) {
      const text = readFileSync(join(e2e, 'mail', name), 'utf8');
      writeFileSync(at(name), text.replace(/@([A-Z]+)@/g, (_, word) => String(words[word])));
    }
    writeFileSync(at('boxes'), boxes.map((box) => `${box}: ${box}\n`).join(''));
    // Exim looks for the user that its package would have made.
    writeFileSync(at('passwd'), `Debian-exim:x:${uid}:${gid}::/:/bin/false\n`);
    writeFileSync(at('group'), `Debian-exim:x:${gid}:\n`);
    own(this.folder, uid, gid);
  }

  /** @param {string} program @param {string[]} args */
  #run(program, args) {
    const said = openSync(join(this.folder, 'log/said'), 'a');
    const child = spawnGroup(program, args, {
      ...user(),
      cwd: this.folder,
      stdio: ['ignore', said, said],
      env: {
        PATH: process.env.PATH,
        LD_LIBRARY_PATH: readFileSync(join(installed, 'libraries'), 'utf8').trim(),
        LD_PRELOAD: 'libnss_wrapper.so',
        NSS_WRAPPER_PASSWD: join(this.folder, 'passwd'),
        NSS_WRAPPER_GROUP: join(this.folder, 'group'),
      },
    });
    closeSync(said);
    stopAfter(() => stopGroup(child, 'SIGTERM'));
  }

  /** What the program needs to know of the mailbox that reports come to. @returns {Record<string, string | number>} */
  get bounces() {
    return {
      host: 'localhost', port: this.ports.imap, security: 'starttls', user: 'bounces', password: login.password,
      address: 'bounces@telefonistka.test',
    };
  }

  /** The letters in a mailbox, the oldest first. @param {string} box @returns {Promise<Letter[]>} */
  async letters(box) {
    const client = new ImapFlow({
      host: 'localhost', port: this.ports.imaps, secure: true, auth: { user: box, pass: login.password },
      tls: { ca: readFileSync(this.authority) }, logger: false,
    });
    await client.connect();
    try {
      const lock = await client.getMailboxLock('INBOX', { readOnly: true });
      /** @type {Letter[]} */
      const letters = [];
      for await (const { source } of client.fetch('1:*', { source: true })) letters.push(await simpleParser(source ?? ''));
      lock.release();
      return letters;
    } finally {
      await client.logout();
    }
  }

  /** Waits for a letter in a mailbox. @param {string} box @param {RegExp} subject */
  letterTo(box, subject, withinMs = 60_000) {
    const ours = async () => (await this.letters(box)).findLast((letter) => subject.test(letter.subject ?? ''));
    return until(`a letter to ${box}`, ours, { withinMs, everyMs: 500 });
  }

  /** Lays something into a mailbox. @param {string} box @param {Buffer} content */
  put(box, content) {
    const { uid, gid } = user();
    const folders = ['', 'new', 'cur', 'tmp'].map((name) => join(this.folder, 'mail', box, name));
    folders.forEach((folder) => mkdirSync(folder, { recursive: true }));
    writeFileSync(join(folders[1], `${Date.now()}.put.localhost`), content);
    own(join(this.folder, 'mail', box), uid, gid);
  }

  /** What the servers have logged. */
  log() {
    const folder = join(this.folder, 'log');
    return existsSync(folder) ? readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8')).join('\n') : '';
  }
}

/** Neither runs as root: then as nobody. @returns {{ uid: number, gid: number }} */
function user() {
  const [uid, gid] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
  return uid === 0 ? { uid: 65534, gid: 65534 } : { uid, gid };
}

/** @param {string} folder @param {number} uid @param {number} gid */
function own(folder, uid, gid) {
  if (process.getuid?.() !== 0) return; // then it is theirs already
  chownSync(folder, uid, gid);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) own(path, uid, gid);
    else if (entry.isFile()) chownSync(path, uid, gid);
  }
}

/** @param {number} port @returns {Promise<boolean>} */
function answers(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => { socket.destroy(); resolve(true); });
    socket.once('error', () => resolve(false));
  });
}
