// A line that is set to «Нет» for calls outside of working hours.

import assert from 'node:assert/strict';
import test from 'node:test';

import { numbers } from '../lib/caller.js';
import { setting } from '../lib/setting.js';

test('outside of working hours the caller hears busy, and the call is on the list', async () => {
  const { provider, pbx, admin } = await setting({ company: { open: false, outsideHours: false } });
  const call = await provider.call({ from: '79261234567', to: numbers.direct });
  await pbx.says(/the answering service: BUSY, cause 17/);
  assert.equal(await call.refused(), 'BUSY');
  const stored = await admin.call((it) => it.ended_at);
  assert.equal(stored.ending, 'outside_hours');
  assert.equal(stored.result, 'outside_hours');
});
