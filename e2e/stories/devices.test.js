// What an operator speaks into, hears through, and where it rings: chosen once, and kept.

import assert from 'node:assert/strict';
import test from 'node:test';

import { Browser } from '../lib/browser.js';
import { numbers } from '../lib/caller.js';
import { people } from '../lib/company.js';
import { Desk, signIn } from '../lib/desk.js';
import { voice } from '../lib/place.js';
import { setting } from '../lib/setting.js';
import { until } from '../lib/wait.js';

/** As Chromium calls its made-up devices. */
const chosen = { microphone: 'Fake Audio Input 2', headphones: 'Fake Audio Output 1', ringer: 'Fake Audio Output 2' };
const fields = { microphone: 'Микрофон', headphones: 'Наушники', ringer: 'Где звонит' };
const all = /** @type {(keyof typeof chosen)[]} */ (Object.keys(chosen));

/** Runs in the page, before its own scripts: knows what is sent from which device, and played on which. */
function devices() {
  /** @type {Set<HTMLMediaElement>} */
  const played = new Set();
  /** @type {Set<RTCPeerConnection>} */
  const connections = new Set();
  const { play } = HTMLMediaElement.prototype;
  HTMLMediaElement.prototype.play = function () {
    played.add(this);
    return play.call(this);
  };
  const { addTransceiver } = RTCPeerConnection.prototype;
  RTCPeerConnection.prototype.addTransceiver = function (/** @type {Parameters<typeof addTransceiver>} */ ...args) {
    connections.add(this);
    return addTransceiver.apply(this, args);
  };
  /** @type {any} */ (globalThis).devicesInUse = async () => {
    const known = await navigator.mediaDevices.enumerateDevices();
    const name = (/** @type {string} */ kind, /** @type {string | undefined} */ id) => known.find((it) => it.kind === kind && it.deviceId === (id || 'default'))?.label;
    const connected = [...connections].filter((it) => it.connectionState === 'connected');
    return {
      speaks: connected.flatMap((it) => it.getSenders()).map(({ track }) => name('audioinput', track?.getSettings().deviceId)),
      plays: [...played].filter((it) => it.srcObject && !it.paused).map((it) => name('audiooutput', it.sinkId)).sort(),
    };
  };
}

test('the devices that an operator chooses are used, and still are after a reload', async () => {
  const { provider, server } = await setting();
  const browser = await Browser.start({ microphone: voice('operator-reply') });
  const page = await browser.page(server.url);
  await page.addInitScript(devices);
  const field = (/** @type {keyof typeof chosen} */ which) => page
    .getByRole('combobox', { name: fields[which], exact: true }).or(page.getByRole('textbox', { name: fields[which], exact: true })).first();
  const inUse = (/** @type {{ speaks: string[], plays: string[] }} */ wanted) => until(`in use: ${JSON.stringify(wanted)}`, async () => {
    const found = JSON.stringify(await page.evaluate(() => /** @type {any} */ (globalThis).devicesInUse()));
    return found === JSON.stringify(wanted) || Promise.reject(new Error(found));
  });
  const idle = { speaks: [chosen.microphone], plays: [chosen.headphones] };
  const ringing = { ...idle, plays: [chosen.headphones, chosen.ringer] };

  await signIn(page, people.operator);
  await page.getByRole('button', { name: 'Включить микрофон' }).click();
  await page.getByText('Вас слышно').waitFor();
  await page.getByRole('region', { name: 'Проверка микрофона' }).locator('[data-test]').waitFor();
  for (const which of all) {
    await field(which).click();
    await page.getByRole('option', { name: chosen[which] }).click();
  }
  await inUse(idle);
  await page.getByRole('button', { name: 'Позвонить', exact: true }).click();
  await inUse(ringing);

  await page.reload();
  await inUse(idle);
  await page.getByRole('button', { name: 'Настроить микрофон' }).or(field('microphone')).first().waitFor();
  for (const which of all) assert.equal(await field(which).inputValue(), chosen[which]);
  await page.getByRole('region', { name: 'Проверка микрофона' }).getByRole('button', { name: 'Готов', exact: true }).click();
  await page.getByText('Ждём звонка').waitFor();

  const desk = new Desk(page);
  const call = await provider.call({ from: '79261234567', to: numbers.direct });
  await desk.rings();
  await inUse(ringing);
  await desk.answer();
  await call.answered();
  await inUse(idle);
  await desk.hangUp();
  await call.over();
});
