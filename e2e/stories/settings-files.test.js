// «Отделы» and «Сотрудники» out of files, looked at before they are taken, and as files again.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';

import { Browser } from '../lib/browser.js';
import { opening, people, signInFirst } from '../lib/company.js';
import { signIn } from '../lib/desk.js';
import { Server } from '../lib/server.js';
import { ru as words } from '../lib/words.js';

const DEPARTMENTS = 'Отдел;Добавочный;Посылать уведомления\nОтдел продаж;110;Всему отделу\nБухгалтерия;120;Всему отделу\n';
const STAFF = [
  'Email логин;ФИО;Отдел;Должность;Добавочный;Мобильный номер',
  'anna@romashka.test;Иванова Анна;Отдел продаж;Директор;101;89261110001',
  'boris@;Седов Борис;Склад;Кладовщик;102;89261110002',
  'vera@romashka.test;Титова Вера;Бухгалтерия;Бухгалтер;103;89261110003',
].join('\n');

test('employees and departments come from CSV and XLSX with wrong rows named, and leave as they came', async () => {
  const [server, browser] = await Promise.all([Server.start(), Browser.start()]);
  const admin = await signInFirst(server, people.admin, ...opening);
  const page = await browser.page(server.url);
  const button = (/** @type {string} */ name) => page.getByRole('button', { name, exact: true });
  const cell = (/** @type {string} */ column, /** @type {number} */ row) => page.getByLabel(words.row(column, row), { exact: true });
  const preview = page.getByRole('dialog');
  /** @param {string} item */
  const file = async (item) => {
    await button(words.file.menu).click();
    await page.getByRole('menuitem', { name: item }).click();
  };
  /** @param {{ name: string, buffer: Buffer }} chosen */
  const bring = async (chosen) => {
    const asked = page.waitForEvent('filechooser');
    await file(words.file.import);
    // What a browser makes of the name counts: Windows without Excel knows no type.
    await (await asked).setFiles({ ...chosen, mimeType: '' });
    await preview.getByRole('button', { name: words.file.take }).waitFor();
  };
  /** @param {string} item */
  const download = async (item) => {
    const coming = page.waitForEvent('download');
    await file(item);
    const download = await coming;
    return { name: download.suggestedFilename(), buffer: readFileSync(await download.path()) };
  };
  const take = async () => {
    await preview.getByRole('button', { name: words.file.take }).click();
    await preview.waitFor({ state: 'hidden' });
  };
  const save = async () => {
    await button(words.save).click();
    await button(words.saved).waitFor();
  };

  await signIn(page, people.admin);
  await page.goto('/cabinet/settings/departments');
  await bring({ name: 'отделы.csv', buffer: Buffer.from(DEPARTMENTS) });
  await take();
  await save();

  await page.getByRole('tab', { name: words.employees.tab }).click();
  await bring({ name: 'сотрудники.csv', buffer: Buffer.from(STAFF) });
  const wrong = preview.getByRole('region', { name: words.file.wrong }).getByRole('listitem');
  assert.match(await wrong.innerText(), /^Строка 3 · Седов Борис\s+Email логин: .+\s+Отдел: .*«Склад»/);
  await take();
  assert.deepEqual((await admin.get('/api/employees')).items, [], 'it was saved before «Сохранить»');
  await save();
  await cell(words.employees.email, 2).waitFor();

  const csv = await download(words.file.csv);
  const lines = STAFF.split('\n').filter((line) => !line.startsWith('boris'));
  assert.deepEqual(csv.buffer.toString('utf8').replace(/^\ufeff/, '').trim().split('\r\n'), lines);
  const xlsx = await download(words.file.xlsx);
  assert.deepEqual([csv.name, xlsx.name], ['employees.csv', 'employees.xlsx']);

  // Vera goes, and comes back out of the workbook; Anna is known.
  await button(words.employees.remove('Титова Вера')).click();
  await preview.getByRole('button', { name: words.delete, exact: true }).click();
  await save();
  await bring(xlsx);
  await preview.getByText('Новых строк: 1, обновится: 1, с ошибками: 0.').waitFor();
  await take();
  await save();
  assert.deepEqual((await download(words.file.csv)).buffer, csv.buffer);
});
