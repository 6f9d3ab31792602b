// `kill -9` of the server in the middle of a call.

import assert from 'node:assert/strict';
import test from 'node:test';

import { find, readVoice, readWav, SAME } from '../lib/audio.js';
import { Browser } from '../lib/browser.js';
import { numbers } from '../lib/caller.js';
import { Desk } from '../lib/desk.js';
import { voice } from '../lib/place.js';
import { setting } from '../lib/setting.js';
import { goOn } from '../lib/wait.js';

/** @type {import('../lib/watch.js').Allowed[]} */
const allowed = [{ words: /ERR_CONNECTION|WebSocket|ERR_INCOMPLETE|ERR_EMPTY_RESPONSE/, because: 'the server is killed under the page' }];

/** Milliseconds of a packet. */
const PACKET_MS = 20;

/**
 * How much sound the PBX had sent the program until then, in milliseconds: the caller's voice from its first
 * packet, for before there is none. The PBX notes the moment of each.
 * @param {import('../lib/asterisk.js').Asterisk} pbx
 * @param {number} until
 */
function sent(pbx, until) {
  const packets = pbx.log().matchAll(/^\[(\S+ \S+?)\].*Sent RTP packet to +127\.0\.0\.1:/gm);
  return PACKET_MS * [...packets].filter(([, at]) => Date.parse(at.replace(' ', 'T')) <= until).length;
}

test('a call that the server died in has an ending, and its recording plays up to 200 ms before', async () => {
  const { pbx, provider, server, admin } = await setting();
  const desk = await Desk.ready(await Browser.start({ microphone: voice('operator-reply') }), server, { allowed });
  await pbx.cli('rtp', 'set', 'debug', 'on');
  const call = await provider.call({ from: '79261234567', to: numbers.direct, says: 'ivan-petrov' });
  await desk.rings();
  await desk.answer();
  await call.answered();
  await goOn(6_000);
  const killedAt = Date.now();
  await server.kill();
  await server.up();

  const stored = await admin.call((it) => it.ended_at && it.recording !== 'in_progress', 30_000);
  assert.equal(stored.ending, 'server_stopped');
  assert.equal(stored.result, 'lost');
  assert.equal(stored.recording, 'cut_off');
  const wav = readWav(await admin.file(`/api/calls/${stored.id}/recording?format=wav`));
  const [left] = wav.channels;
  const ivan = readVoice(voice('ivan-petrov'));
  const spoken = find(left, ivan.subarray(0, 5 * 8000));
  assert.ok(spoken.score > SAME, `the caller is on the recording: ${spoken.score}`);
  // What the PBX had sent until the kill is there, but for 200 ms.
  const kept = (1000 * left.length) / wav.rate - spoken.atMs;
  const lost = sent(pbx, killedAt) - kept;
  assert.ok(lost <= 200, `${Math.round(lost)} ms before the kill are missing`);
  assert.ok(lost > -200, `the recording is ${Math.round(-lost)} ms too long`);
  await call.hangUp();
});
