// SIGTERM: running calls go on to their end, new ones are refused, then the program leaves.

import assert from 'node:assert/strict';
import test from 'node:test';

import { Browser } from '../lib/browser.js';
import { numbers } from '../lib/caller.js';
import { Desk } from '../lib/desk.js';
import { voice } from '../lib/place.js';
import { setting } from '../lib/setting.js';
import { goOn } from '../lib/wait.js';

/** @type {import('../lib/watch.js').Allowed[]} */
const allowed = [{ words: /ERR_CONNECTION|WebSocket|ERR_INCOMPLETE|ERR_EMPTY_RESPONSE/, because: 'the server leaves under the page' }];

test('a server that is asked to leave takes no more calls and lets the running one end', async () => {
  const { provider, pbx, server } = await setting();
  const desk = await Desk.ready(await Browser.start({ microphone: voice('operator-reply') }), server, { allowed });
  const call = await provider.call({ from: '79261110001', to: numbers.direct });
  await desk.rings();
  await desk.answer();
  await call.answered();
  server.leave();
  const left = server.left();

  const late = await provider.call({ from: '79261110002', to: numbers.direct });
  await pbx.says(/the answering service: (?!ANSWER)[A-Z]+/);
  assert.notEqual(await late.refused(), 'ANSWER');
  await goOn(3_000);
  assert.equal(await Promise.race([left, goOn(100).then(() => 'runs')]), 'runs');

  await call.hangUp();
  await call.over();
  assert.equal(await left, 0);
});
