// How calls end, and what is made of it.

import assert from 'node:assert/strict';
import test from 'node:test';

import { Browser } from '../lib/browser.js';
import { numbers } from '../lib/caller.js';
import { Desk } from '../lib/desk.js';
import { voice } from '../lib/place.js';
import { setting } from '../lib/setting.js';
import { goOn, until } from '../lib/wait.js';

const { provider, pbx, server, admin } = await setting();
const desk = await Desk.ready(await Browser.start({ microphone: voice('operator-reply') }), server);

test('the caller hangs up', async () => {
  const call = await provider.call({ from: '79261110001', to: numbers.direct });
  await desk.rings();
  await desk.answer();
  await call.answered();
  await goOn(2_000);
  await call.hangUp();
  await desk.over();
  const stored = await admin.call((it) => it.ended_at);
  assert.equal(stored.ending, 'caller_hung_up');
  assert.equal(stored.operator_name, 'Мария');
  await until('no call is left at the PBX', async () => (await pbx.channels()) === 0);
  await desk.free();
});

test('the operator hangs up', async () => {
  const call = await provider.call({ from: '79261110002', to: numbers.direct });
  await desk.rings();
  await desk.answer();
  await call.answered();
  await goOn(2_000);
  await desk.hangUp();
  await call.over();
  const stored = await admin.call((it) => it.ended_at);
  assert.equal(stored.ending, 'operator_hung_up');
  await until('no call is left at the PBX', async () => (await pbx.channels()) === 0);
  await desk.free();
});

test('a caller who gives up while it rings is «Потерян», with the number', async () => {
  const call = await provider.call({ from: '79261110003', to: numbers.direct });
  await desk.rings();
  await call.hangUp();
  await desk.page.getByText('Звонящий положил трубку, не дождавшись ответа').waitFor();
  const stored = await admin.call((it) => it.ended_at);
  assert.equal(stored.ending, 'caller_gave_up_ringing');
  assert.equal(stored.result, 'lost');
  assert.equal(stored.called_back, false);
  assert.equal(stored.caller_phone, '+79261110003');
  assert.equal(stored.recording, 'none');
});
