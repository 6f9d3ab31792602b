// The PBX goes away under a registered line, and comes back.

import assert from 'node:assert/strict';
import test from 'node:test';

import { numbers } from '../lib/caller.js';
import { extension } from '../lib/company.js';
import { setting } from '../lib/setting.js';
import { until } from '../lib/wait.js';

for (const transport of /** @type {const} */ (['udp', 'tcp'])) {
  test(`a line registers again by itself after its PBX was restarted (${transport})`, async () => {
    const { provider, pbx, admin } = await setting({ company: { transport, open: false, outsideHours: false } });
    const contact = await pbx.contact(extension.user);
    assert.match(contact ?? '', /sips?:[0-9a-f]{32}@/, 'nobody can guess the contact');
    await pbx.down();
    pbx.forget();
    await pbx.up();
    // What it knew is gone; over TCP the line is back before one can look.
    await until('the line is registered', () => pbx.contact(extension.user), { withinMs: 90_000, everyMs: 500 });
    const call = await provider.call({ from: '79261234567', to: numbers.direct });
    assert.equal(await call.refused(), 'BUSY');
    assert.equal((await admin.call((it) => it.ended_at)).ending, 'outside_hours');
  });
}
