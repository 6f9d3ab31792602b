// A line that is not connected to the call centre answers by itself and checks the sound.

import assert from 'node:assert/strict';
import test from 'node:test';

import { find, loudness, readVoice, readWav } from '../lib/audio.js';
import { numbers } from '../lib/caller.js';
import { voice } from '../lib/place.js';
import { setting } from '../lib/setting.js';

test('an unconnected line answers, plays back what was said, and stands on «Главная» at once', async () => {
  const { provider, admin } = await setting({ company: { connected: false } });

  const call = await provider.call({ from: '79261234567', to: numbers.direct, says: 'ivan-petrov' });
  await call.answered();
  await call.over(90_000);
  const overAt = Date.now();
  const stored = await admin.call((it) => it.ended_at);
  assert.ok(Date.now() - overAt < 1_000, `the call stood on the list after ${Date.now() - overAt} ms`);
  assert.equal(stored.result, 'test_call');
  assert.equal(stored.ending, 'line_check_done');
  assert.equal(stored.caller_phone_shown, '+7 (926) 123-45-67');

  // The caller was asked, and heard the own voice again.
  const ivan = readVoice(voice('ivan-petrov'));
  const heard = await call.heard();
  assert.ok(loudness(heard.subarray(0, 3 * 8000)) > 0.01, 'the prompt was heard');

  const { id } = await admin.call((it) => it.recording === 'ready');
  const [left, right] = readWav(await admin.file(`/api/calls/${id}/recording?format=wav`)).channels;
  const spoken = find(left, ivan);
  assert.ok(spoken.score > 0.8, `the caller is on the left: ${spoken.score}`);
  const again = find(right, left.subarray(Math.max(0, spoken.atMs) * 8, Math.max(0, spoken.atMs) * 8 + 4 * 8000));
  assert.ok(loudness(right.subarray(0, 3 * 8000)) > 0.01, 'the prompt is on the right');
  assert.ok(again.score > 0.6, `what was said is played back: ${again.score}`);
});
