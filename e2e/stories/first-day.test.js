// A company's first day: added on the platform's page, entered by the letter, and led on by the checklist.

import assert from 'node:assert/strict';
import test from 'node:test';

import { Browser } from '../lib/browser.js';
import { people, signInFirst } from '../lib/company.js';
import { signIn } from '../lib/desk.js';
import { changePassword } from '../lib/gate.js';
import { address, MailServer, told } from '../lib/mail.js';
import { Server } from '../lib/server.js';
import { ru as words } from '../lib/words.js';

test('the platform adds a company, whose administrator comes in by the letter and is told what to do first', async () => {
  const mail = await MailServer.start();
  const [server, browser] = await Promise.all([Server.start({ mail }), Browser.start()]);
  await signInFirst(server, people.platform, 'create-platform-admin', '--email', people.platform.login, '--name', 'Пётр Орлов');
  const { platform: on } = words;
  const { login } = people.admin;

  const platform = await browser.page(server.url, { allowed: [{ words: /status of 422/, because: 'the address is taken' }] });
  await signIn(platform, people.platform);
  await platform.waitForURL('**/platform');
  const window = platform.getByRole('dialog', { name: on.addCompany });
  const fill = async (/** @type {string} */ name) => {
    await platform.getByRole('button', { name: on.addCompany }).click();
    await window.getByLabel(on.name).fill(name);
    await window.getByLabel(on.adminName).fill('Анна Белова');
    await window.getByLabel(on.adminEmail).fill(login);
    await window.getByRole('button', { name: words.create }).click();
  };
  await fill('Ромашка');
  await window.getByText(on.letterSent).waitFor();
  await window.getByRole('button', { name: words.close, exact: true }).last().click();
  await platform.getByRole('row', { name: /Ромашка.*Анна Белова/ }).waitFor();
  // One login is one person: a second company with it is refused beside the field.
  await fill('Лютик');
  await window.getByRole('textbox', { name: on.adminEmail }).and(platform.locator('[aria-invalid=true]')).waitFor();

  const { text } = await mail.letterTo(login);
  assert.equal(told(text).login, login);
  assert.ok(!server.log().includes(told(text).password), 'the password stands in the log');
  const director = await browser.page(server.url);
  await director.goto(address(text));
  await director.getByLabel(words.signIn.email).fill(login);
  await director.getByLabel(words.signIn.password, { exact: true }).fill(told(text).password);
  await director.getByRole('button', { name: words.signIn.enter }).click();
  await director.getByRole('heading', { name: words.password.title }).waitFor();
  await changePassword(director, { current: told(text).password, next: people.admin.password });
  const list = director.getByRole('region', { name: words.start.title });
  await list.getByText('Сделано 0 из 9').waitFor();
  await list.getByRole('link', { name: words.start.go }).click();

  // Each step leads to where it is done, and is ticked off when it was.
  await director.getByRole('tab', { name: words.company.tab, selected: true }).waitFor();
  await director.getByRole('textbox', { name: words.company.about }).fill('Цветы и букеты с доставкой.');
  await director.getByRole('button', { name: words.save, exact: true }).click();
  await director.getByRole('button', { name: words.saved }).waitFor();
  await director.getByRole('link', { name: words.nav.home, exact: true }).click();
  await list.getByText('Сделано 1 из 9').waitFor();
});
