// Somebody signed in over HTTP, without a browser.

import { until } from './wait.js';

export class Session {
  /** @type {Map<string, string>} */
  #cookies = new Map();
  #csrf = '';

  /** @param {string} url of the server */
  constructor(url) {
    this.url = url;
  }

  /**
   * Signs in; with a password that somebody else set, chooses a new one first.
   * @param {string} url
   * @param {{ login: string, password: string, next?: string }} who
   * @returns {Promise<Session>}
   */
  static async signIn(url, { login, password, next = password }) {
    const session = new Session(url);
    const { csrf, user } = await session.post('/api/session', { login, password });
    session.#csrf = csrf;
    if (user.must_change_password) {
      await session.put('/api/session/password', { current: password, new: next });
      return Session.signIn(url, { login, password: next });
    }
    return session;
  }

  /** @param {string} path */
  get(path) {
    return this.#ask('GET', path);
  }

  /** @param {string} path @param {unknown} [body] */
  post(path, body) {
    return this.#ask('POST', path, body);
  }

  /** @param {string} path @param {unknown} body */
  put(path, body) {
    return this.#ask('PUT', path, body);
  }

  /** A file. @param {string} path @returns {Promise<Buffer>} */
  async file(path) {
    const response = await this.send('GET', path);
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
    return Buffer.from(await response.arrayBuffer());
  }

  /** The call that stands first on «Главная», once it is as wanted. @param {(call: any) => unknown} wanted */
  call(wanted, withinMs = 15_000) {
    const look = async () => (await this.get('/api/calls?limit=1')).items.find(wanted);
    return until('the call stands on the list as wanted', look, { withinMs });
  }

  /** @param {string} method @param {string} path @param {unknown} [body] @returns {Promise<any>} */
  async #ask(method, path, body) {
    const response = await this.send(method, path, body);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }

  /** What a request needs to be taken for this session's. */
  headers() {
    return {
      ...(this.#cookies.size > 0 && { cookie: [...this.#cookies].map((pair) => pair.join('=')).join('; ') }),
      ...(this.#csrf && { 'x-csrf-token': this.#csrf }),
    };
  }

  /** @param {string} method @param {string} path @param {unknown} [body] */
  async send(method, path, body) {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...this.headers(),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        'accept-language': 'ru',
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [name, value] = cookie.split(';')[0].split('=');
      this.#cookies.set(name, value);
    }
    return response;
  }
}
