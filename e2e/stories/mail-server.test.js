// Letters over real mail servers: they leave with STARTTLS and a login, arrive
// whole, and what becomes of them is read from the servers' reports.

import assert from 'node:assert/strict';
import test from 'node:test';

import { numbers } from '../lib/caller.js';
import { people } from '../lib/company.js';
import { certificates } from '../lib/certificates.js';
import { temporaryFolder } from '../lib/place.js';
import { PostOffice } from '../lib/post-office.js';
import { setting } from '../lib/setting.js';
import { goOn, until } from '../lib/wait.js';

const gone = { email: 'gone@romashka.test', name: 'Борис Седов' };
const full = { email: 'full@romashka.test', name: 'Вера Павлова' };

test('letters reach mailboxes over real servers, and those that come back are told with the reason', async () => {
  const office = await PostOffice.start();
  /** @type {Set<string>} calls that were looked at */
  const known = new Set();
  const { server, provider, company, admin } = await setting({ mail: office, settings: { bounces: office.bounces } });

  // Letters about sign-ins: the administrator's came from the command line, Anna's from the program.
  const welcome = await office.letterTo('director', /^Личный кабинет компании «Ромашка»/);
  assert.match(welcome.text ?? '', new RegExp(`Логин: +${people.admin.login}`));
  const invitation = await office.letterTo('anna', /^Вход в Телефонистку: «Ромашка»/);
  assert.ok(invitation.text?.includes(`${server.url}/reset/`), invitation.text);

  // Beside Anna two more, whose mailboxes take nothing; and what else may lie in the mailbox for reports.
  const { version, items: [{ sign_in: _, ...anna }] } = await admin.get('/api/employees');
  const others = [gone, full].map((who) => ({ ...who, id: null, department: anna.department, position: '', extension: '', mobile: '' }));
  await admin.put('/api/employees', { version, items: [anna, ...others] });
  office.put('bounces', Buffer.concat([Buffer.from('Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\n'), Buffer.alloc(1 << 20, 0xff)]));

  const message = await voiceMessage();
  const letter = await office.letterTo('anna', /^Сообщение: .*\+7 \(926\) 123-45-67/);
  const link = `${server.url}/app/messages/${message.id}`;
  assert.match(letter.text ?? '', /\+7 \(926\) 123-45-67/);
  assert.ok(letter.text?.includes(`Принять: ${link}?accept=1`), letter.text);
  assert.ok(letter.html && letter.html.includes(`href="${link}?accept=1"`), String(letter.html));
  assert.ok(letter.html.includes(`href="${link}"`) && letter.html.includes('href="tel:+79261234567"'), letter.html);
  assert.equal(letter.headers.get('auto-submitted'), 'auto-generated');
  assert.match(String(letter.references), new RegExp(`message\\.${message.id}@`));

  // What the servers reported.
  const fate = (/** @type {string} */ address, /** @type {string} */ state) => until(`the letter to ${address} is ${state}`, async () => {
    const { items } = await admin.get('/api/messages');
    const { deliveries } = items.find((/** @type {{ id: string }} */ it) => it.id === message.id);
    return deliveries.find((/** @type {any} */ it) => it.address === address && it.state === state);
  }, { withinMs: 60_000, everyMs: 300 });
  assert.equal((await fate(anna.email, 'delivered')).error, null);
  assert.equal((await fate(gone.email, 'failed')).error, 'the mailbox does not exist (5.1.1)');
  assert.equal((await fate(full.email, 'failed')).error, 'the mailbox is full (5.2.2)');
  const ours = async () => (await office.letters('bounces')).some((it) => JSON.stringify(it.headerLines).includes(message.id));
  assert.equal(await ours(), false, 'reports that were read are removed');
  assert.ok((await office.letters('bounces')).length > 0, 'what is no report stays');

  // A server with another's certificate gets nothing; with its own it does.
  server.environment.SSL_CERT_FILE = certificates(temporaryFolder()).authority;
  await server.stop();
  await server.up();
  const before = (await office.letters('anna')).length;
  const second = await voiceMessage();
  const refused = await until('the first attempt fails', async () => {
    const { items } = await admin.get('/api/messages');
    const { deliveries } = items.find((/** @type {{ id: string }} */ it) => it.id === second.id);
    return deliveries.find((/** @type {any} */ it) => it.address === anna.email && it.error);
  });
  assert.equal(refused.state, 'queued');
  assert.match(refused.error, /^the mail server can't be reached: .*certificate/);
  assert.equal((await office.letters('anna')).length, before, 'a letter left to a server that nobody vouches for');
  server.environment.SSL_CERT_FILE = office.authority;
  await server.stop();
  await server.up();
  await until('the letter arrives after all', async () => (await office.letters('anna')).length > before, { withinMs: 60_000, everyMs: 500 });

  /** A call that nobody answers becomes a message. */
  async function voiceMessage() {
    await until('the line is registered', async () => (await admin.get('/api/lines'))
      .find((/** @type {any} */ it) => it.id === company.line && it.connection.state === 'registered'));
    const call = await provider.call({ from: '79261234567', to: numbers.direct, says: 'ivan-petrov' });
    await call.answered();
    await call.hasSpoken();
    await goOn(1_000);
    await call.hangUp();
    const stored = await admin.call((it) => it.message && it.ended_at && !known.has(it.id), 30_000);
    known.add(stored.id);
    return stored.message;
  }
});
