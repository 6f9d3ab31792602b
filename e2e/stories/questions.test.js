// «Вопросы сценария» and «Готовые тексты»: edited in the cabinet, asked at the desk, read in the letter and the cabinet.

import assert from 'node:assert/strict';
import test from 'node:test';

import { Asterisk } from '../lib/asterisk.js';
import { Browser } from '../lib/browser.js';
import { Provider } from '../lib/caller.js';
import { Company, people } from '../lib/company.js';
import { Desk, signIn } from '../lib/desk.js';
import { MailServer } from '../lib/mail.js';
import { voice } from '../lib/place.js';
import { Server } from '../lib/server.js';
import { ru as words } from '../lib/words.js';

test('what a company wants asked is asked, and the answers come with the message', async () => {
  const mail = await MailServer.start();
  const pbx = await Asterisk.start({ name: 'pbx', noAnswer: 1 });
  const [server, provider, browser] = await Promise.all([
    Server.start({ mail }),
    Provider.start(pbx),
    Browser.start({ microphone: voice('operator-reply') }),
  ]);
  await Company.create(server, pbx);

  // The cabinet: two questions, put in order, and one that is taken away again after asking.
  const cabinet = await browser.page(server.url);
  await signIn(cabinet, people.admin);
  await cabinet.goto('/cabinet/lines');
  await cabinet.getByRole('button', { name: words.lines.unfold('Отдел продаж') }).click();
  const script = cabinet.getByRole('region', { name: words.script.title });
  const question = (/** @type {number} */ number) => script.getByRole('group', { name: `Вопрос ${number}`, exact: true });
  const add = async (/** @type {number} */ number, /** @type {string} */ label, /** @type {string} */ kind) => {
    await script.getByRole('button', { name: 'Добавить вопрос' }).click();
    await question(number).getByLabel('Вопрос', { exact: true }).fill(label);
    await question(number).getByRole('combobox', { name: 'Как отвечают' }).or(question(number).getByRole('textbox', { name: 'Как отвечают' })).first().click();
    await cabinet.getByRole('option', { name: kind }).click();
  };
  await add(1, 'Филиал', 'Выбором из списка');
  await question(1).getByLabel('Варианты').fill('Центр\nСевер\n');
  await add(2, 'Номер договора', 'Числом');
  await question(2).getByLabel(/^Обязательный/).check();
  await add(3, 'Лишний', 'Датой');
  await question(2).getByRole('button', { name: 'Выше, вопрос 2' }).click();
  await question(3).getByRole('button', { name: 'Удалить вопрос 3' }).click();
  await cabinet.getByRole('dialog').getByText('«Лишний»', { exact: false }).waitFor();
  await cabinet.getByRole('dialog').getByRole('button', { name: words.delete }).click();
  await script.getByRole('button', { name: words.save, exact: true }).click();
  await script.getByRole('button', { name: words.saved }).waitFor();

  await cabinet.goto('/cabinet/settings/company');
  await cabinet.getByRole('button', { name: 'Добавить текст' }).click();
  await cabinet.getByLabel('Готовый текст 1', { exact: true }).fill('Просит перезвонить до вечера.');
  await cabinet.getByRole('button', { name: words.save, exact: true }).click();
  await cabinet.getByRole('button', { name: words.saved }).waitFor();

  const desk = await Desk.ready(browser, server);
  const call = await provider.call({ from: '79261234567', says: 'ivan-petrov' });
  await desk.rings();
  await desk.answer();
  const { page } = desk;
  const asked = page.getByRole('group', { name: 'Вопросы сценария' });
  await asked.waitFor();
  assert.deepEqual(await asked.locator('label').allInnerTexts(), ['Номер договора *', 'Филиал']);

  // The key opens the texts while the operator types, and one is put in.
  await page.getByLabel(words.desk.text).fill('Срочно!');
  await page.getByLabel(words.desk.text).press('Alt+KeyP');
  await page.getByRole('menuitem', { name: /^Просит перезвонить/ }).click();
  await page.waitForFunction(() => document.querySelector('textarea')?.value === 'Срочно! Просит перезвонить до вечера.');

  // Nothing leaves without what has to be answered; what is no number is told.
  await page.getByRole('button', { name: words.desk.send }).click();
  await asked.getByText('Заполните это поле').waitFor();
  await asked.getByLabel('Номер договора').fill('много');
  await asked.getByText('Укажите число, например 12,5').waitFor();
  await asked.getByLabel('Номер договора').fill('1 250,5');
  await asked.getByRole('combobox', { name: 'Филиал' }).or(asked.getByRole('textbox', { name: 'Филиал' })).first().click();
  await page.getByRole('option', { name: 'Север' }).click();

  // A reload loses neither the call nor what is written.
  await page.reload();
  await page.getByRole('button', { name: words.desk.hangUp }).waitFor();
  assert.equal(await asked.getByLabel('Номер договора').inputValue(), '1 250,5');
  await page.getByRole('button', { name: words.desk.send }).click();
  await page.getByText(words.desk.sent).waitFor();

  const letter = await mail.messageTo(people.employee.email);
  assert.match(letter.text, /Срочно! Просит перезвонить до вечера\.\r?\n\r?\nНомер договора: 1250,5\r?\nФилиал: Север/);

  await cabinet.goto('/cabinet');
  const row = cabinet.getByRole('listitem').filter({ hasText: '+7 (926) 123-45-67' }).first();
  await row.getByRole('button').first().click();
  await cabinet.getByText('Филиал').first().waitFor();
  await cabinet.getByText('Север', { exact: true }).first().waitFor();
  await call.hangUp();
});
