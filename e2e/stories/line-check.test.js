// A line that is not connected to the call centre answers by itself and checks the sound.

import assert from 'node:assert/strict';
import test from 'node:test';

import { find, loudness, readVoice, readWav, SAME } from '../lib/audio.js';
import { numbers } from '../lib/caller.js';
import { voice } from '../lib/place.js';
import { setting } from '../lib/setting.js';

test('an unconnected line answers, plays back what was said, and stands on «Главная» at once', async () => {
  const { provider, admin } = await setting({ company: { connected: false } });

  // The caller waits for the prompt to end before speaking.
  const call = await provider.call({ from: '79261234567', to: numbers.direct, says: 'ivan-petrov', after: 9 });
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
  const beginning = ivan.subarray(0, 4 * 8000);
  const heard = await call.heard();
  assert.ok(loudness(heard.subarray(0, 10 * 8000)) > 0.02, 'the prompt was heard');
  const again = find(heard, beginning);
  assert.ok(again.score > SAME, `the caller heard the own voice again: ${again.score}`);

  // Both are on the recording: the caller on the left, what the caller heard on the right.
  const { id } = await admin.call((it) => it.recording === 'ready');
  const [left, right] = readWav(await admin.file(`/api/calls/${id}/recording?format=wav`)).channels;
  const [spoken, played] = [find(left, beginning), find(right, beginning)];
  assert.ok(spoken.score > SAME, `the caller is on the left: ${spoken.score}`);
  assert.ok(played.score > SAME, `what was played back is on the right: ${played.score}`);
  assert.ok(played.atMs > spoken.atMs + 3_000, 'it was played back after it was said');
  assert.ok(Math.abs(spoken.atMs - 9_000) < 1_000, `the caller spoke after 9 s: ${spoken.atMs} ms`);
});
