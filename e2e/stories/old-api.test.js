// The API that customers' scripts were written for: search, details, messages,
// record.mp3, asked again and again with windows that overlap.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import test from 'node:test';

import { find, loudness, RATE, readVoice, readWav, SAME } from '../lib/audio.js';
import { Browser } from '../lib/browser.js';
import { numbers } from '../lib/caller.js';
import { Desk } from '../lib/desk.js';
import { voice } from '../lib/place.js';
import { decode } from '../lib/recording.js';
import { setting } from '../lib/setting.js';
import { goOn, until } from '../lib/wait.js';

/** What a customer's script does: nothing but GETs, the key in the address. */
class Script {
  /** what was found, in that order @type {string[]} */
  found = [];
  repeats = 0;

  /** @param {string} url @param {string} key */
  constructor(url, key) {
    this.url = url;
    this.key = key;
  }

  /** @param {string} path */
  address(path) {
    return `${path}${path.includes('?') ? '&' : '?'}auth_api_key=${this.key}`;
  }

  /** @param {string} path */
  async get(path) {
    const response = await fetch(this.url + this.address(path));
    assert.equal(response.status, 200, path);
    return response.json();
  }

  /** Asks what is new since a while ago, as such scripts do: UTC without its zone, six digits of a fraction. */
  async poll(backMs = 60_000) {
    const from = new Date(Date.now() - backMs).toISOString().replace('Z', '000');
    const { list } = await this.get(`/v1/calls/search?from_time=${from}`);
    for (const { id } of list) {
      if (this.found.includes(id)) this.repeats++;
      else this.found.push(id);
    }
    return this.found.length;
  }

  /** As such scripts read a time: cut off at the dot. @param {string} text */
  static time(text) {
    assert.match(text, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    return Date.parse(`${text.slice(0, text.indexOf('.'))}Z`);
  }
}

/**
 * How alike two sounds are, sample by sample, 1 being the same. Decoders may begin a little earlier or later.
 * @param {import('../lib/audio.js').Samples} a
 * @param {import('../lib/audio.js').Samples} b
 */
function alike(a, b) {
  const most = RATE / 4;
  const length = Math.min(a.length, b.length) - 2 * most;
  let best = 0;
  for (let shift = -most; shift <= most; shift++) {
    let [ab, aa, bb] = [0, 0, 0];
    // Each third sample: speech is slow enough for it.
    for (let i = most; i < most + length; i += 3) {
      ab += a[i] * b[i + shift];
      aa += a[i] * a[i];
      bb += b[i + shift] * b[i + shift];
    }
    best = Math.max(best, ab / Math.sqrt(aa * bb || 1));
  }
  return best;
}

test('a script of before finds each call once, with its times, message and record as MP3', async () => {
  const { provider, server, admin } = await setting();
  const browser = await Browser.start({ microphone: voice('operator-reply') });
  const desk = await Desk.ready(browser, server);
  const scopes = ['calls:read', 'recordings:read', 'messages:read'];
  const { secret } = await admin.post('/api/keys', { name: 'Скрипт', scopes });
  const script = new Script(server.url, secret);
  assert.equal(await script.poll(), 0);

  const began = Date.now();
  const call = await provider.call({ from: '79261234567', to: numbers.direct, says: 'ivan-petrov' });
  await desk.rings();
  await desk.answer();
  await call.answered();
  await call.hasSpoken();
  await goOn(1_000);
  await desk.send({ name: 'Иван Петров', text: 'Просит перезвонить насчёт договора.' });
  assert.equal(await script.poll(), 0, 'a call that runs is not told');
  await desk.hangUp();
  await call.over();
  await until('the script finds the call', () => script.poll());
  await desk.next();

  // Another one gives up while it rings.
  const lost = await provider.call({ from: '79167654321', to: numbers.direct });
  await desk.rings();
  await lost.hangUp();
  await until('the script finds the lost call', async () => (await script.poll()) === 2);
  for (const back of [60_000, 90_000, 120_000]) await script.poll(back);
  assert.equal(script.found.length, 2);
  assert.ok(script.repeats >= 6, 'windows overlap');
  const [id, lostId] = script.found;
  for (const it of [id, lostId]) assert.match(it, /^\d{1,19}$/);

  const { answer_datetime: answered, finish_datetime: finished } = await script.get(`/v1/calls/${id}`);
  const [from, to] = [Script.time(answered), Script.time(finished)];
  assert.ok(began - 1_000 <= from && from < to && to <= Date.now(), `${answered} ${finished}`);
  const { list: [message] } = await script.get(`/v1/calls/${id}/messages`);
  assert.equal(message.caller_name, 'Иван Петров');
  assert.equal(message.caller_phone, '+79261234567');
  assert.equal(message.caller_message, 'Просит перезвонить насчёт договора.');
  Script.time(message.datetime);

  assert.equal((await script.get(`/v1/calls/${lostId}`)).answer_datetime, null);
  const { list: [caller] } = await script.get(`/v1/calls/${lostId}/messages`);
  assert.deepEqual([caller.caller_phone, caller.caller_message], ['+79167654321', '']);

  // The record: what Chromium decodes is the same sound as the WAV, side by side.
  const record = script.address(`/v1/calls/${id}/record.mp3`);
  const stored = await admin.call((it) => it.answered_at === null);
  const { items } = await admin.get('/api/calls?limit=2');
  const of = items.find((/** @type {{ id: string }} */ it) => it.id !== stored.id);
  await until('the recording is ready', async () => (await admin.get(`/api/calls/${of.id}`)).recording === 'ready');
  const wav = readWav(await admin.file(`/api/calls/${of.id}/recording?format=wav`)).channels;
  const page = await browser.page(server.url);
  await page.goto('/sign-in');
  const mp3 = await decode(page, record);
  assert.equal(mp3.length, 2);
  for (const side of [0, 1]) {
    const off = Math.abs(mp3[side].length - wav[side].length) / RATE;
    assert.ok(off < 0.2, `side ${side}: ${off} s longer or shorter`);
    const louder = loudness(mp3[side]) / loudness(wav[side]);
    assert.ok(louder > 0.9 && louder < 1.1, `side ${side}: ${louder} times as loud`);
  }
  const [left, right] = [alike(wav[0], mp3[0]), alike(wav[1], mp3[1])];
  assert.ok(left > 0.98 && right > 0.98, `the same sound on both sides: ${left}, ${right}`);
  const crossed = [alike(wav[0], mp3[1]), alike(wav[1], mp3[0])];
  assert.ok(Math.max(...crossed) < 0.3, `the sides stay apart: ${crossed}`);
  assert.ok(find(mp3[0], readVoice(voice('ivan-petrov'))).score > SAME, 'the caller is on the left');

  // It plays on a page of another site, where such scripts put it.
  const crm = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(`<!doctype html><audio src="${server.url}${record}" controls preload="auto"></audio>`);
  });
  await once(crm.listen(0, 'localhost'), 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (crm.address());
  await page.goto(`http://localhost:${port}/`);
  const length = await page.waitForFunction(() => {
    const audio = document.querySelector('audio');
    return audio?.error ? `${audio.error.code} ${audio.error.message}` : audio?.duration;
  });
  const seconds = await length.jsonValue();
  crm.close();
  assert.ok(Math.abs(Number(seconds) - wav[0].length / RATE) < 0.5, `${seconds} s play`);

  // A key that was revoked opens nothing any more.
  const { items: [key] } = await admin.get('/api/keys');
  assert.equal((await admin.send('DELETE', `/api/keys/${key.id}`)).status, 204);
  const refused = await fetch(server.url + script.address(`/v1/calls/${id}`));
  assert.equal(refused.status, 401);
});
