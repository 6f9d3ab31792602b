// Operators call back: lost callers, and employees whom no message reached, through the company's own PBX.

import assert from 'node:assert/strict';
import test from 'node:test';

import { find, loudness, RATE, readVoice, readWav, SAME } from '../lib/audio.js';
import { Browser, tape } from '../lib/browser.js';
import { numbers } from '../lib/caller.js';
import { people } from '../lib/company.js';
import { Desk, signIn } from '../lib/desk.js';
import { voice } from '../lib/place.js';
import { setting } from '../lib/setting.js';
import { goOn, until } from '../lib/wait.js';

const voices = { callee: readVoice(voice('ivan-petrov')), operator: readVoice(voice('operator-reply')) };

const { pbx, provider, server, admin } = await setting();
const { items: [anna], version } = await admin.get('/api/employees');
const { id, email, name, department, position, extension } = anna;
const mobile = '8 (926) 111-00-04';
await admin.put('/api/employees', { items: [{ id, email, name, department, position, extension, mobile }], version });
const steps = [{ after_minutes: 1, to: { kind: 'operator_call' } }];
await admin.put('/api/escalations', { department: null, policy: { only_urgent: false, steps }, version: 0 });
const browser = await Browser.start({ microphone: voice('operator-reply') });
const desk = await Desk.ready(browser, server);
const owed = desk.page.getByRole('region', { name: 'Перезвонить' });

/** Somebody calls and gives up before the operator answers. @param {string} from */
async function lose(from) {
  const call = await provider.call({ from, to: numbers.direct });
  await desk.rings();
  await call.hangUp();
  await owed.waitFor();
}

/** Nobody calls anybody any more. */
const quiet = () => until('the PBX has no call left', async () => (await pbx.channels()) === 0);

test('a lost caller is called back in one press, both hear each other, and nobody owes it any more', async () => {
  await lose('79261110001');
  const telephone = provider.telephone('89261110001');
  await owed.getByRole('button', { name: /^Перезвонить/ }).click();
  await desk.page.getByText('Гудки, ждём ответа').waitFor();
  await telephone.answered();
  await desk.page.getByRole('button', { name: /^Удержание/ }).waitFor();
  const answered = Date.now();
  await telephone.hasSpoken();
  // The microphone repeats its file: two of them hold one from its beginning.
  await goOn(Math.max(1_000, answered + (2_000 * voices.operator.length) / RATE - Date.now()));
  await desk.hangUp();
  await telephone.over();
  await desk.next();
  assert.equal(await owed.isVisible(), false, 'nobody is to be called back');

  const remote = await tape(desk.page, 'remote');
  const heardByOperator = find(remote.samples, voices.callee);
  assert.ok(heardByOperator.score > SAME, `the operator heard who was called: ${heardByOperator.score}`);
  const ringing = remote.samples.subarray(0, Math.round(((answered - remote.startedAt) / 1_000) * RATE));
  assert.ok(loudness(ringing) > -50, `the operator heard it ring: ${loudness(ringing)} dB`);
  const heardByCallee = find(await telephone.heard(), voices.operator);
  assert.ok(heardByCallee.score > SAME, `who was called heard the operator: ${heardByCallee.score}`);

  const stored = await admin.call((it) => it.outgoing && it.recording === 'ready');
  assert.deepEqual([stored.result, stored.ending, stored.caller_phone], ['reached', 'operator_hung_up', '+79261110001']);
  const { channels: [left, right] } = readWav(await admin.file(`/api/calls/${stored.id}/recording?format=wav`));
  assert.ok(find(left, voices.callee).score > SAME, 'who was called is on the left');
  assert.ok(find(right, voices.operator).score > SAME, 'the operator is on the right');
  const { items } = await admin.get('/api/calls?outgoing=false');
  assert.deepEqual(items.map((/** @type {any} */ it) => [it.result, it.called_back]), [['lost', true]]);

  const page = await browser.page(server.url);
  await signIn(page, people.admin);
  const row = page.getByRole('listitem').filter({ hasText: 'Дозвонились' });
  await row.getByText('Исходящий').waitFor();
  await page.close();
});

test('who is busy is told so, stays in the list, and can be called again by a key', async () => {
  await lose('79261110002');
  await desk.page.keyboard.press('Shift+KeyC');
  await desk.page.getByText('Не дозвонились').waitFor();
  await desk.page.getByText('занято').waitFor();
  await desk.next();
  await owed.getByText('+7 (926) 111-00-02', { exact: true }).waitFor();
  const stored = await admin.call((it) => it.outgoing && it.ended_at);
  assert.deepEqual([stored.result, stored.ending, stored.recording], ['not_reached', 'callee_busy', 'none']);
});

test('an operator who stops ringing somebody does not leave the telephone ringing', async () => {
  await lose('79261110003');
  const telephone = provider.telephone('89261110003');
  await owed.getByRole('listitem').filter({ hasText: '111-00-03' }).getByRole('button').click();
  await telephone.rings();
  await desk.hangUp();
  await desk.next();
  await quiet();
  const stored = await admin.call((it) => it.outgoing && it.ended_at);
  assert.deepEqual([stored.result, stored.ending], ['not_reached', 'operator_gave_up']);
});

test('an employee whom no message reached is called at the mobile number and takes the message on', async () => {
  const call = await provider.call({ from: '79261110005', to: numbers.direct });
  await desk.rings();
  await desk.answer();
  await call.answered();
  await desk.send({ name: 'Иван Петров', text: 'Просит перезвонить.' });
  await desk.hangUp();
  await call.over();
  await desk.next();

  await desk.page.getByRole('region', { name: 'Позвонить сотруднику' }).getByRole('button', { name: /^Позвонить/ }).click({ timeout: 90_000 });
  const telephone = provider.telephone('89261110004');
  await desk.page.getByRole('button', { name: /^Позвонить на мобильный/ }).click();
  await telephone.answered();
  await desk.page.getByText('Просит перезвонить.').first().waitFor();
  await desk.hangUp();
  await telephone.over();
  await desk.page.getByRole('button', { name: 'Зачитано, принял в работу' }).click();
  await desk.page.getByText('Ждём звонка').waitFor();
  const { items: [message] } = await admin.get('/api/messages');
  assert.equal(message.state, 'accepted');
});
