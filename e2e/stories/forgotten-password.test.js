// «Забыли пароль?»: a letter with a link, good once.

import assert from 'node:assert/strict';
import test from 'node:test';

import { Browser } from '../lib/browser.js';
import { opening, people, signInFirst } from '../lib/company.js';
import { choosePassword } from '../lib/gate.js';
import { address, MailServer } from '../lib/mail.js';
import { Server } from '../lib/server.js';
import { ru as words } from '../lib/words.js';

const { login, password: old } = people.admin;
const password = 'another-Pa55word';

/** @type {import('../lib/watch.js').Allowed[]} */
const allowed = [{ words: /status of 404 .*\/api\/password-resets\//, because: 'the link was used already' }];

test('who forgot the password chooses another by a letter, once, and every old way in is closed', async () => {
  const mail = await MailServer.start();
  const [server, browser] = await Promise.all([Server.start({ mail }), Browser.start()]);
  const before = await signInFirst(server, people.admin, ...opening);
  const page = await browser.page(server.url, { allowed });
  const ask = async () => {
    await page.getByRole('button', { name: words.forgot.send }).click();
    return page.getByText(words.forgot.sent).innerText();
  };

  await page.goto('/sign-in');
  await page.getByLabel(words.signIn.email).fill('nobody@romashka.test');
  await page.getByRole('link', { name: words.signIn.forgot }).click();
  const saidToStranger = await ask();
  await page.goto('/sign-in');
  await page.getByLabel(words.signIn.email).fill(login);
  await page.getByRole('link', { name: words.signIn.forgot }).click();
  // What was typed already came along.
  assert.equal(await page.getByLabel(words.signIn.email).inputValue(), login);
  const said = await ask();
  assert.equal(saidToStranger.replace('nobody@romashka.test', login), said, 'the page tells who is known');

  const { text } = await mail.letterTo(login, /пароль/);
  const link = address(text);
  assert.ok(!server.log().includes(link.split('/reset/')[1]), 'the link stands in the log');
  await choosePassword(page, link, { password });
  await page.waitForURL('**/cabinet');
  assert.equal((await before.send('GET', '/api/session')).status, 401, 'the earlier session goes on');

  await page.goto(link);
  await page.getByRole('heading', { name: words.reset.expired }).waitFor();
  await page.getByRole('link', { name: words.reset.again }).click();
  await page.getByRole('heading', { name: words.forgot.title }).waitFor();

  const tries = [{ login, password: old }, { login, password }];
  const answers = await Promise.all(tries.map((body) => before.send('POST', '/api/session', body)));
  assert.deepEqual(answers.map(({ status }) => status), [401, 200]);
  assert.deepEqual(mail.letters.filter((letter) => letter.to.includes('nobody@romashka.test')), []);
});
