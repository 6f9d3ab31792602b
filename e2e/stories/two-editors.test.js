// Two people change the same tab of the settings at once, and one takes a deletion back.

import assert from 'node:assert/strict';
import test from 'node:test';

import { Browser } from '../lib/browser.js';
import { opening, people, signInFirst } from '../lib/company.js';
import { signIn } from '../lib/desk.js';
import { Server } from '../lib/server.js';
import { ru as words } from '../lib/words.js';

/** @typedef {import('playwright-core').Page} Page */

const { employees, conflict } = words;
const [anna, boris] = ['Анна Иванова', 'Борис Седов'];

/** @type {import('../lib/watch.js').Allowed[]} */
const allowed = [{ words: /status of 409 .*\/api\/employees\)/, because: 'somebody else was faster' }];

test('who saves second is told who changed what, and loses nothing that was not changed twice', async () => {
  const [server, browser] = await Promise.all([Server.start(), Browser.start()]);
  const admin = await signInFirst(server, people.admin, ...opening);
  const row = { id: null, department: null, position: '', extension: '', mobile: '' };
  const { version } = await admin.get('/api/employees');
  await admin.put('/api/employees', { version, items: [
    { ...row, email: 'anna@romashka.test', name: anna }, { ...row, email: 'boris@romashka.test', name: boris },
  ] });
  const [one, two] = [await browser.page(server.url, { allowed }), await browser.page(server.url, { allowed })];
  const field = (/** @type {Page} */ page, /** @type {string} */ column, /** @type {number} */ number) =>
    page.getByLabel(words.row(column, number), { exact: true });
  const button = (/** @type {Page} */ page, /** @type {string} */ name) => page.getByRole('button', { name, exact: true });
  const save = async (/** @type {Page} */ page) => {
    await button(page, words.save).click();
    await button(page, words.saved).waitFor();
  };
  const told = (/** @type {Page} */ page) => page.getByRole('alert').filter({ hasText: conflict.title });
  for (const page of [one, two]) {
    await signIn(page, people.admin);
    await page.goto('/cabinet/settings/employees');
    await field(page, employees.name, 2).waitFor();
  }

  // Different rows: both changes are kept.
  await field(one, employees.position, 1).fill('Директор по продажам');
  await field(two, employees.mobile, 2).fill('89260000002');
  await save(two);
  await button(one, words.save).click();
  await told(one).getByText(`${conflict.theirs}: ${boris}`).waitFor();
  await told(one).getByText(`${conflict.mine}: ${anna}`).waitFor();
  await button(one, conflict.keep).click();
  await button(one, words.saved).waitFor();
  assert.equal(await field(one, employees.mobile, 2).inputValue(), '89260000002');

  // The same row: it is named as such, and the other's can be taken instead.
  await field(two, employees.position, 1).fill('Менеджер');
  await button(two, words.save).click();
  await told(two).getByText(`${conflict.both}: ${anna}`).waitFor();
  await button(two, conflict.fresh).click();
  await told(two).waitFor({ state: 'hidden' });
  assert.equal(await field(two, employees.position, 1).inputValue(), 'Директор по продажам');

  // A deletion is taken back before it is saved, to where the row stood.
  await button(one, employees.remove(anna)).click();
  await one.getByRole('dialog').getByRole('button', { name: words.delete, exact: true }).click();
  await field(one, employees.name, 2).waitFor({ state: 'detached' });
  assert.equal(await field(one, employees.name, 1).inputValue(), boris);
  await button(one, words.restore).click();
  await field(one, employees.name, 2).waitFor();
  assert.equal(await field(one, employees.name, 1).inputValue(), anna);
  assert.ok(await button(one, words.save).isDisabled(), 'there is something to save');

  const stored = (await admin.get('/api/employees')).items;
  assert.deepEqual(stored.map((/** @type {any} */ it) => [it.position, it.mobile]), [['Директор по продажам', ''], ['', '89260000002']]);
});
