// «Сеансы» on «Профиль»: where somebody is signed in, and an end to it.

import test from 'node:test';

import { Browser } from '../lib/browser.js';
import { opening, people, signInFirst } from '../lib/company.js';
import { signIn } from '../lib/desk.js';
import { changePassword } from '../lib/gate.js';
import { Server } from '../lib/server.js';
import { ru as words } from '../lib/words.js';

/** @type {import('../lib/watch.js').Allowed[]} */
const allowed = [{ words: /status of 401/, because: 'the session was ended elsewhere' }];

test('a session that is ended on another device is over at its next step, and so is every other with a new password', async () => {
  const [server, browser] = await Promise.all([Server.start(), Browser.start()]);
  const first = await signInFirst(server, people.admin, ...opening);
  await first.send('DELETE', '/api/sessions');
  await first.send('DELETE', '/api/session');
  const page = await browser.page(server.url);
  const other = await browser.page(server.url, { allowed, phone: true });
  const sessions = page.getByRole('region', { name: words.profile.sessions }).getByRole('listitem');
  const isOut = async () => {
    await other.getByRole('link', { name: words.nav.linesShort, exact: true }).click();
    await other.waitForURL('**/sign-in?**');
  };

  await signIn(page, people.admin);
  await signIn(other, people.admin);
  await page.getByRole('button', { name: words.profile.menu }).click();
  await page.getByRole('menuitem', { name: words.profile.title }).click();
  await sessions.filter({ hasText: words.profile.current }).waitFor();
  await sessions.nth(1).waitFor();
  await sessions.getByRole('button', { name: words.profile.end }).click();
  await sessions.nth(1).waitFor({ state: 'detached' });
  await isOut();

  await signIn(other, people.admin);
  const next = 'director-Pa55word-2';
  await changePassword(page, { current: people.admin.password, next });
  await page.getByText(words.profile.changed).waitFor();
  await isOut();

  await signIn(other, { ...people.admin, password: next });
  await page.reload();
  await sessions.nth(1).waitFor();
  // It comes late and moves what stands below, maybe away from under a press.
  await page.getByText('Сводка', { exact: true }).waitFor();
  await page.getByRole('button', { name: words.profile.endOthers }).click();
  await page.getByRole('dialog').getByRole('button', { name: words.profile.endOthers }).click();
  await sessions.nth(1).waitFor({ state: 'detached' });
  await isOut();
});
