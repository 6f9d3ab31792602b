// The network between a browser and the server: it can be cut and mended, lets
// no UDP through, or is changed for another one.

import { createSocket } from 'node:dgram';
import { connect, createServer } from 'node:net';

import { stopAfter } from './stop.js';

/** @typedef {import('node:net').Socket} Stream */

export class Relay {
  #open = true;
  /** The address that the server sees the browser at. */
  #seen = '127.0.0.1';
  /** @type {(() => void)[]} */
  #ends = [];
  /** The browser's streams, each with its way on to the server. @type {Map<Stream, Stream>} */
  #streams = new Map();
  /** The ways on for datagrams, by the port and who sent them. @type {Map<string, import('node:dgram').Socket>} */
  #behind = new Map();

  /**
   * @param {string} outside the address that browsers come to
   * @param {string} inside the server's
   * @param {boolean} udp whether UDP is let through
   */
  constructor(outside, inside, udp) {
    this.outside = outside;
    this.inside = inside;
    this.udp = udp;
    stopAfter(() => {
      this.#ends.forEach((end) => end());
      this.#streams.forEach((to, from) => [to, from].forEach((it) => it.destroy()));
      this.#behind.forEach((own) => own.close());
    });
  }

  /** Passes a port on, for TCP and UDP. @param {number} port */
  async port(port) {
    const server = createServer((from) => this.#pass(from, connect({ port, host: this.inside, localAddress: this.#seen })));
    await new Promise((resolve, reject) => server.once('error', reject).listen(port, this.outside, () => resolve(null)));
    this.#ends.push(() => server.close());

    const socket = createSocket('udp4');
    socket.on('message', (data, { address, port: sender }) => {
      if (!this.#open || !this.udp) return;
      const key = `${port} ${address}:${sender}`;
      let own = this.#behind.get(key);
      if (!own) {
        own = createSocket('udp4').bind(0, this.#seen);
        own.on('message', (answer) => {
          if (this.#open) socket.send(answer, sender, address);
        });
        this.#behind.set(key, own);
      }
      own.send(data, port, this.inside);
    });
    await new Promise((resolve, reject) => socket.once('error', reject).bind(port, this.outside, () => resolve(null)));
    this.#ends.push(() => socket.close());
  }

  /** @param {Stream} from @param {Stream} to */
  #pass(from, to) {
    this.#streams.set(from, to);
    for (const [one, other] of [[from, to], [to, from]]) {
      one.on('data', (data) => other.write(data));
      one.on('error', () => {});
      one.on('close', () => {
        // Where the network was changed meanwhile the server isn't told.
        if (this.#streams.delete(from) || one === to) other.destroy();
      });
      if (!this.#open) one.pause();
    }
  }

  /** Nothing goes through any more, and nobody is told. */
  cut() {
    this.#open = false;
    this.#streams.forEach((to, from) => [to, from].forEach((it) => it.pause()));
  }

  mend() {
    this.#open = true;
    this.#streams.forEach((to, from) => [to, from].forEach((it) => it.resume()));
  }

  /**
   * The browser goes over to another network: it is seen at another address from
   * now on. Its streams break, and the server isn't told of it; or they lead
   * through a proxy, and only datagrams come from elsewhere.
   * @param {string} address
   * @param {{ proxy?: boolean }} [options]
   */
  move(address, { proxy = false } = {}) {
    this.#seen = address;
    this.#behind.forEach((own) => own.close());
    this.#behind.clear();
    if (proxy) return;
    const streams = this.#streams;
    this.#streams = new Map();
    this.#ends.push(() => streams.forEach((to) => to.destroy()));
    streams.forEach((to, from) => {
      to.pause();
      from.destroy();
    });
  }
}
