// A call rings while the operator looks at something else: the desktop itself tells of it.

import assert from 'node:assert/strict';
import test from 'node:test';

import { numbers } from '../lib/caller.js';
import { Desk } from '../lib/desk.js';
import { Desktop } from '../lib/desktop.js';
import { voice } from '../lib/place.js';
import { setting } from '../lib/setting.js';

const { provider, server } = await setting();
const desktop = await Desktop.start({ microphone: voice('operator-reply') });
const desk = await Desk.ready(desktop, server);
const { notices } = desktop;

/** The operator answers and ends the call, and is free again. @param {import('../lib/caller.js').Call} call */
async function serve(call) {
  await desk.answer();
  await call.answered();
  await desk.hangUp();
  await call.over();
  await desk.free();
}

test('a call that rings at a hidden desk is notified with company and caller, and a click leads to the desk', async () => {
  await desktop.lookAway(desk.page);
  const call = await provider.call({ from: '79261234567', to: numbers.direct });
  const notice = await notices.one();
  assert.match(notice.title, /Звонок: Ромашка$/);
  assert.match(notice.text, /\+7 \(926\) 123-45-67/);
  notices.click(notice);
  await desk.page.waitForFunction(() => !document.hidden && document.hasFocus());
  await notices.none();
  await serve(call);
});

test('a caller who gives up takes the notification along, and so does a look at the desk', async () => {
  await desktop.lookAway(desk.page);
  const lost = await provider.call({ from: '79261234568', to: numbers.direct });
  await notices.one();
  await lost.hangUp();
  await notices.none();

  const call = await provider.call({ from: '79261234569', to: numbers.direct });
  await notices.one();
  await desk.page.bringToFront();
  await notices.none();
  await serve(call);
});

test('a call that rings in sight is not notified', async () => {
  const before = notices.count;
  const call = await provider.call({ from: '79261234570', to: numbers.direct });
  await desk.rings();
  await desk.answer();
  await call.answered();
  assert.equal(notices.count, before);
  await desk.hangUp();
  await call.over();
});
