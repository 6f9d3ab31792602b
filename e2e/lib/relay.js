// The network between a browser and the server, which can be cut and mended, or lets no UDP through.

import { createSocket } from 'node:dgram';
import { connect, createServer } from 'node:net';

import { stopAfter } from './stop.js';

export class Relay {
  #open = true;
  /** @type {(() => void)[]} */
  #ends = [];
  /** @type {Set<import('node:net').Socket>} */
  #streams = new Set();

  /**
   * @param {string} outside the address that browsers come to
   * @param {string} inside the server's
   * @param {boolean} udp whether UDP is let through
   */
  constructor(outside, inside, udp) {
    this.outside = outside;
    this.inside = inside;
    this.udp = udp;
    stopAfter(() => this.#ends.forEach((end) => end()));
  }

  /** Passes a port on, for TCP and UDP. @param {number} port */
  async port(port) {
    const server = createServer((from) => {
      const to = connect(port, this.inside);
      for (const [one, other] of [[from, to], [to, from]]) {
        this.#streams.add(one);
        one.on('data', (data) => other.write(data));
        one.on('error', () => {});
        one.on('close', () => {
          this.#streams.delete(one);
          other.destroy();
        });
        if (!this.#open) one.pause();
      }
    });
    await new Promise((resolve, reject) => server.once('error', reject).listen(port, this.outside, () => resolve(null)));
    this.#ends.push(() => {
      server.close();
      this.#streams.forEach((stream) => stream.destroy());
    });

    const socket = createSocket('udp4');
    /** @type {Map<string, import('node:dgram').Socket>} */
    const behind = new Map();
    socket.on('message', (data, from) => {
      if (!this.#open || !this.udp) return;
      const key = `${from.address}:${from.port}`;
      let own = behind.get(key);
      if (!own) {
        own = createSocket('udp4');
        own.on('message', (answer) => {
          if (this.#open) socket.send(answer, from.port, from.address);
        });
        behind.set(key, own);
      }
      own.send(data, port, this.inside);
    });
    await new Promise((resolve, reject) => socket.once('error', reject).bind(port, this.outside, () => resolve(null)));
    this.#ends.push(() => {
      socket.close();
      behind.forEach((own) => own.close());
    });
  }

  /** Nothing goes through any more, and nobody is told. */
  cut() {
    this.#open = false;
    this.#streams.forEach((stream) => stream.pause());
  }

  mend() {
    this.#open = true;
    this.#streams.forEach((stream) => stream.resume());
  }
}
