// The quick start, walked as it is written: its steps in its own order and words,
// using only what a user sees. Asterisk plays the customer's PBX; the document's
// part «Настройки в АТС Манго» is therefore Asterisk's configuration, but for the
// form that is copied from.

import assert from 'node:assert/strict';

import { loudness } from './audio.js';
import { Asterisk } from './asterisk.js';
import { Browser } from './browser.js';
import { Provider, numbers } from './caller.js';
import { create, extension, people } from './company.js';
import { speak } from './language.js';
import { address, MailServer, told } from './mail.js';
import { decode } from './recording.js';
import { Server } from './server.js';
import { words as all } from './words.js';

const company = {
  name: 'Ромашка', legalName: 'ООО «Ромашка»', about: 'Цветы и букеты с доставкой.',
  address: 'Москва, Цветной бульвар, 1, вход со двора', site: 'romashka.test', phone: '+7 (495) 000-00-01',
  email: 'hello@romashka.test', notToSay: 'Не называть цены.',
};
const department = 'Отдел продаж';
const wrongEmail = 'ana@romashka.test';
const line = 'Пропущенные';

/**
 * From the e-mail with the password to «Отключить от колл-центра».
 * @param {{ language: 'ru' | 'en', phone?: boolean }} how
 */
export async function walk({ language, phone = false }) {
  const words = all[language];
  const mail = await MailServer.start();
  const pbx = await Asterisk.start({ noAnswer: 1 });
  const [server, provider, browser] = await Promise.all([Server.start({ mail }), Provider.start(pbx), Browser.start()]);
  const { login, password } = people.admin;
  await create(server, 'create-company', '--name', company.name, '--admin-email', login);
  const page = await browser.page(server.url, { phone, language });

  /** @typedef {import('playwright-core').Locator} Locator */
  const press = (/** @type {Locator} */ it) => (phone ? it.tap() : it.click());
  const button = (/** @type {string} */ name) => page.getByRole('button', { name, exact: true });
  const field = (/** @type {string} */ name) => page.getByLabel(name, { exact: true });
  const cell = (/** @type {string} */ column, /** @type {number} */ row) => field(words.row(column, row));
  const go = (/** @type {'home' | 'lines' | 'settings'} */ place) => {
    const name = phone && place === 'lines' ? words.nav.linesShort : words.nav[place];
    return press(page.getByRole('link', { name, exact: true }));
  };
  const choose = async (/** @type {Locator} */ list, /** @type {string | RegExp} */ option) => {
    await press(list);
    await press(page.getByRole('option', { name: option }));
  };
  const list = (/** @type {string} */ name) =>
    page.getByRole('combobox', { name, exact: true }).or(page.getByRole('textbox', { name, exact: true })).first();
  const save = async () => {
    await press(button(words.save));
    await button(words.saved).waitFor();
  };
  const card = page.getByRole('article', { name: line });

  // Настройка компании в Телефонистке
  await step('Зайдите в личный кабинет; логин, пароль и адрес личного кабинета вы должны были получить по Email', async () => {
    const { text } = await mail.letterTo(login);
    const { login: user, password: first } = told(text);
    await page.goto(address(text));
    await speak(page, words, press);
    await field(words.signIn.email).fill(user);
    await field(words.signIn.password).fill(first);
    await press(button(words.signIn.enter));
    await field(all.ru.password.current).or(field(all.en.password.current)).waitFor();
    await speak(page, words, press);
    await page.getByRole('heading', { name: words.password.title }).waitFor();
    await field(words.password.current).fill(first);
    await field(words.password.fresh).fill(password);
    await field(words.password.again).fill(password);
    await press(button(words.password.save));
    await page.getByText(words.calls.empty).waitFor();
  });

  await step('Перейдите в раздел Настройки', () => go('settings'));

  await step('На закладке Компания задайте параметры своей организации. Назначение каждого параметра подробно расписано на странице', async () => {
    await page.getByRole('tab', { name: words.company.tab, selected: true }).waitFor();
    for (const key of /** @type {(keyof typeof company)[]} */ (Object.keys(company))) {
      const input = page.getByRole('textbox', { name: words.company[key], exact: true });
      await input.fill(company[key]);
      assert.ok(await explained(input), `«${words.company[key]}» is not explained`);
    }
  });

  await step('Нажмите кнопку Сохранить в правом верхнем углу', save);

  await step('Перейдите в раздел Рабочее время', () => press(page.getByRole('tab', { name: words.hours.tab })));

  await step('Выберете часовой пояс и задайте рабочее время для своей компании', async () => {
    await choose(list(words.hours.zone), words.hours.city);
    await field(words.hours.mondayEnd).fill('19:00');
  });

  await step('Нажмите кнопку Сохранить в правом верхнем углу', save);

  await step('Перейдите в раздел Отделы', () => press(page.getByRole('tab', { name: words.departments.tab })));

  await step('Нажмите кнопку Добавить', () => press(button(words.add)));

  await step('В появившейся строке: Отдел, Добавочный, Посылать уведомления', async () => {
    await cell(words.departments.name, 1).fill(department);
    await cell(words.departments.extension, 1).fill('110');
    await choose(list(words.row(words.departments.notify, 1)), words.departments.everyone);
  });

  await step('Нажмите кнопку Сохранить в правом верхнем углу', save);

  await step('Перейдите в раздел Сотрудники', () => press(page.getByRole('tab', { name: words.employees.tab })));

  await step('Нажмите кнопку Добавить', () => press(button(words.add)));

  await step('В появившейся строке введите: Email логин, ФИО, Отдел, Должность, Добавочный, Мобильный номер', async () => {
    await cell(words.employees.email, 1).fill(wrongEmail);
    await cell(words.employees.name, 1).fill(people.employee.name);
    await save();
  });

  await step('Email логин не может быть изменен. Если вы ошиблись, удалите сотрудника (иконка "корзина") и создайте заново', async () => {
    const email = cell(words.employees.email, 1);
    assert.equal(await email.inputValue(), wrongEmail);
    assert.equal(await email.isEditable(), false);
    await press(button(words.employees.remove(people.employee.name)));
    await press(page.getByRole('dialog').getByRole('button', { name: words.delete, exact: true }));
    await press(button(words.add));
    await email.fill(people.employee.email);
    await cell(words.employees.name, 1).fill(people.employee.name);
    await choose(list(words.row(words.employees.department, 1)), department);
    await cell(words.employees.position, 1).fill('Менеджер');
    await cell(words.employees.extension, 1).fill('101');
    await cell(words.employees.mobile, 1).fill('89261110000');
  });

  await step('Нажмите кнопку Сохранить в правом верхнем углу', save);

  await step('В личном кабинете перейдите в раздел Линии и сценарии', () => go('lines'));

  await step('Нажмите кнопку Добавить линию и сценарий', () => press(button(words.lines.add).first()));

  await step('Введите название линии и выберите в списке Сценарий линии вариант Защита от пропущенных. Нажмите на кнопку Создать', async () => {
    const window = page.getByRole('dialog', { name: words.lines.add });
    await window.getByLabel(words.lines.name).fill(line);
    await choose(list(words.lines.scenario), words.lines.missedCalls);
    await press(window.getByRole('button', { name: words.lines.create, exact: true }));
    await card.getByRole('img', { name: words.lines.problem }).waitFor();
  });

  const script = card.getByRole('region', { name: words.script.title });
  await step('Перейдите в раздел Сценарий обработки звонков', () => script.waitFor());

  await step('В пунктах 1 и 2 выберите варианты приветсвия и прощания, которые вам больше нравятся', async () => {
    await script.getByRole('radiogroup', { name: words.script.greeting }).getByRole('radio').nth(1).check();
    await script.getByRole('radiogroup', { name: words.script.farewell }).getByRole('radio').nth(1).check();
  });

  await step('В пункте 3 выберите, на какого сотрудника или отдел будут передаваться сообщения от оператора', () =>
    choose(list(words.script.recipient), department));

  await step('В пункте 4 укажите, хотите ли вы обрабатывать звонки в нерабочее время', async () => {
    await script.getByRole('radio', { name: words.no, exact: true }).check();
    await script.getByRole('radio', { name: words.yes, exact: true }).check();
    await save();
  });

  // Настройки в АТС Манго: the form with SIP ID, password and domain
  const account = card.getByRole('region', { name: words.account.title });
  const check = account.getByRole('button', { name: words.account.check });
  await step('SIP ID до "@" в поле Пользователь, Пароль в поле Пароль, Домен в поле SIP сервер, поле SIP proxy заполнять не надо', async () => {
    assert.equal(await check.count(), 0, 'the button waits for the required fields');
    // Who copies the whole SIP ID does no harm: the domain goes where it belongs.
    const user = account.getByRole('textbox', { name: words.account.user });
    await user.fill(`${extension.user}@${pbx.bind}`);
    await account.getByRole('textbox', { name: words.account.password }).fill('wrong');
    const domain = account.getByRole('textbox', { name: words.account.server });
    assert.deepEqual([await user.inputValue(), await domain.inputValue()], [extension.user, pbx.bind]);
    assert.equal(await account.getByRole('textbox', { name: words.account.proxy }).inputValue(), '');
    // Mango is reached at the usual port, the story's Asterisk at another.
    await press(account.getByRole('button', { name: words.account.others }));
    await account.getByRole('textbox', { name: words.account.port, exact: true }).fill(String(pbx.port));
  });

  await step('Если параметры заданы неправильно, внизу появится сообщение о том, что соединение не установлено', async () => {
    await press(check);
    await account.getByRole('alert').filter({ hasText: words.account.notEstablished }).waitFor();
  });

  await step('Нажмите на кнопку Сохранить и проверить. Если соединение проверено успешно, появится сообщение Соединение установлено', async () => {
    await account.getByRole('textbox', { name: words.account.password }).fill(extension.password);
    await press(check);
    await account.getByRole('alert').filter({ hasText: words.account.established }).waitFor();
  });

  // Проверка и запуск
  await step('Убедитесь, что слева от названия линии нет красного восклицательного знака', () =>
    card.getByRole('img', { name: words.lines.problem }).waitFor({ state: 'hidden' }));

  await step('На своей АТС позвоните на внутренний номер. Вы должны услышать сообщение, в котором вас попросят что-нибудь сказать', async () => {
    const call = await provider.call({ from: '79261234567', to: numbers.direct, says: 'olga-smirnova', after: 9 });
    await call.answered();
    await call.over(90_000);
    assert.ok(loudness((await call.heard()).subarray(0, 8 * 8000)) > 0.01, 'nothing was heard');
  });

  await step('После звонка в личном кабинете перейдите в раздел Главная', () => go('home'));

  const row = page.getByRole('listitem').filter({ hasText: '+7 (926) 123-45-67' }).filter({ hasText: words.calls.test });
  await step('На панели звонки найдите совершенный звонок', () => row.waitFor({ timeout: 60_000 }));

  await step('Щелкните по строке звонка, появится плеер для прослушивания записи', async () => {
    await press(row.getByRole('button').first());
    await button(words.calls.play).waitFor();
  });

  await step('Прослушайте запись и убедитесь, что слышен и голос оператора, и ваш голос', async () => {
    await press(button(words.calls.play));
    await page.waitForFunction(() => (document.querySelector('audio')?.currentTime ?? 0) > 0.5);
    const address = await page.evaluate(() => document.querySelector('audio')?.currentSrc ?? '');
    const loud = (await decode(page, address)).map(loudness);
    assert.ok(loud.length === 2 && loud.every((it) => it > 0.005), `one voice is missing: ${loud}`);
  });

  await step('В разделе Линии и сценарии найдите недавно созданную линию', async () => {
    await go('lines');
    await card.waitFor();
  });

  const menu = page.getByRole('button', { name: words.lines.menu(line) });
  await step('Наведите мышкой на область левее названия линии и нажмите на появившуюся кнопку, откроется меню', async () => {
    if (!phone) await card.hover();
    await press(menu);
  });

  const connected = card.getByText(words.lines.connected, { exact: true });
  await step('В открывшемся меню выберите пункт Подключить к колл-центру', async () => {
    await press(page.getByRole('menuitem', { name: words.lines.connect }));
    await connected.waitFor();
  });

  await step('С этого момента звонки будут обрабатываться колл-центром', async () => {
    const call = await provider.call({ from: '79261234568', to: numbers.direct });
    await go('home');
    const arrived = page.getByRole('listitem').filter({ hasText: '+7 (926) 123-45-68' });
    await arrived.waitFor({ timeout: 60_000 });
    assert.equal(await arrived.filter({ hasText: words.calls.test }).count(), 0, 'it is no test call');
    await call.hangUp();
    await go('lines');
  });

  await step('В этом же меню нужно выбрать Отключить от колл-центра (пункт появляется только на включенных линиях)', async () => {
    await press(menu);
    assert.equal(await page.getByRole('menuitem', { name: words.lines.connect }).count(), 0);
    await press(page.getByRole('menuitem', { name: words.lines.disconnect }));
    await connected.waitFor({ state: 'hidden' });
  });

  await step('nothing stands beside the page', async () => {
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `the page is ${wide} pixels wider than the screen`);
  });
}

/**
 * What the page says about a field, beside its label.
 * @param {import('playwright-core').Locator} field
 */
function explained(field) {
  return field.evaluate((input) => {
    const ids = input.getAttribute('aria-describedby')?.split(' ') ?? [];
    return ids.map((id) => document.getElementById(id)?.textContent ?? '').join(' ').trim();
  });
}

/**
 * Says at which of the document's steps a walk failed.
 * @param {string} text the document's
 * @param {() => Promise<unknown>} act
 */
async function step(text, act) {
  try {
    await act();
  } catch (error) {
    throw new Error(`at «${text}»: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}
