// The operator's network: cut and mended, another one, without UDP, and a page that is loaded anew. The call goes on.

import assert from 'node:assert/strict';
import test from 'node:test';

import { Asterisk } from '../lib/asterisk.js';
import { find, RATE, readVoice, SAME } from '../lib/audio.js';
import { Browser, tape } from '../lib/browser.js';
import { numbers, Provider } from '../lib/caller.js';
import { Company } from '../lib/company.js';
import { Desk } from '../lib/desk.js';
import { voice } from '../lib/place.js';
import { Relay } from '../lib/relay.js';
import { Server } from '../lib/server.js';
import { goOn } from '../lib/wait.js';

const OUTSIDE = '127.0.0.2';

const files = { operator: voice('operator-reply'), caller: voice('ivan-petrov') };
const voices = { operator: readVoice(files.operator), caller: readVoice(files.caller) };
/** The microphone repeats its file: all of it is said in twice that time, wherever it is. */
const ALL_OF_IT_MS = (2 * 1000 * voices.operator.length) / RATE + 1_000;
/** So soon both are heard again after the network was changed. */
const BACK_MS = 5_000;

/** A call that an operator has who sits behind a network. @param {{ udp?: boolean, after: number }} options */
async function talking({ udp = true, after }) {
  const pbx = await Asterisk.start({ noAnswer: 1 });
  const relay = new Relay(OUTSIDE, '127.0.0.1', udp);
  const [server, provider, browser] = await Promise.all([
    Server.start({ outside: OUTSIDE }),
    Provider.start(pbx),
    Browser.start({ microphone: files.operator }),
  ]);
  await Promise.all(server.ports.map((port) => relay.port(port)));
  const { admin } = await Company.create(server, pbx);
  const desk = await Desk.ready(browser, { url: server.outside });
  const call = await provider.call({ from: '79261234567', to: numbers.direct, says: 'ivan-petrov', after });
  await desk.rings();
  await desk.answer();
  await call.answered();
  return { relay, server, desk, call, admin };
}

/** The part of a sound since a moment. @param {{ samples: Float32Array, startedAt: number }} tape @param {number} at */
const since = ({ samples, startedAt }, at) => samples.subarray(Math.max(0, Math.round(((at - startedAt) / 1000) * RATE)));

/**
 * Goes on until both have said all of it since a moment, and ends the call: each heard the other, it was the
 * operator's end, and there was this call alone, whose details are given.
 * @param {any} world
 * @param {number} at
 */
async function hearEachOther({ desk, call, admin }, at) {
  await call.hasSpoken();
  await goOn(Math.max(0, at + ALL_OF_IT_MS - Date.now()));
  const heardByOperator = find(since(await tape(desk.page, 'remote'), at), voices.caller);
  assert.ok(heardByOperator.score > SAME, `the operator hears the caller: ${heardByOperator.score}`);
  await desk.hangUp();
  await call.over();
  await admin.call((/** @type {any} */ it) => it.ended_at);
  const { items } = await admin.get('/api/calls');
  assert.deepEqual(items.map((/** @type {any} */ it) => it.ending), ['operator_hung_up']);
  const heard = await call.heard();
  const heardByCaller = find(heard.subarray(heard.length - Math.round((ALL_OF_IT_MS / 1000) * RATE)), voices.operator);
  assert.ok(heardByCaller.score > SAME, `the caller hears the operator: ${heardByCaller.score}`);
  return admin.get(`/api/calls/${items[0].id}`);
}

test('a network that is cut for five seconds does not end the call, and the caller hears music meanwhile', async () => {
  const world = await talking({ after: 12 });
  const { relay, desk } = world;
  await desk.page.locator('[data-quality]').waitFor();
  const cut = Date.now();
  relay.cut();
  await goOn(5_000);
  relay.mend();
  const mended = Date.now();
  await desk.page.locator('[data-sound=up]').waitFor();
  const { timeline } = await hearEachOther(world, mended);
  const at = (/** @type {string} */ what) => Date.parse(timeline.find((/** @type {any} */ it) => it.what === what)?.at);
  assert.ok(at('operator_lost') - cut < 3_000, 'music after three seconds at most');
  const back = at('operator_back') - mended;
  assert.ok(back > -500 && back < 2_000, `the operator is back with the sound, not ${back} ms after it`);
});

for (const [change, proxy] of /** @type {const} */ ([['network', false], ['address, behind a proxy for all but the sound,', true]])) {
  test(`an operator whose ${change} is another one in mid-call is heard again within ${BACK_MS / 1_000} s`, async () => {
    const world = await talking({ after: 15 });
    const { relay, desk } = world;
    await desk.page.locator('[data-quality]').waitFor();
    // As a telephone does that leaves its Wi-Fi: for a moment there is no network, then another one.
    await desk.page.context().setOffline(true);
    relay.move('127.0.0.3', { proxy });
    await desk.page.context().setOffline(false);
    await hearEachOther(world, Date.now() + BACK_MS);
  });
}

test('a page that is loaded anew finds its call, and both hear each other', async () => {
  const world = await talking({ after: 10 });
  const { desk } = world;
  await desk.page.reload();
  await desk.page.getByRole('button', { name: 'Завершить' }).waitFor();
  await desk.page.locator('[data-sound=up]').waitFor();
  await hearEachOther(world, Date.now());
});

test('where the network lets no UDP through the sound goes by TCP, and the desk says so', async () => {
  const world = await talking({ udp: false, after: 1 });
  const { desk } = world;
  const began = Date.now();
  await desk.page.locator('[data-quality][data-way=tcp]').waitFor();
  await desk.page.getByText('Сеть не пропускает UDP', { exact: false }).waitFor();
  await hearEachOther(world, began);
});

test('a call to oneself comes back from the server', async () => {
  const [server, browser] = await Promise.all([Server.start(), Browser.start({ microphone: files.operator })]);
  const pbx = await Asterisk.start({ noAnswer: 1 });
  await Company.create(server, pbx);
  const { page } = await Desk.ready(browser, server);
  await page.getByRole('button', { name: 'Настроить микрофон' }).click();
  await page.getByRole('button', { name: 'Проверить звук' }).click();
  await page.locator('[data-test=playing]').waitFor();
  const began = Date.now();
  await page.locator('[data-test=done]').waitFor();
  const own = since(await tape(page, 'remote'), began - 500);
  const said = (await tape(page, 'microphone')).samples;
  // Two seconds of what was heard are looked for in what was said.
  const heard = find(said, own.subarray(RATE, 3 * RATE));
  assert.ok(heard.score > SAME, `the operator hears what was said: ${heard.score}`);
});
