// The quick start, step by step, on the cabinet's pages.

import assert from 'node:assert/strict';
import test from 'node:test';

import { Asterisk } from '../lib/asterisk.js';
import { Browser } from '../lib/browser.js';
import { Provider, numbers } from '../lib/caller.js';
import { create, extension, people } from '../lib/company.js';
import { signIn } from '../lib/desk.js';
import { Server } from '../lib/server.js';

test('a company is set up on the pages, its line registers and its first test call is on «Главная»', async () => {
  const pbx = await Asterisk.start({ noAnswer: 1 });
  const [server, provider, browser] = await Promise.all([Server.start(), Provider.start(pbx), Browser.start()]);
  const { login, password } = people.admin;
  const first = await create(server, 'create-company', '--name', 'Ромашка', '--admin-email', login);
  const page = await browser.page(server.url);
  const saved = () => page.getByRole('button', { name: 'Сохранено' }).waitFor();
  const save = async () => {
    await page.getByRole('button', { name: 'Сохранить', exact: true }).click();
    await saved();
  };

  await atStep('the first sign-in asks for a new password', async () => {
    await signIn(page, { login, password: first });
    await page.getByLabel('Текущий пароль').fill(first);
    await page.getByLabel('Новый пароль', { exact: true }).fill(password);
    await page.getByLabel('Новый пароль ещё раз').fill(password);
    await page.getByRole('button', { name: 'Сохранить пароль' }).click();
    await page.getByText('Звонков пока нет').waitFor();
  });

  await atStep('«Компания»', async () => {
    await page.getByRole('link', { name: 'Настройки' }).click();
    await page.getByRole('link', { name: 'Компания' }).click();
    await page.getByLabel('Чем занимается компания').fill('Цветы и букеты с доставкой.');
    await save();
  });

  await atStep('«Рабочее время»', async () => {
    await page.getByRole('tab', { name: 'Рабочее время' }).click();
    await page.getByLabel('Конец, понедельник').fill('19:00');
    await save();
  });

  await atStep('«Отделы»', async () => {
    await page.getByRole('tab', { name: 'Отделы' }).click();
    await page.getByRole('button', { name: 'Добавить', exact: true }).click();
    await page.getByLabel('Отдел, строка 1').fill('Отдел продаж');
    await save();
  });

  await atStep('«Сотрудники»', async () => {
    await page.getByRole('tab', { name: 'Сотрудники' }).click();
    await page.getByRole('button', { name: 'Добавить', exact: true }).click();
    await page.getByLabel('Email логин, строка 1').fill(people.employee.email);
    await page.getByLabel('ФИО, строка 1').fill(people.employee.name);
    await page.getByRole('combobox', { name: 'Отдел, строка 1' }).click();
    await page.getByRole('option', { name: 'Отдел продаж' }).click();
    await save();
  });

  await atStep('«Линии и сценарии»', async () => {
    await page.getByRole('link', { name: 'Линии и сценарии' }).click();
    await page.getByRole('button', { name: 'Добавить линию и сценарий' }).first().click();
    const window = page.getByRole('dialog');
    await window.getByLabel('Название линии').fill('Пропущенные');
    await window.getByRole('button', { name: 'Создать' }).click();
    await page.getByRole('img', { name: 'Линия не работает' }).waitFor();
    await page.getByText('Обрабатывать звонки в нерабочее время').waitFor();
    await page.getByRole('radio', { name: 'Да', exact: true }).check();
    await page.getByRole('combobox', { name: 'Кому передавать сообщения' })
      .or(page.getByRole('textbox', { name: 'Кому передавать сообщения' })).first().click();
    await page.getByRole('option', { name: 'Отдел продаж' }).click();
    await save();
  });

  await atStep('«Подключение к АТС (SIP)»', async () => {
    const check = page.getByRole('button', { name: 'Сохранить и проверить' });
    assert.equal(await check.count(), 0, 'the button waits for the required fields');
    // The whole `user@domain` is pasted: the domain goes to the server's field.
    await page.getByLabel('Пользователь').fill(`${extension.user}@${pbx.bind}`);
    await page.getByRole('textbox', { name: 'Пароль' }).fill('wrong');
    assert.equal(await page.getByLabel('Пользователь').inputValue(), extension.user);
    assert.equal(await page.getByLabel('SIP сервер').inputValue(), pbx.bind);
    await page.getByRole('button', { name: 'Дополнительные параметры' }).click();
    await page.getByLabel('Порт', { exact: true }).fill(String(pbx.port));
    await check.click();
    await page.getByText('Соединение не установлено').waitFor();
    await page.getByRole('textbox', { name: 'Пароль' }).fill(extension.password);
    await check.click();
    await page.getByRole('alert').filter({ hasText: 'Соединение установлено' }).waitFor();
    await page.getByRole('img', { name: 'Линия не работает' }).waitFor({ state: 'hidden' });
  });

  await atStep('a test call stands on «Главная» and plays', async () => {
    const call = await provider.call({ from: '79261234567', to: numbers.direct, says: 'olga-smirnova' });
    await call.answered();
    await page.getByRole('link', { name: 'Главная' }).click();
    await call.over(90_000);
    const row = page.getByRole('listitem').filter({ hasText: '+7 (926) 123-45-67' });
    await row.getByText('Тестовый звонок').waitFor();
    await row.getByRole('button').first().click();
    await page.getByRole('button', { name: 'Слушать' }).click();
    await page.waitForFunction(() => (document.querySelector('audio')?.currentTime ?? 0) > 0.5);
  });

  await atStep('«Подключить к колл-центру»', async () => {
    await page.getByRole('link', { name: 'Линии и сценарии' }).click();
    await page.getByRole('button', { name: 'Меню линии «Пропущенные»' }).click();
    await page.getByRole('menuitem', { name: 'Подключить к колл-центру' }).click();
    await page.getByText('Подключена к колл-центру', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Меню линии «Пропущенные»' }).click();
    await page.getByRole('menuitem', { name: 'Отключить от колл-центра' }).waitFor();
  });
});

/**
 * Says in which step a story failed.
 * @param {string} name
 * @param {() => Promise<void>} step
 */
async function atStep(name, step) {
  try {
    await step();
  } catch (error) {
    throw new Error(`at ${name}: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}
