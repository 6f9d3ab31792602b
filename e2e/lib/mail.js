// A real mail server: it demands STARTTLS and a login, and keeps the letters.

import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

import { certificates } from './certificates.js';
import { freePort, temporaryFolder } from './place.js';
import { stopAfter } from './stop.js';
import { until } from './wait.js';

/** @typedef {{ to: string[], subject: string, text: string, html: string, messageId: string }} Letter */

export const login = { user: 'messages@telefonistka.test', password: 'mail-Pa55word' };

export class MailServer {
  /** @type {Letter[]} */
  letters = [];
  /** How many deliveries are still to be put off with a 451. */
  putOff = 0;

  /**
   * @param {number} port
   * @param {string} authority file of the certificate that its own is signed with
   */
  constructor(port, authority) {
    this.port = port;
    this.authority = authority;
  }

  static async start() {
    const { key, cert, authority } = certificates(temporaryFolder());
    const mail = new MailServer(await freePort(), authority);
    const server = new SMTPServer({
      key,
      cert,
      allowInsecureAuth: false,
      authOptional: false,
      onAuth(auth, session, done) {
        const right = auth.username === login.user && auth.password === login.password;
        done(right ? null : new Error('wrong login'), right ? { user: auth.username } : undefined);
      },
      onData(stream, session, done) {
        mail.#take(stream, session).then(() => done(), done);
      },
    });
    server.on('error', () => {}); // a client that went away in mid-session
    await new Promise((resolve) => server.listen(mail.port, '127.0.0.1', () => resolve(null)));
    stopAfter(() => new Promise((resolve) => server.close(() => resolve(null))));
    return mail;
  }

  /**
   * @param {import('stream').Readable} stream
   * @param {import('smtp-server').SMTPServerSession} session
   */
  async #take(stream, session) {
    const letter = await simpleParser(stream);
    if (this.putOff > 0) {
      this.putOff--;
      throw Object.assign(new Error('4.3.0 come back later'), { responseCode: 451 });
    }
    this.letters.push({
      to: session.envelope.rcptTo.map((it) => it.address),
      subject: letter.subject ?? '',
      text: letter.text ?? '',
      html: letter.html || '',
      messageId: letter.messageId ?? '',
    });
  }

  /** Letters that bring messages; others are about somebody's sign-in. */
  get messages() {
    return this.letters.filter((letter) => /^(СРОЧНО: с|С)ообщение: |^(URGENT: m|M)essage: /.test(letter.subject));
  }

  /** Waits for a letter to somebody, the latest there is. @param {string} address @param {RegExp} subject */
  letterTo(address, subject = /./) {
    const ours = () => this.letters.findLast((letter) => letter.to.includes(address) && subject.test(letter.subject));
    return until(`a letter to ${address}`, ours);
  }

  /** Waits for a letter that brings a message to somebody. @param {string} address */
  messageTo(address, withinMs = 30_000) {
    const ours = () => this.messages.find((letter) => letter.to.includes(address));
    return until(`a message to ${address}`, ours, { withinMs });
  }
}

/** The first address that stands in a letter. @param {string} text */
export const address = (text) => /https?:\/\/\S+/.exec(text)?.[0] ?? '';

/** What a letter says to sign in with, in either language. @param {string} text */
export function told(text) {
  const word = (/** @type {RegExp} */ what) => what.exec(text)?.[1] ?? '';
  return { login: word(/(?:Логин|Login): +(\S+)/), password: word(/(?:Пароль|Password): +(\S+)/) };
}
