// The doctor of connections on the line's page, against a real PBX: a healthy
// one passes every check, broken ones are told by their cause and the field to mend.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { mkdirSync, writeFileSync } from 'node:fs';
import test from 'node:test';

import { Asterisk } from '../lib/asterisk.js';
import { flaws } from '../lib/axe.js';
import { Browser } from '../lib/browser.js';
import { Company, extension, people } from '../lib/company.js';
import { signIn } from '../lib/desk.js';
import { results, temporaryFolder } from '../lib/place.js';
import { Server } from '../lib/server.js';
import { until } from '../lib/wait.js';

/** A whole examination lasts this long at most. */
const CURED = { timeout: 120_000 };

const words = {
  section: 'Проверка соединения', start: 'Проверить соединение', well: 'Всё работает',
  copy: 'Скопировать отчёт для поддержки АТС', ill: 'Найдена причина, по которой что-то не работает',
  password: 'К полю «Пароль»', field: 'Пароль', trace: 'Обмен с АТС', refresh: 'Обновить', incoming: /Входящий звонок/,
  ladder: 'Сообщения по порядку',
};

/** @param {import('playwright-core').Page} page @param {string} name */
const picture = (page, name) => page.screenshot({ path: join(results, `${name}.png`), fullPage: true });

/** @param {Company} company */
async function report(company) {
  const view = await company.admin.get(`/api/lines/${company.line}/doctor`);
  assert.equal(view.running, false);
  return view.report;
}

test('a healthy PBX passes every check, the report is copied without the password, the messages stand as a ladder', async () => {
  const pbx = await Asterisk.start({ noAnswer: 1 });
  const [server, browser] = await Promise.all([Server.start(), Browser.start()]);
  const company = await Company.create(server, pbx);
  const page = await browser.page(server.url, { language: 'ru' });
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await signIn(page, people.admin);
  await page.goto(`${server.url}/cabinet/lines?open=${company.line}`);
  const section = page.getByRole('region', { name: words.section });
  await section.getByRole('button', { name: words.start }).click();
  await section.getByText(words.well).waitFor(CURED);

  const { findings } = await report(company);
  assert.deepEqual(findings.filter((/** @type {any} */ it) => it.verdict !== 'passed'), []);
  assert.equal(findings.length, 13);
  await section.getByRole('button', { name: words.copy }).click();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.ok(copied.includes(pbx.bind) && !copied.includes(extension.password), copied);
  assert.deepEqual(await flaws(page), []);
  // The doctor's calls are nobody's: neither on the list nor at a desk.
  assert.deepEqual((await company.admin.get('/api/calls')).items, []);
  await picture(page, 'doctor-ru');

  const trace = page.getByRole('region', { name: words.trace });
  await trace.getByRole('button', { name: words.refresh }).click();
  await trace.getByRole('button', { name: words.incoming }).last().click();
  const ladder = trace.getByRole('list', { name: words.ladder });
  const invite = ladder.getByRole('button', { name: /^INVITE/ }).first();
  await invite.focus();
  await page.keyboard.press('Enter');
  await ladder.getByText(/^INVITE sip:/).waitFor();
  assert.deepEqual(await flaws(page), []);
  await picture(page, 'trace-ru');

  const phone = await browser.page(server.url, { language: 'en', phone: true });
  await signIn(phone, people.admin);
  await phone.goto(`${server.url}/cabinet/lines?open=${company.line}`);
  await phone.getByRole('region', { name: /Проверка соединения|Connection check/ }).waitFor();
  const wide = await phone.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  assert.ok(!wide, 'the page fits the telephone');
  assert.deepEqual(await flaws(phone), []);
  await picture(phone, 'doctor-phone');
});

test('a wrong password is named, and its field is gone to', async () => {
  const pbx = await Asterisk.start({ noAnswer: 1 });
  const [server, browser] = await Promise.all([Server.start(), Browser.start()]);
  const company = await Company.create(server, pbx, { connected: false });
  await company.admin.put(`/api/lines/${company.line}/account`, {
    user: extension.user, password: 'wrong', server: pbx.bind, proxy: null, auth_name: null, port: pbx.port,
    transport: 'udp', interval_s: 30,
  });
  const page = await browser.page(server.url, { language: 'ru' });
  await signIn(page, people.admin);
  await page.goto(`${server.url}/cabinet/lines?open=${company.line}`);
  const section = page.getByRole('region', { name: words.section });
  await section.getByRole('button', { name: words.start }).click();
  await section.getByText(words.ill).waitFor(CURED);
  const { findings } = await report(company);
  const failed = findings.filter((/** @type {any} */ it) => it.verdict === 'failed');
  assert.deepEqual(failed.map((/** @type {any} */ it) => [it.check, it.cause.kind]), [['register', 'wrong_password']]);
  await picture(page, 'doctor-ill-ru');
  await section.getByRole('button', { name: words.password }).click();
  const field = page.getByLabel(words.field, { exact: true }).first();
  await page.waitForFunction((it) => it === document.activeElement, await field.elementHandle());
});

test('a PBX without telephone events passes keys in the sound, and the doctor hears them', async () => {
  const extra = temporaryFolder();
  mkdirSync(extra, { recursive: true });
  writeFileSync(join(extra, 'pjsip-200.conf'), '[200](+)\ndtmf_mode = none\n');
  const pbx = await Asterisk.start({ noAnswer: 1, extra });
  const server = await Server.start();
  const company = await Company.create(server, pbx, { connected: false });
  await company.admin.post(`/api/lines/${company.line}/doctor`);
  const found = async () => {
    const view = await company.admin.get(`/api/lines/${company.line}/doctor`);
    return view.running ? undefined : view.report;
  };
  const { findings } = await until('the doctor is done', found, { withinMs: 120_000 });
  const blamed = findings.filter((/** @type {any} */ it) => it.verdict === 'failed' || it.verdict === 'warned');
  assert.deepEqual(blamed, []);
  assert.equal(findings.find((/** @type {any} */ it) => it.check === 'keys').verdict, 'passed');
});
