// The database is away for ten seconds while a call runs.

import assert from 'node:assert/strict';
import test from 'node:test';

import { Browser } from '../lib/browser.js';
import { numbers } from '../lib/caller.js';
import { Desk } from '../lib/desk.js';
import { voice } from '../lib/place.js';
import { Postgres } from '../lib/postgres.js';
import { setting } from '../lib/setting.js';
import { goOn } from '../lib/wait.js';

/** @type {import('../lib/watch.js').Allowed[]} */
const allowed = [{ words: / 503 |status of 503/, because: 'nothing can be read or stored while the database is away' }];

test('PostgreSQL answers nobody for ten seconds: the call goes on, and what it produced is stored', async () => {
  const postgres = await Postgres.start();
  const { provider, server, admin } = await setting({ settings: { database: { url: postgres.url } } });
  const desk = await Desk.ready(await Browser.start({ microphone: voice('operator-reply') }), server, { allowed });
  const call = await provider.call({ from: '79261234567', to: numbers.direct });
  await desk.rings();
  await desk.answer();
  await call.answered();
  await goOn(1_000);
  postgres.freeze();
  await goOn(2_000);
  await call.hangUp(); // while nothing can be stored
  await desk.over();
  await goOn(8_000);
  postgres.thaw();
  const stored = await admin.call((it) => it.ended_at, 30_000);
  assert.equal(stored.ending, 'caller_hung_up');
  assert.equal((await fetch(`${server.url}/readyz`)).status, 200);
  const { timeline } = await admin.get(`/api/calls/${stored.id}`);
  assert.deepEqual(timeline.map((/** @type {{ what: string }} */ it) => it.what).filter((/** @type {string} */ it) => it !== 'offered'),
    ['arrived', 'answered', 'ended']);
});
