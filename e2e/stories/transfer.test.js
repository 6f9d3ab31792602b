// Callers are handed over to colleagues through the company's own PBX.

import assert from 'node:assert/strict';
import test from 'node:test';

import { find, RATE, readVoice, readWav, SAME } from '../lib/audio.js';
import { Browser, tape } from '../lib/browser.js';
import { numbers } from '../lib/caller.js';
import { Desk } from '../lib/desk.js';
import { voice } from '../lib/place.js';
import { setting } from '../lib/setting.js';
import { goOn, until } from '../lib/wait.js';

/** Extensions of the company's PBX that behave so (asterisk.conf.d/extensions.conf). */
const colleagues = {
  echo: { name: 'Эхо Эхович', extension: '600' },
  tone: { name: 'Тон Тонович', extension: '601' },
  busy: { name: 'Занят Занятович', extension: '602' },
  away: { name: 'Нет Нетович', extension: '603' },
  back: { name: 'Возврат Возвратович', extension: '605' },
};

/** How loud 601's tone is, at the most, in any half second: 1 is full scale. @param {Float32Array} sound */
function tone(sound) {
  const part = RATE / 2;
  let most = 0;
  for (let at = 0; at + part <= sound.length; at += part / 2) {
    let re = 0;
    let im = 0;
    for (let n = 0; n < part; n++) {
      const turn = (2 * Math.PI * 1004 * n) / RATE;
      re += sound[at + n] * Math.cos(turn);
      im += sound[at + n] * Math.sin(turn);
    }
    most = Math.max(most, (2 * Math.hypot(re, im)) / part);
  }
  return most;
}

/** The tone is as loud as this wherever it is heard. */
const HEARD = 0.1;

/** An employee as saving takes one. @param {any} row */
const saved = ({ id, email, name, department, position, extension, mobile }) => (
  { id, email, name, department, position, extension, mobile });

/** A company with such colleagues, an operator, and a call that both talk in. @param {{ says?: any, after?: number, to?: string }} [caller] @param {any} [transfer] the line's settings of it */
async function talking(caller = {}, transfer = undefined) {
  const world = await setting();
  const { admin, company, server, provider } = world;
  if (transfer) {
    const [line] = await admin.get('/api/lines');
    await admin.put(`/api/lines/${company.line}/script`, { ...line.script, transfer });
  }
  const { items, version } = await admin.get('/api/employees');
  const more = Object.values(colleagues).map((who) => (
    { id: null, email: `${who.extension}@romashka.test`, department: null, position: '', mobile: '', ...who }));
  await admin.put('/api/employees', { items: [...items.map(saved), ...more], version });
  const operators = await Browser.start({ microphone: voice('operator-reply') });
  const desk = await Desk.ready(operators, server);
  const call = await provider.call({ from: '79261234567', to: numbers.direct, ...caller });
  await desk.rings();
  await desk.answer();
  await call.answered();
  return { ...world, desk, call };
}

/** @param {Desk} desk @param {{ name: string }} to @param {string} how */
async function transfer(desk, to, how) {
  await desk.page.getByRole('button', { name: /^Перевести( T)?$/ }).click();
  await desk.page.getByRole('searchbox', { name: 'Найти отдел или сотрудника' }).first().fill(to.name.slice(0, 5));
  await desk.page.getByRole('button', { name: `${how}: ${to.name}` }).click();
}

/** @param {import('../lib/asterisk.js').Asterisk} pbx */
const quiet = (pbx) => until('the PBX has no call left', async () => (await pbx.channels()) === 0);

test('after a consultation the colleague has the caller, and the recording holds all of it', async () => {
  const { pbx, admin, desk, call } = await talking({ after: 12 });
  await transfer(desk, colleagues.tone, 'Сначала поговорить');
  await desk.page.getByText('Вы говорите с: Тон Тонович').waitFor();
  await until('the operator hears the colleague', async () => tone((await tape(desk.page, 'remote')).samples) > HEARD);
  // Long enough to be measured in the recording.
  await goOn(2_000);
  await desk.page.getByRole('button', { name: 'Соединить' }).click();
  await desk.over();
  await desk.page.getByText('переведён, разговор продолжился с сотрудником').waitFor();
  // A transfer says what became of the call: the operator may go on without a word.
  await desk.next();
  // The caller speaks to the colleague now.
  await call.hasSpoken();
  await goOn(2_000);
  await call.hangUp();
  await quiet(pbx);

  const heard = await call.heard();
  assert.ok(tone(heard) > HEARD, `the caller heard the colleague: ${tone(heard)}`);
  const stored = await admin.call((it) => it.recording === 'ready');
  assert.deepEqual([stored.ending, stored.result], ['transferred', 'transferred']);
  const details = await admin.get(`/api/calls/${stored.id}`);
  const told = details.timeline.filter((/** @type {any} */ it) => it.what.startsWith('transfer'));
  assert.deepEqual(
    told.map((/** @type {any} */ it) => [it.what, it.colleague_name]).filter((/** @type {string[]} */ [what]) => what !== 'transfer_ringing'),
    ['transfer_begun', 'transfer_answered', 'transferred'].map((what) => [what, 'Тон Тонович']),
  );
  const { channels: [left, right], rate } = readWav(await admin.file(`/api/calls/${stored.id}/recording?format=wav`));
  assert.equal(rate, RATE);
  const ivan = readVoice(voice('ivan-petrov'));
  assert.ok(find(left, ivan).score > SAME, 'the caller is on the left, after the transfer too');
  const connected = details.timeline.find((/** @type {any} */ it) => it.what === 'transferred').at;
  const at = Math.round(((Date.parse(connected) - Date.parse(stored.answered_at)) / 1000) * RATE);
  assert.ok(tone(right.subarray(0, at - RATE / 2)) > HEARD, 'the consultation is on the right');
  assert.ok(tone(right.subarray(at + RATE)) > HEARD, 'and so is the colleague after it');
  assert.ok(tone(left) < HEARD / 4, 'the colleague is not on the left');
});

test('blind, the caller talks with the colleague as soon as there is an answer', async () => {
  const { pbx, admin, desk, call } = await talking({ after: 8 });
  await transfer(desk, colleagues.echo, 'Перевести сразу');
  await desk.over();
  await call.hasSpoken();
  // The echo's last word is on its way for a moment.
  await goOn(1_000);
  await call.hangUp();
  await quiet(pbx);
  const heard = find(await call.heard(), readVoice(voice('ivan-petrov')));
  assert.ok(heard.score > SAME, `the colleague heard the caller: ${heard.score}`);
  const stored = await admin.call((it) => it.ended_at);
  assert.deepEqual([stored.ending, stored.result], ['transferred', 'transferred']);
});

test('a caller who hangs up ends the ringing at the colleague', async () => {
  const { pbx, admin, desk, call } = await talking();
  await transfer(desk, colleagues.away, 'Сначала поговорить');
  await desk.page.getByText('Телефон звонит: Нет Нетович').waitFor();
  assert.ok((await pbx.channels()) > 2, 'the colleague is called');
  await call.hangUp();
  await quiet(pbx);
  await desk.over();
  const stored = await admin.call((it) => it.ended_at);
  assert.equal(stored.ending, 'caller_hung_up');
});

test('whoever is busy, or does not answer, leaves the caller with the operator', async () => {
  const { pbx, desk, call } = await talking({ after: 25 });
  await transfer(desk, colleagues.busy, 'Перевести сразу');
  await desk.page.getByText('Занят Занятович: занято').waitFor();
  await transfer(desk, colleagues.away, 'Сначала поговорить');
  await desk.page.getByText('Телефон звонит: Нет Нетович').waitFor();
  await desk.page.getByRole('button', { name: 'Вернуться к звонящему' }).click();
  await until('the colleague\'s telephone is still', async () => (await pbx.channels()) === 2);
  await call.hasSpoken();
  const heard = find((await tape(desk.page, 'remote')).samples, readVoice(voice('ivan-petrov')));
  assert.ok(heard.score > SAME, `the operator hears the caller again: ${heard.score}`);
  await desk.hangUp();
  await call.over();
  await quiet(pbx);
});

test('a PBX that is to do it itself takes the caller and the colleague out of our hands', async () => {
  const first = { first: 'pbx', code: '' };
  const blind = await talking({}, first);
  await transfer(blind.desk, colleagues.tone, 'Перевести сразу');
  await blind.desk.over();
  const stored = await blind.admin.call((it) => it.ended_at);
  assert.deepEqual([stored.ending, stored.result], ['transferred', 'transferred']);
  await until('the caller is with the colleague at the PBX, and nobody else in a call', async () => (
    (await blind.pbx.channels()) === 1
    && (await blind.pbx.cli('core', 'show', 'channels', 'concise')).includes('!Milliwatt!')));
  // Long enough to be measured.
  await goOn(2_000);
  await blind.call.hangUp();
  await quiet(blind.pbx);
  assert.ok(tone(await blind.call.heard()) > HEARD, 'the caller hears the colleague');

  // Two who talk already.
  await blind.desk.next();
  const call = await blind.provider.call({ from: '79261234568', to: numbers.direct });
  await blind.desk.rings();
  await blind.desk.answer();
  await call.answered();
  await transfer(blind.desk, colleagues.tone, 'Сначала поговорить');
  await blind.desk.page.getByText('Вы говорите с: Тон Тонович').waitFor();
  await blind.desk.page.getByRole('button', { name: 'Соединить' }).click();
  await blind.desk.over();
  await until('the caller alone is left at the PBX', async () => (await blind.pbx.channels()) === 1);
  const second = await blind.admin.call((it) => it.ended_at && it.id !== stored.id);
  assert.equal(second.ending, 'transferred');
  await call.hangUp();
  await quiet(blind.pbx);
});

test('a transferred caller whom nobody answers comes back as such', async () => {
  const { pbx, desk, call } = await talking({}, { first: 'pbx', code: '' });
  await transfer(desk, colleagues.back, 'Перевести сразу');
  await desk.over();
  await desk.next();
  await desk.rings();
  await desk.page.getByText('Вернулся с перевода').waitFor();
  await desk.answer();
  await desk.page.getByRole('button', { name: /^Завершить/ }).waitFor();
  await desk.page.getByText('Вернулся с перевода').waitFor();
  await call.hangUp();
  await quiet(pbx);
});

test('a colleague whose telephone goes on to the answering service is not had, and the call does not go round', async () => {
  const { pbx, admin, desk, call } = await talking({ after: 15 }, { first: 'bridge', code: '' });
  await transfer(desk, colleagues.back, 'Перевести сразу');
  await desk.page.getByText('Возврат Возвратович не отвечает.').waitFor();
  await call.hasSpoken();
  const heard = find((await tape(desk.page, 'remote')).samples, readVoice(voice('ivan-petrov')));
  assert.ok(heard.score > SAME, `the operator hears the caller again: ${heard.score}`);
  await desk.hangUp();
  await call.over();
  await quiet(pbx);
  assert.equal((await admin.get('/api/calls')).items.length, 1, 'no call but the caller\'s');
});

test('a PBX that transfers by its own keys is given them', async () => {
  const code = { first: 'code', code: '##{number}' };
  const { pbx, admin, desk, call } = await talking({ to: numbers.keys }, code);
  await transfer(desk, colleagues.tone, 'Перевести сразу');
  await desk.over();
  const stored = await admin.call((it) => it.ended_at);
  assert.deepEqual([stored.ending, stored.result], ['transferred', 'transferred']);
  await until('the caller is with the colleague at the PBX, and nobody else in a call', async () => (
    (await pbx.channels()) === 1
    && (await pbx.cli('core', 'show', 'channels', 'concise')).includes('!Milliwatt!')));
  await call.hangUp();
  await quiet(pbx);
});

test('where the PBX does not know the keys, the next way is tried, and taken first from then on', async () => {
  const code = { first: 'code', code: '##{number}' };
  const { provider, pbx, admin, desk, call } = await talking({}, code);
  await transfer(desk, colleagues.tone, 'Перевести сразу');
  await desk.over();
  await call.hangUp();
  await quiet(pbx);
  assert.equal((await admin.call((it) => it.ended_at)).ending, 'transferred');

  await desk.next();
  const second = await provider.call({ from: '79261234568', to: numbers.direct });
  await desk.rings();
  await desk.answer();
  await second.answered();
  const asked = Date.now();
  await transfer(desk, colleagues.tone, 'Перевести сразу');
  await desk.over();
  assert.ok(Date.now() - asked < 8_000, 'the keys were tried again');
  await second.hangUp();
  await quiet(pbx);
});

test('in a talk of three everybody hears everybody, the recording holds all, and the caller is taken back', async () => {
  const { admin, desk, call } = await talking({ after: 14 });
  const [ivan, maria] = [readVoice(voice('ivan-petrov')), readVoice(voice('operator-reply'))];
  await transfer(desk, colleagues.tone, 'Сначала поговорить');
  await desk.page.getByText('Вы говорите с: Тон Тонович').waitFor();
  await desk.page.getByRole('button', { name: /^Втроём/ }).click();
  await desk.page.getByText('Вы говорите втроём', { exact: false }).waitFor();
  await call.hasSpoken();
  await goOn(1_000);
  const operator = (await tape(desk.page, 'remote')).samples;
  assert.ok(tone(operator) > HEARD, `the operator hears the colleague: ${tone(operator)}`);

  await desk.page.getByRole('button', { name: 'Вернуться к звонящему' }).click();
  await desk.page.getByRole('button', { name: /^Удержание/ }).waitFor();
  // Both alone again, until the operator has said all of it.
  await goOn((2 * 1000 * maria.length) / RATE + 1_000);
  await desk.hangUp();
  await call.over();
  const heard = await call.heard();
  assert.ok(tone(heard) > HEARD, `the caller heard the colleague: ${tone(heard)}`);
  const last = heard.subarray(heard.length - Math.round(2 * maria.length));
  assert.ok(tone(last) < HEARD / 4, `the colleague is gone: ${tone(last)}`);
  const back = find(last, maria);
  assert.ok(back.score > SAME, `the caller hears the operator again: ${back.score}`);

  const stored = await admin.call((it) => it.recording === 'ready');
  const { channels: [left, right] } = readWav(await admin.file(`/api/calls/${stored.id}/recording?format=wav`));
  assert.ok(find(left, ivan).score > SAME, 'the caller is on the left');
  assert.ok(tone(left) < HEARD / 4, 'and alone there');
  assert.ok(tone(right) > HEARD, 'the colleague is on the right');
  assert.ok(find(right, maria).score > SAME, 'and so is the operator');
});

test('in a talk of three the colleague hears the caller and the operator', async () => {
  const { desk, call } = await talking({ after: 30 });
  const [ivan, maria] = [readVoice(voice('ivan-petrov')), readVoice(voice('operator-reply'))];
  // What this colleague hears comes back to the others.
  await transfer(desk, colleagues.echo, 'Сначала поговорить');
  await desk.page.getByText('Вы говорите с: Эхо Эхович').waitFor();
  await desk.page.getByRole('button', { name: /^Втроём/ }).click();
  await desk.page.getByText('Вы говорите втроём', { exact: false }).waitFor();
  const together = Date.now();
  // The microphone repeats its file: the operator has said all of it, while the caller is still silent.
  await goOn((2 * 1000 * maria.length) / RATE + 1_000);
  const { samples, startedAt } = await tape(desk.page, 'remote');
  const since = samples.subarray(Math.round(((together - startedAt) / 1000) * RATE));
  const back = find(since, maria);
  assert.ok(back.score > SAME, `the colleague heard the operator: ${back.score}`);
  // With the operator silent, the caller hears nothing but the own voice coming back.
  await desk.page.getByRole('button', { name: /^Без звука/ }).click();
  await call.hasSpoken();
  await goOn(1_000);
  await desk.hangUp();
  await call.over();
  const own = find(await call.heard(), ivan);
  assert.ok(own.score > SAME, `the colleague heard the caller: ${own.score}`);
});
