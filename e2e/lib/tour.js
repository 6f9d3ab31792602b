// Every page and every state of it that is worth a look, one after another: for
// who checks them and for who takes their pictures.

import { enter, letters } from './demo.js';
import { speak } from './language.js';
import { address, told } from './mail.js';
import { until } from './wait.js';

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('./words.js').Words} Words */
/** @typedef {AsyncGenerator<string, void, void>} Tour names what the page shows now */

/** What the browser's console calls an error, and is what the tours are after. @type {import('./watch.js').Allowed[]} */
export const allowed = [
  { words: /status of 404 .*\/api\/password-resets\//, because: 'a link that has run out is looked at' },
  { words: /status of 422 .*\/api\/employees\)/, because: 'an address is wrong' },
];

/** Letters with links are counted by address: every tour asks for somebody else's. */
const forgetful = ['anna.belova', 'dmitry.kozlov', 'elena.sokolova', 'pavel.morozov', 'maria.volkova'];

/** Companies to be added, one for each tour of the platform: a demo takes each once. */
const fresh = [['Лепесток', 'lepestok'], ['Василёк', 'vasilek'], ['Ландыш', 'landysh'], ['Незабудка', 'nezabudka']];

/** Numbers of people whom the company knows, one for each tour of the cabinet: each is taken once. */
const known = ['+7 903 555-01-01', '+7 903 555-01-02', '+7 903 555-01-03', '+7 903 555-01-04'];

/** Before somebody is signed in. @param {Page} page @param {Words} words @returns {Tour} */
export async function* gate(page, words) {
  const button = (/** @type {string} */ name) => page.getByRole('button', { name, exact: true });
  await page.goto('/sign-in');
  await speak(page, words);
  await button(words.signIn.enter).waitFor();
  yield 'sign-in';
  await button(words.signIn.enter).click();
  await page.locator('[aria-invalid=true]').first().waitFor();
  yield 'sign-in-refused';

  await page.getByRole('link', { name: words.signIn.forgot }).click();
  await page.getByRole('heading', { name: words.forgot.title }).waitFor();
  yield 'forgot';
  const login = `${next(forgetful)}@romashka.example`;
  await page.getByLabel(words.signIn.email).fill(login);
  await button(words.forgot.send).click();
  await page.getByText(words.forgot.sent).waitFor();
  yield 'forgot-sent';
  const letter = await until(`a letter to ${login}`, async () => (await letters(page, login)).find((it) => /\/reset\//.test(it.text)));
  await page.goto(address(letter.text));
  await button(words.reset.save).waitFor();
  yield 'reset';
  await button(words.reset.save).click();
  await page.locator('[aria-invalid=true]').first().waitFor();
  yield 'reset-refused';
  await page.goto('/reset/used-long-ago');
  await page.getByRole('heading', { name: words.reset.expired }).waitFor();
  yield 'reset-expired';
}

/** The company's cabinet. @param {Page} page @param {Words} words @returns {Tour} */
export async function* cabinet(page, words) {
  const button = (/** @type {string} */ name) => page.getByRole('button', { name, exact: true });
  await enter(page, 'admin', words);
  const call = page.getByRole('listitem').getByRole('button', { expanded: false }).first();
  await call.waitFor();
  yield 'home';
  await call.click();
  await page.getByRole('button', { name: words.calls.play }).first().waitFor();
  yield 'home-call';

  await page.goto('/cabinet/lines');
  const line = page.getByRole('article').first();
  await line.waitFor();
  yield 'lines';
  const name = (await line.getAttribute('aria-label')) ?? '';
  await line.hover();
  await button(words.lines.menu(name)).click();
  await page.getByRole('menuitem', { name: words.lines.disconnect }).waitFor();
  yield 'lines-menu';
  await page.getByRole('menuitem', { name: words.delete }).click();
  await page.getByRole('dialog').waitFor();
  yield 'lines-delete';
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  // The button also says how the line stands.
  await page.getByRole('button', { name: words.lines.unfold(name) }).click();
  await line.getByRole('region', { name: words.account.title }).waitFor();
  await line.getByRole('radio').first().waitFor();
  yield 'lines-open';
  await line.getByRole('button', { name: words.account.others }).click();
  await line.getByRole('textbox', { name: words.account.port, exact: true }).waitFor();
  yield 'lines-account';
  await line.getByRole('combobox', { name: words.account.transport, exact: true }).click();
  await page.getByRole('option', { name: 'TLS' }).click();
  await line.getByText(words.account.trust, { exact: true }).waitFor();
  await button(words.account.transfer).click();
  // By its key: it still moves while the part unfolds.
  await line.getByRole('radio', { name: words.account.codes }).press('Space');
  await line.getByLabel(words.account.code).waitFor();
  yield 'lines-account-tls';
  yield* connection(page, words);
  await button(words.lines.add).click();
  await page.getByRole('dialog').getByLabel(words.lines.name).waitFor();
  yield 'lines-add';

  for (const tab of /** @type {const} */ (['company', 'hours', 'departments', 'employees'])) {
    await page.goto(`/cabinet/settings/${tab}`);
    await button(words.save).waitFor();
    await page.getByRole('tab', { name: words[tab].tab, selected: true }).waitFor();
    yield `settings-${tab}`;
    if (tab !== 'hours') continue;
    await page.getByRole('button', { name: words.hours.calendar }).first().click();
    await page.getByRole('dialog').getByRole('checkbox').first().waitFor();
    yield 'settings-hours-calendar';
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
  }
  await page.goto('/cabinet/settings/notices');
  await page.getByRole('button', { name: words.notices.addStep, exact: true }).click();
  await page.getByRole('combobox', { name: words.notices.target }).or(page.getByRole('textbox', { name: words.notices.target })).first().waitFor();
  yield 'settings-notices';
  await page.goto('/cabinet/settings/notices?show=rota');
  await page.getByRole('button', { name: words.notices.addDuty, exact: true }).click();
  await page.getByText(words.notices.gaps).waitFor();
  yield 'settings-notices-rota';
  await page.goto('/cabinet/settings/contacts');
  await button(words.contacts.add).first().click();
  const contact = page.getByRole('dialog');
  await contact.getByLabel(words.contacts.number).fill(next(known));
  await contact.getByLabel(words.contacts.name).fill('Николай Андреевич');
  await contact.getByRole('radio', { name: words.contacts.vip }).check();
  yield 'settings-contacts-add';
  await contact.getByRole('button', { name: words.save, exact: true }).click();
  await contact.waitFor({ state: 'hidden' });
  await page.getByText('Николай Андреевич').first().waitFor();
  yield 'settings-contacts';
  await page.goto('/cabinet/settings/integrations');
  yield* integrations(page, words);
  await page.goto('/cabinet/settings/employees');
  await page.getByRole('button', { name: words.employees.absence }).first().click();
  await page.getByRole('dialog').getByLabel(words.employees.deputy).first().waitFor();
  yield 'settings-employees-absence';
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await button(words.file.menu).click();
  await page.getByRole('menuitem', { name: words.file.import }).waitFor();
  yield 'settings-employees-file';
  const chosen = page.waitForEvent('filechooser');
  await page.getByRole('menuitem', { name: words.file.import }).click();
  await (await chosen).setFiles({ name: 'staff.csv', mimeType: 'text/csv', buffer: Buffer.from(STAFF) });
  await page.getByRole('dialog').getByText(words.file.wrong).waitFor();
  yield 'settings-employees-import';
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await button(words.add).click();
  await page.getByLabel(new RegExp(`^${words.employees.email}`)).last().fill('anna@');
  await button(words.save).click();
  await page.locator('[aria-invalid=true]').first().waitFor();
  yield 'settings-employees-refused';
  await page.getByRole('link', { name: words.nav.home, exact: true }).first().click();
  await page.getByRole('dialog').waitFor();
  yield 'settings-unsaved';

  await page.goto('/account');
  await page.getByText(words.profile.current, { exact: true }).waitFor();
  yield 'account';
  await page.getByRole('button', { name: words.profile.menu }).click();
  await page.getByRole('menuitem', { name: words.profile.signOut }).waitFor();
  yield 'account-menu';
  await page.goto('/demo');
  await page.getByRole('heading', { level: 1 }).waitFor();
  yield 'demo';
  await page.goto('/cabinet/nowhere');
  await page.getByRole('link').first().waitFor();
  yield 'not-found';
}

/** What the doctor and the ladder of messages show of the line that is open. @param {Page} page @param {Words} words @returns {Tour} */
async function* connection(page, words) {
  const { doctor: on } = words;
  const section = page.getByRole('region', { name: on.section });
  await section.getByRole('button', { name: on.start }).click();
  await section.getByRole('listitem').nth(3).waitFor();
  yield 'lines-doctor';
  // The next tour begins anew.
  await section.getByRole('button', { name: on.stop }).click();
  await section.getByRole('button', { name: on.start }).waitFor();
  const trace = page.getByRole('region', { name: on.trace });
  await trace.getByRole('button', { name: on.refresh }).click();
  await trace.getByRole('button', { expanded: false }).first().click();
  const ladder = trace.getByRole('list', { name: on.ladder });
  await ladder.getByRole('button').first().click();
  await ladder.getByText(/ SIP\/2\.0/).first().waitFor();
  yield 'lines-trace';
}

/** The employee's app, and what an employee has of the cabinet. @param {Page} page @param {Words} words @returns {Tour} */
export async function* employee(page, words) {
  const { app } = words;
  const button = (/** @type {string} */ name) => page.getByRole('button', { name, exact: true });
  await page.goto('/api/demo/enter?as=employee');
  // On a telephone the app has its language on «Вы»: the profile has the switch on any width.
  await page.goto('/account');
  await speak(page, words);
  await page.goto('/app');
  const message = page.locator('[data-message]').first();
  await message.waitFor();
  yield 'app-messages';
  await message.click();
  await page.getByRole('heading', { name: app.story }).waitFor();
  await button(words.calls.play).waitFor();
  yield 'app-message';
  // Each tour takes on what it finds, and gives it back.
  await button(app.accept).click();
  await button(app.close).waitFor();
  await page.getByText(app.accepted, { exact: true }).first().waitFor();
  yield 'app-message-accepted';
  await button(app.more).click();
  await page.getByRole('menuitem', { name: app.assign }).waitFor();
  yield 'app-message-menu';
  await page.getByRole('menuitem', { name: app.assign }).click();
  await page.getByRole('dialog').getByRole('listitem').first().waitFor();
  yield 'app-message-assign';
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await page.getByRole('article').getByRole('button', { name: app.release, exact: true }).first().click();
  await button(app.accept).waitFor();

  await page.goto('/app?find=nothing-like-it');
  await page.getByText(app.nothing).waitFor();
  yield 'app-messages-none';
  await page.goto('/app/calls');
  await page.getByRole('listitem').getByRole('button', { expanded: false }).first().waitFor();
  yield 'app-calls';
  await page.goto('/app/me');
  await page.getByRole('heading', { name: app.notices }).waitFor();
  await page.getByText(words.profile.current, { exact: true }).waitFor();
  yield 'app-me';
  await button(app.addHours).click();
  await page.getByRole('button', { name: words.save, exact: true }).waitFor();
  yield 'app-me-quiet';

  await page.goto('/cabinet');
  const call = page.getByRole('listitem').getByRole('button', { expanded: false }).first();
  await call.waitFor();
  yield 'employee';
  await call.click();
  await button(words.calls.play).first().waitFor();
  yield 'employee-call';
}

/** The platform's pages, and the first sign-in of who was added there. @param {Page} page @param {Words} words @returns {Tour} */
export async function* platform(page, words) {
  const { platform: on } = words;
  const button = (/** @type {string} */ name) => page.getByRole('button', { name, exact: true });
  const window = page.getByRole('dialog');
  const [name, domain] = next(fresh);
  const login = `director@${domain}.example`;
  await enter(page, 'platform', words);
  await page.getByRole('cell', { name: 'Ромашка' }).waitFor();
  yield 'platform-companies';
  await button(on.addCompany).click();
  await window.getByLabel(on.name).waitFor();
  yield 'platform-company-add';
  await window.getByLabel(on.name).fill(name);
  await window.getByLabel(on.adminName).fill('Директор');
  await window.getByLabel(on.adminEmail).fill(login);
  await window.getByRole('button', { name: words.create, exact: true }).click();
  await window.getByText(on.letterSent).waitFor();
  yield 'platform-company-added';

  await page.goto('/platform/operators');
  await button(on.menuOf('Мария')).waitFor();
  yield 'platform-operators';
  await button(on.menuOf('Мария')).click();
  await page.getByRole('menuitem', { name: on.rename }).waitFor();
  yield 'platform-operators-menu';
  await page.keyboard.press('Escape');
  await page.getByRole('menu').waitFor({ state: 'hidden' });
  await button(on.addOperator).click();
  await window.getByLabel(words.signIn.email).waitFor();
  yield 'platform-operator-add';
  await page.goto('/platform/operators');
  await button(on.menuOf('Мария')).click();
  await page.getByRole('menuitem', { name: on.skills }).click();
  await window.getByRole('button', { name: words.save, exact: true }).waitFor();
  yield 'platform-operator-skills-add';
  await page.goto('/platform/health');
  await page.getByText(on.version).waitFor();
  yield 'platform-health';

  const letter = await until(`a letter to ${login}`, async () => (await letters(page, login))[0]);
  await page.context().clearCookies();
  await page.goto('/sign-in');
  await page.getByLabel(words.signIn.email).fill(login);
  await page.getByLabel(words.signIn.password, { exact: true }).fill(told(letter.text).password);
  await button(words.signIn.enter).click();
  await page.waitForURL('**/password');
  await speak(page, words);
  await page.getByLabel(words.password.current, { exact: true }).waitFor();
  yield 'password';
}

/** The operator's desk, with a call from its ringing to its message. @param {Page} page @param {Words} words @returns {Tour} */
export async function* desk(page, words) {
  const { desk: on } = words;
  await enter(page, 'operator', words);
  await page.getByRole('button', { name: on.microphone }).waitFor();
  yield 'desk-microphone';
  await page.getByRole('button', { name: on.microphone }).click();
  await page.getByText(on.heard).waitFor();
  await page.getByRole('region', { name: on.check }).getByRole('button', { name: on.ready, exact: true }).click();
  await page.getByText(on.waiting).waitFor();
  yield 'desk-ready';
  await page.getByRole('button', { name: on.call, exact: true }).click();
  await page.getByRole('button', { name: on.answer }).waitFor();
  yield 'desk-ringing';
  await page.getByRole('button', { name: on.answer }).click();
  await page.getByRole('button', { name: on.hangUp }).waitFor();
  await page.getByLabel(on.text).fill('Просит перезвонить: кофемашина не греет воду.');
  await page.getByText('0:04').first().waitFor();
  yield 'desk-call';
  await page.getByRole('button', { name: on.transfer }).click();
  await page.getByRole('region', { name: on.toWhom }).getByRole('searchbox').waitFor();
  yield 'desk-transfer';
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: on.hangUp }).focus();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: on.keys }).waitFor();
  yield 'desk-keys-menu';
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: on.hangUp }).click();
  await page.getByText(on.ended).first().waitFor();
  yield 'desk-after';
  await page.getByRole('button', { name: on.send }).click();
  await page.getByText(on.sent).waitFor();
  yield 'desk-sent';
}

/** What supervisors have, while one of them works at a desk too. @param {Page} page @param {Words} words @returns {Tour} */
export async function* supervisor(page, words) {
  const { board: on, desk: at } = words;
  await enter(page, 'supervisor', words);
  const work = await page.context().newPage();
  await work.goto('/desk');
  await work.getByRole('button', { name: at.microphone }).click();
  await work.getByText(at.heard).waitFor();
  await work.getByRole('region', { name: at.check }).getByRole('button', { name: at.ready, exact: true }).click();
  await work.getByText(at.waiting).waitFor();
  await page.goto('/desk/board');
  await page.getByText('Светлана').first().waitFor();
  yield 'board';
  await page.getByRole('button', { name: on.alarms }).click();
  await page.getByRole('dialog').getByRole('switch').waitFor();
  yield 'board-alarms-add';
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => document.querySelector('[role="dialog"]') === null);
  await page.getByRole('link', { name: on.shifts }).click();
  await page.getByRole('table').waitFor();
  yield 'board-shifts';
  await work.close();
}

/** Takes the next one, and begins anew after the last. @template T @param {T[]} all @returns {T} */
function next(all) {
  const [first, ...others] = all;
  all.splice(0, all.length, ...others, first);
  return first;
}

/** Employees as a file: one who is known, one who is new, and one with a wrong address and a department that is not there. */
const STAFF = `Email логин;ФИО;Отдел;Должность
dmitry.kozlov@romashka.example;Козлов Дмитрий Сергеевич;Отдел продаж;Старший менеджер
olga.titova@romashka.example;Титова Ольга Игоревна;Бухгалтерия;Бухгалтер
ivan.orlov@;Орлов Иван;Склад;Кладовщик
`;

/**
 * A webhook and a key are made, and stay for the next walk.
 *
 * @param {import('playwright-core').Page} page
 * @param {import('./words.js').Words} words
 */
async function* integrations(page, words) {
  const on = words.integrations;
  const dialog = page.getByRole('dialog');
  for (const [add, field, value] of /** @type {const} */ ([
    [on.addWebhook, on.url, 'https://crm.example.com/hooks/telefonistka'],
    [on.addKey, on.keyName, 'CRM'],
  ])) {
    await page.getByRole('button', { name: add, exact: true }).first().click();
    await dialog.getByLabel(field).fill(value);
    if (add === on.addWebhook) yield 'settings-integrations-add';
    await dialog.getByRole('button', { name: words.create, exact: true }).click();
    await dialog.getByTestId('secret').waitFor();
    await dialog.getByRole('button', { name: on.kept }).click();
    // The window that asked may still be fading beside the one that told.
    await page.waitForFunction(() => document.querySelector('[role="dialog"]') === null);
  }
  await page.getByRole('button', { name: on.sent, exact: true }).first().click();
  await page.getByText(on.nothingSent).or(page.getByText('HTTP')).first().waitFor();
  yield 'settings-integrations';
}
