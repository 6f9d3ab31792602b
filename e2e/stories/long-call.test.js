// Calls that end at about 32 s have lost their ACK.

import assert from 'node:assert/strict';
import test from 'node:test';

import { find, loudness, readVoice, SAME } from '../lib/audio.js';
import { Browser, tape } from '../lib/browser.js';
import { numbers } from '../lib/caller.js';
import { Desk } from '../lib/desk.js';
import { voice } from '../lib/place.js';
import { setting } from '../lib/setting.js';
import { goOn } from '../lib/wait.js';

test('a call longer than 35 s survives, with sound both ways to its end', async () => {
  const { provider, server, admin } = await setting();
  const desk = await Desk.ready(await Browser.start({ microphone: voice('operator-reply') }), server);
  const call = await provider.call({ from: '79261234567', to: numbers.direct, says: 'ivan-petrov' });
  await desk.rings();
  await desk.answer();
  await call.answered();
  await goOn(38_000);
  await desk.hangUp();
  await call.over();
  const heard = await call.heard();
  assert.ok(heard.length / 8000 > 37, `${heard.length / 8000} s were heard`);
  // The operator's file is spoken over and over, to the very end.
  const last = loudness(heard.subarray(heard.length - 5 * 8000));
  assert.ok(last > 0.01, `the operator is heard at the end: ${last}`);
  const remote = await tape(desk.page, 'remote');
  assert.ok(find(remote.samples, readVoice(voice('ivan-petrov'))).score > SAME, 'the operator heard the caller');
  const stored = await admin.call((it) => it.ended_at);
  assert.equal(stored.ending, 'operator_hung_up');
  assert.ok(stored.duration_ms > 37_000);
});
