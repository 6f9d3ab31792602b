// Chromium, with a file for a microphone.

import { join } from 'node:path';
import { chromium } from 'playwright-core';

import { RATE, writeWav } from './audio.js';
import { results } from './place.js';
import { stopAfter } from './stop.js';
import { watch } from './watch.js';

/** @typedef {import('playwright-core').Page} Page */
/**
 * @typedef {object} PageOptions
 * @property {import('./watch.js').Allowed[]} [allowed] what goes wrong on this page on purpose
 * @property {boolean} [phone] 390 pixels wide, and touched
 * @property {'light' | 'dark'} [scheme]
 * @property {'ru' | 'en'} [language] of the browser and, until somebody signs in, of the page
 */
/** @typedef {{ samples: import('./audio.js').Samples, startedAt: number }} Tape since `startedAt`, in milliseconds of the wall clock */

const ARGS = [
  '--no-sandbox', '--headless=new', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
  '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream',
  '--autoplay-policy=no-user-gesture-required', '--allow-loopback-in-peer-connection',
];

export const program = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** How it is started. @param {string} [microphone] a WAV that is spoken over and over */
export const argsWith = (microphone) => (microphone ? [...ARGS, `--use-file-for-fake-audio-capture=${microphone}`] : ARGS);

/** @type {import('playwright-core').BrowserContextOptions} */
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };

export class Browser {
  #pages = 0;

  /** @param {import('playwright-core').Browser} browser */
  constructor(browser) {
    this.browser = browser;
  }

  /**
   * @param {{ microphone?: string }} [options] a WAV that is spoken over and over
   */
  static async start({ microphone } = {}) {
    const browser = await chromium.launch({ executablePath: program, args: argsWith(microphone), headless: true });
    stopAfter(() => browser.close());
    return new Browser(browser);
  }

  /** `kill -9`. */
  async kill() {
    const session = await this.browser.newBrowserCDPSession();
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    const gone = new Promise((done) => this.browser.once('disconnected', done));
    for (const { id, type } of processInfo) if (type === 'browser') process.kill(id, 'SIGKILL');
    await gone;
  }

  /**
   * A page of somebody's own: signed in as nobody yet.
   * @param {string} url where relative addresses begin
   * @param {PageOptions} [options]
   */
  async page(url, { allowed = [], phone = false, scheme = 'light', language = 'ru' } = {}) {
    const context = await this.browser.newContext({
      baseURL: url,
      locale: language === 'ru' ? 'ru-RU' : 'en-GB',
      timezoneId: 'Europe/Moscow',
      permissions: ['microphone'],
      colorScheme: scheme,
      ...(phone ? PHONE : { viewport: { width: 1440, height: 900 } }),
    });
    return this.pageOf(context, url, allowed);
  }

  /**
   * A page of this profile, taped and watched.
   * @param {import('playwright-core').BrowserContext} context
   * @param {string} url where the pages come from
   * @param {import('./watch.js').Allowed[]} allowed
   */
  async pageOf(context, url, allowed) {
    context.setDefaultTimeout(30_000);
    const name = `page-${++this.#pages}`;
    await context.addInitScript(tap, RATE);
    const watched = await watch(context, url, allowed);
    const page = await context.newPage();
    stopAfter(async () => {
      if (!page.isClosed()) await page.screenshot({ path: join(results, `${name}.png`) }).catch(() => {});
      await context.close();
      watched.verdict();
    });
    return page;
  }
}

/**
 * What went into the page's microphone, or came out of its connection.
 * @param {Page} page
 * @param {'microphone' | 'remote'} which
 * @returns {Promise<Tape>}
 */
export async function tape(page, which) {
  const { text, startedAt } = await page.evaluate((name) => /** @type {any} */ (globalThis).tapes.take(name), which);
  const bytes = Buffer.from(text, 'base64');
  const numbers = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
  const samples = Float32Array.from(numbers, (n) => n / 32768);
  writeWav(join(results, `${which}.wav`), { rate: RATE, channels: [samples] });
  return { samples, startedAt };
}

/**
 * Runs in the page, before its own scripts: keeps what is said and heard there.
 * @param {number} rate
 */
function tap(rate) {
  /** @type {Record<string, { chunks: Int16Array[], startedAt: number }>} */
  const tapes = {};

  /** @param {MediaStream} stream @param {string} name */
  function keep(stream, name) {
    const context = new AudioContext({ sampleRate: rate });
    const source = context.createMediaStreamSource(stream);
    const processor = context.createScriptProcessor(1024, 1, 1);
    /** @type {{ chunks: Int16Array[], startedAt: number }} */
    const kept = { chunks: [], startedAt: 0 };
    tapes[name] = kept;
    processor.onaudioprocess = ({ inputBuffer }) => {
      const samples = inputBuffer.getChannelData(0);
      kept.startedAt ||= Date.now() - (1000 * samples.length) / rate;
      kept.chunks.push(Int16Array.from(samples, (s) => Math.max(-32768, Math.min(32767, s * 32768))));
    };
    source.connect(processor).connect(context.destination);
  }

  const devices = navigator.mediaDevices;
  if (devices) {
    const ask = devices.getUserMedia.bind(devices);
    devices.getUserMedia = async (constraints) => {
      const stream = await ask(constraints);
      if (stream.getAudioTracks().length > 0) keep(stream.clone(), 'microphone');
      return stream;
    };
  }

  const Connection = globalThis.RTCPeerConnection;
  globalThis.RTCPeerConnection = class extends Connection {
    /** @param {RTCConfiguration} [configuration] */
    constructor(configuration) {
      super(configuration);
      this.addEventListener('track', ({ track }) => keep(new MediaStream([track]), 'remote'));
    }
  };

  /** @type {any} */ (globalThis).tapes = {
    /** @param {string} name */
    take(name) {
      const { chunks, startedAt } = tapes[name] ?? { chunks: [], startedAt: 0 };
      let text = '';
      for (const chunk of chunks) {
        for (const byte of new Uint8Array(chunk.buffer)) text += String.fromCharCode(byte);
      }
      return { text: btoa(text), startedAt };
    },
  };
}
