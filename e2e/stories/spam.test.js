// «Спам» and VIP: what the operator says of a caller is remembered.

import assert from 'node:assert/strict';
import test from 'node:test';

import { Browser } from '../lib/browser.js';
import { numbers } from '../lib/caller.js';
import { people } from '../lib/company.js';
import { Desk, signIn } from '../lib/desk.js';
import { voice } from '../lib/place.js';
import { setting } from '../lib/setting.js';
import { goOn } from '../lib/wait.js';

const { provider, server, admin } = await setting();
const browser = await Browser.start({ microphone: voice('operator-reply') });
const desk = await Desk.ready(browser, server);

test('a caller gets a name and «VIP», and both stand on the card of the next call', async () => {
  const call = await provider.call({ from: '79261110001', to: numbers.direct });
  await desk.rings();
  await desk.answer();
  await call.answered();
  const card = desk.page.getByRole('region', { name: 'Звонящий' });
  await card.getByRole('button', { name: 'Изменить' }).click();
  await card.getByLabel('Имя', { exact: true }).fill('Иван Петров');
  await card.getByLabel('Заметка').fill('Партнёр');
  await card.getByLabel(/VIP/).check();
  await card.getByRole('button', { name: 'Сохранить' }).click();
  await card.getByText('VIP', { exact: true }).waitFor();
  await call.hangUp();
  await desk.over();
  await desk.free();

  const again = await provider.call({ from: '79261110001', to: numbers.direct });
  await desk.rings();
  await card.getByText('Иван Петров').waitFor();
  await card.getByText('Партнёр').waitFor();
  await again.hangUp();
  await desk.page.getByText('Ждём звонка').waitFor();
});

test('one key ends a call as spam, the next one is refused, and the cabinet takes the number out again', async () => {
  const call = await provider.call({ from: '79261110002', to: numbers.direct });
  await desk.rings();
  await desk.answer();
  await call.answered();
  await goOn(1_000);
  await desk.page.keyboard.press('Shift+KeyS');
  await call.over();
  await desk.page.getByText('Ждём звонка').waitFor();
  const stored = await admin.call((it) => it.ended_at && it.result === 'spam');
  assert.equal(stored.ending, 'operator_hung_up');
  assert.equal(stored.caller_phone, '+79261110002');

  const again = await provider.call({ from: '79261110002', to: numbers.direct });
  assert.equal(await again.refused(), 'BUSY');
  const refused = await admin.call((it) => it.ending === 'blocked');
  assert.equal(refused.result, 'spam');

  const page = await browser.page(server.url);
  await signIn(page, people.admin);
  await page.goto('/cabinet/settings/contacts');
  await page.getByText('Чёрный список', { exact: true }).first().click();
  await page.getByRole('button', { name: 'Удалить: +7 (926) 111-00-02' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Удалить' }).click();
  await page.getByText('Чёрный список пуст').waitFor();

  const third = await provider.call({ from: '79261110002', to: numbers.direct });
  await desk.rings();
  await third.hangUp();
});
