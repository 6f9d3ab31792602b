// The README's pictures, taken from the demo: docs/pictures/*.png.

import test from 'node:test';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { Browser } from './lib/browser.js';
import { startDemo } from './lib/demo.js';
import { repository, voice } from './lib/place.js';

const pictures = join(repository, 'docs/pictures');

test('pictures of desk, home, lines and app', async () => {
  mkdirSync(pictures, { recursive: true });
  const url = await startDemo();
  const browser = await Browser.start({ microphone: voice('operator-reply') });

  const desk = await browser.page(url);
  await desk.setViewportSize({ width: 1280, height: 840 });
  await desk.goto('/api/demo/enter?as=operator');
  await desk.getByRole('button', { name: 'Включить микрофон' }).click();
  await desk.getByText('Вас слышно').waitFor();
  await desk.getByRole('button', { name: 'Готов', exact: true }).first().click();
  await desk.getByRole('button', { name: 'Позвонить' }).click();
  await desk.getByRole('button', { name: /^Ответить/ }).click();
  await desk.getByRole('button', { name: /^Завершить/ }).waitFor();
  await desk.getByLabel('Текст сообщения').fill('Просит перезвонить: кофемашина не греет воду.');
  await desk.getByText('0:05').first().waitFor();
  await desk.screenshot({ path: join(pictures, 'desk.png') });
  await desk.getByRole('button', { name: /^Отправить/ }).click();
  await desk.getByText('Сообщение отправлено').waitFor();
  await desk.getByText('0:24').first().waitFor({ timeout: 30_000 });
  await desk.getByRole('button', { name: /^Завершить/ }).click();

  const cabinet = await browser.page(url);
  await cabinet.setViewportSize({ width: 1280, height: 840 });
  await cabinet.goto('/api/demo/enter?as=admin');
  await cabinet.getByText('Просит перезвонить: кофемашина не греет воду.').first().click();
  await cabinet.getByRole('button', { name: 'Слушать' }).first().waitFor();
  await cabinet.screenshot({ path: join(pictures, 'home.png') });
  await cabinet.goto('/cabinet/lines');
  await cabinet.getByRole('button', { name: /^Настройки линии/ }).click();
  await cabinet.getByText('Подключение к АТС (SIP)').first().waitFor();
  await cabinet.setViewportSize({ width: 1280, height: 1240 });
  await cabinet.screenshot({ path: join(pictures, 'lines.png') });

  const app = await browser.page(url, { phone: true });
  await app.goto('/api/demo/enter?as=employee');
  await app.getByText('Просит перезвонить: кофемашина не греет воду.').first().click();
  await app.getByRole('button', { name: 'Принять в работу' }).waitFor();
  await app.screenshot({ path: join(pictures, 'app.png'), scale: 'css' });
});
