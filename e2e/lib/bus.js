// A D-Bus session bus for one program, with services of ours on it: what a
// program on a desktop finds there, where the machine has no desktop.
//
// Of the wire format (D-Bus Specification, "Message Protocol") it has what
// desktop programs need: strings, their lists, numbers, and a body read in order.

import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { join } from 'node:path';

import { temporaryFolder } from './place.js';
import { stopAfter } from './stop.js';

const BUS = 'org.freedesktop.DBus';
const KIND = { call: 1, answer: 2, error: 3, signal: 4 };
const FIELD = { path: 1, interface: 2, member: 3, error: 4, answers: 5, to: 6, from: 7, signature: 8 };
/** Of every message, before its fields. */
const FIXED = 16;

/** @typedef {import('node:net').Socket} Socket */
/** @typedef {{ signature: string, values: (string | number | boolean | string[])[] }} Body */
/** @typedef {Record<string, (asked: Reader) => Body | undefined>} Service its methods, by name; what has no answer is refused */

/** What a method answers. @param {string} signature @param {Body['values']} values @returns {Body} */
export const body = (signature = '', ...values) => ({ signature, values });

export class Bus {
  /** Those who are on it: a program may come more than once. @type {Set<Socket>} */
  #programs = new Set();
  #serial = 0;
  #socket = join(temporaryFolder(), 'bus');

  /** @param {Record<string, Service>} services by the name that they have on the bus */
  constructor(services) {
    this.services = services;
    /** What a program finds it by: DBUS_SESSION_BUS_ADDRESS. */
    this.address = `unix:path=${this.#socket}`;
  }

  /** Lets programs in. */
  async up() {
    const server = createServer((program) => this.#admit(program));
    await new Promise((resolve) => server.listen(this.#socket, () => resolve(null)));
    stopAfter(() => {
      server.close();
      this.#programs.forEach((program) => program.destroy());
    });
  }

  /** Tells everybody that something has happened. @param {string} path @param {string} service @param {string} signal @param {Body} what */
  emit(path, service, signal, what) {
    /** @type {[number, string, string][]} */
    const head = [[FIELD.path, 'o', path], [FIELD.interface, 's', service], [FIELD.member, 's', signal], [FIELD.from, 's', service]];
    this.#programs.forEach((program) => this.#send(program, KIND.signal, head, what));
  }

  /** @param {Socket} program */
  #admit(program) {
    let got = Buffer.alloc(0);
    let authenticated = false;
    program.on('error', () => {}); // it was killed
    program.on('close', () => this.#programs.delete(program));
    program.on('data', (data) => {
      got = Buffer.concat([got, data]);
      while (!authenticated) {
        const end = got.indexOf('\r\n');
        if (end < 0) return;
        const line = got.toString('latin1', 0, end).replace('\0', '');
        got = got.subarray(end + 2);
        authenticated = line === 'BEGIN';
        if (authenticated) this.#programs.add(program);
        else program.write(`${admission(line)}\r\n`);
      }
      for (let length = size(got); length <= got.length; length = size(got)) {
        this.#take(program, got.subarray(0, length));
        got = got.subarray(length);
      }
    });
  }

  /** @param {Socket} program @param {Buffer} message */
  #take(program, message) {
    if (message[1] !== KIND.call) return;
    const fields = fieldsOf(message);
    const service = String(fields.get(FIELD.to));
    const methods = service === BUS ? this.#own() : this.services[service];
    const method = methods?.[String(fields.get(FIELD.member))];
    /** @type {[number, string, string | number][]} */
    const head = [[FIELD.answers, 'u', message.readUInt32LE(8)], [FIELD.from, 's', service]];
    const answer = method?.(new Reader(message, align(FIXED + message.readUInt32LE(12), 8)));
    if (answer) this.#send(program, KIND.answer, head, answer);
    else this.#send(program, KIND.error, [...head, [FIELD.error, 's', `${BUS}.Error.UnknownMethod`]], body());
  }

  /** What the bus itself is asked. @returns {Service} */
  #own() {
    return {
      Hello: () => body('s', ':1.1'),
      AddMatch: () => body(),
      RemoveMatch: () => body(),
      ListActivatableNames: () => body('as', Object.keys(this.services)),
      NameHasOwner: (asked) => body('b', asked.text() in this.services),
      GetNameOwner: (asked) => {
        const name = asked.text();
        // Its own name will do for that of its connection.
        return name in this.services ? body('s', name) : undefined;
      },
      StartServiceByName: () => body('u', 2),
    };
  }

  /** @param {Socket} program @param {number} kind @param {[number, string, string | number][]} fields @param {Body} content */
  #send(program, kind, fields, { signature, values }) {
    const head = new Writer();
    for (const [code, type, value] of signature ? [...fields, /** @type {const} */ ([FIELD.signature, 'g', signature])] : fields) {
      head.align(8).byte(code).put('g', type).put(type, value);
    }
    const content = new Writer();
    const types = signature.match(/a?[a-z]/g) ?? [];
    types.forEach((type, index) => content.put(type, values[index]));
    const bytes = new Writer().byte(0x6c).byte(kind).byte(0).byte(1)
      .put('u', content.length).put('u', ++this.#serial).put('u', head.length);
    program.write(Buffer.concat([bytes.bytes(), head.align(8).bytes(), content.bytes()]));
  }
}

/** What is said to who wants to be let in: whoever can open the socket may. @param {string} line */
function admission(line) {
  if (line.startsWith('AUTH EXTERNAL ')) return `OK ${randomBytes(16).toString('hex')}`;
  return line.startsWith('AUTH') ? 'REJECTED EXTERNAL' : 'ERROR';
}

/** How long the message is that begins here; more than there is where that can't be told yet. @param {Buffer} got */
function size(got) {
  return got.length < FIXED ? Infinity : align(FIXED + got.readUInt32LE(12), 8) + got.readUInt32LE(4);
}

/** @param {number} at @param {number} to */
const align = (at, to) => Math.ceil(at / to) * to;

/** @param {Buffer} message */
function fieldsOf(message) {
  /** @type {Map<number, string | number>} */
  const fields = new Map();
  const reader = new Reader(message, FIXED);
  const end = FIXED + message.readUInt32LE(12);
  while (reader.at < end) {
    reader.at = align(reader.at, 8);
    const code = message[reader.at++];
    const type = reader.signature();
    fields.set(code, type === 'u' ? reader.number() : type === 'g' ? reader.signature() : reader.text());
  }
  return fields;
}

/** Reads a message's values, in their order. */
export class Reader {
  /** @param {Buffer} message @param {number} at */
  constructor(message, at) {
    this.message = message;
    this.at = at;
  }

  number() {
    this.at = align(this.at, 4) + 4;
    return this.message.readUInt32LE(this.at - 4);
  }

  text() {
    const length = this.number();
    this.at += length + 1;
    return this.message.toString('utf8', this.at - length - 1, this.at - 1);
  }

  signature() {
    const length = this.message[this.at++];
    this.at += length + 1;
    return this.message.toString('latin1', this.at - length - 1, this.at - 1);
  }
}

/** Writes values, each where its type has to lie. */
class Writer {
  /** @type {number[]} */
  #bytes = [];

  get length() {
    return this.#bytes.length;
  }

  bytes() {
    return Buffer.from(this.#bytes);
  }

  /** @param {number} value */
  byte(value) {
    this.#bytes.push(value);
    return this;
  }

  /** @param {number} to */
  align(to) {
    while (this.#bytes.length % to) this.#bytes.push(0);
    return this;
  }

  /** @param {string} type @param {Body['values'][number]} value @returns {Writer} */
  put(type, value) {
    if (type === 'as') {
      const items = new Writer();
      for (const item of /** @type {string[]} */ (value)) items.put('s', item);
      this.put('u', items.length).#bytes.push(...items.bytes());
    } else if (type === 'g') {
      this.byte(String(value).length).#bytes.push(...Buffer.from(`${value}\0`));
    } else if (type === 's' || type === 'o') {
      const text = Buffer.from(String(value));
      this.put('u', text.length).#bytes.push(...text, 0);
    } else {
      this.align(4);
      const number = Buffer.alloc(4);
      number.writeUInt32LE(Number(value));
      this.#bytes.push(...number);
    }
    return this;
  }
}
