// An employee is invited by a letter, and sees what is for them and for their department.

import assert from 'node:assert/strict';
import test from 'node:test';

import { Browser } from '../lib/browser.js';
import { numbers } from '../lib/caller.js';
import { people } from '../lib/company.js';
import { Desk } from '../lib/desk.js';
import { choosePassword } from '../lib/gate.js';
import { address, MailServer } from '../lib/mail.js';
import { voice } from '../lib/place.js';
import { setting } from '../lib/setting.js';
import { ru as words } from '../lib/words.js';

const boris = { email: 'boris@romashka.test', name: 'Борис Седов', password: 'boris-Pa55word' };
const sales = { name: 'Иван Петров', text: 'Про договор поставки.' };
const books = { name: 'Ольга Смирнова', text: 'Про неоплаченный счёт.', to: 'Бухгалтерия' };

/** @type {import('../lib/watch.js').Allowed[]} */
const allowed = [
  { words: /status of 404 .*\/api\/(calls|messages)\//, because: "a link to another department's call or message is followed" },
];

test('an employee comes in by the invitation and sees the calls of the own department, and no others', async () => {
  const mail = await MailServer.start();
  const [{ provider, server, admin }, browser] = await Promise.all([setting({ mail }), Browser.start({ microphone: voice('operator-reply') })]);
  const departments = await admin.get('/api/departments');
  const added = { id: null, name: books.to, extension: '', notify: { to: 'everyone' } };
  const { items } = await admin.put('/api/departments', { ...departments, items: [...departments.items, added] });
  const { version, items: [anna] } = await admin.get('/api/employees');
  const { sign_in: _, ...known } = anna;
  const row = { id: null, email: boris.email, name: boris.name, position: '', extension: '', mobile: '' };
  const department = items.find((/** @type {{ name: string }} */ it) => it.name === books.to).id;
  await admin.put('/api/employees', { version, items: [known, { ...row, department }] });

  const desk = await Desk.ready(browser, server);
  /** @type {Record<string, string>} ids of the calls, by what was asked */
  const calls = {};
  for (const message of [sales, books]) {
    const call = await provider.call({ from: '79261234567', to: numbers.direct });
    await desk.rings();
    await desk.answer();
    await call.answered();
    await desk.send(message);
    await desk.hangUp();
    await desk.next();
    calls[message.text] = (await admin.call((it) => it.ended_at && it.message?.text === message.text)).id;
  }

  const { text } = await mail.letterTo(boris.email, /^Вход в Телефонистку: «Ромашка»/);
  const page = await browser.page(server.url, { allowed });
  await choosePassword(page, address(text), { password: boris.password, title: words.reset.invited });
  // An employee lives in the app: messages first, the calls of them beside.
  await page.waitForURL('**/app');
  await page.getByText(books.text).first().waitFor();
  assert.equal(await page.getByText(sales.text).count(), 0, "another department's message is shown");
  await page.goto('/app/calls');
  await page.getByText(books.text).first().waitFor();
  assert.equal(await page.getByText(sales.text).count(), 0, "another department's call is shown");

  // «Главная» of the cabinet stands open as well, for who sits at a large screen.
  await page.goto('/cabinet');
  await page.getByText(books.text).first().waitFor();
  assert.equal(await page.getByText(sales.text).count(), 0, "another department's message is shown");
  assert.equal(await page.getByRole('link', { name: words.nav.settings }).count(), 0, 'settings are offered');
  await page.getByRole('listitem').filter({ hasText: books.text }).getByRole('button').first().click();
  await page.getByRole('button', { name: words.calls.play }).waitFor();

  // Nor by an address that somebody passed on.
  await page.goto('/cabinet/settings/employees');
  await page.waitForURL('**/cabinet');
  const { items: [foreign] } = await admin.get(`/api/messages?search=${encodeURIComponent('поставки')}`);
  await page.goto(`/app/messages/${foreign.id}`);
  await page.getByText(words.app.gone).waitFor();
  for (const path of ['', '/recording', '/peaks']) {
    const own = await page.request.get(`/api/calls/${calls[books.text]}${path}`);
    const other = await page.request.get(`/api/calls/${calls[sales.text]}${path}`);
    assert.deepEqual([own.status(), other.status()], [200, 404], path);
  }
  assert.equal((await page.request.get('/api/employees')).status(), 403);
  assert.equal((await admin.get('/api/employees')).items.find((/** @type {{ email: string }} */ it) => it.email === boris.email).sign_in, 'active');
});
