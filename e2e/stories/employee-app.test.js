// The employee's app on a telephone: a message arrives, is read and accepted without a network, closed,
// and opened by its notification; whoever signs in next on the device sees nothing of it.

import assert from 'node:assert/strict';
import test from 'node:test';

import { flaws } from '../lib/axe.js';
import { Browser } from '../lib/browser.js';
import { numbers } from '../lib/caller.js';
import { people } from '../lib/company.js';
import { Desk, signIn } from '../lib/desk.js';
import { choosePassword } from '../lib/gate.js';
import { address, MailServer } from '../lib/mail.js';
import { voice } from '../lib/place.js';
import { setting } from '../lib/setting.js';
import { until } from '../lib/wait.js';
import { ru as words } from '../lib/words.js';

const { app } = words;
const anna = { ...people.employee, password: 'anna-Pa55word' };
const first = { name: 'Иван Петров', text: 'Просит перезвонить: кофемашина не греет воду.' };
const second = { name: 'Ольга Смирнова', text: 'Про неоплаченный счёт.' };

/** @type {import('../lib/watch.js').Allowed[]} */
const allowed = [
  { words: /ERR_INTERNET_DISCONNECTED/, because: 'the telephone is taken off the network' },
  { words: /status of 409 .*\/accept\)/, because: 'somebody else was quicker' },
];

/** @typedef {import('playwright-core').Page} Page */

/** Whether the device can do without a network: its worker runs, and it has the messages whole. @param {Page} page */
const ready = (page) => until('the app is kept on the device', () => page.evaluate(async () => {
  const worker = await navigator.serviceWorker.getRegistration('/app');
  if (!worker?.active || (await caches.keys()).length === 0) return false;
  const database = await new Promise((resolve) => {
    const open = indexedDB.open('telefonistka-app');
    open.onsuccess = () => resolve(open.result);
  });
  const kept = await new Promise((resolve) => {
    const all = database.transaction('messages').objectStore('messages').getAll();
    all.onsuccess = () => resolve(all.result);
  });
  database.close();
  return kept.length > 0 && kept.every((/** @type {any} */ it) => it.details);
}));

test('an employee gets a message on a telephone, reads and accepts it without a network, and closes it', async () => {
  const mail = await MailServer.start();
  const [{ provider, server, admin }, browser] = await Promise.all([setting({ mail }), Browser.start({ microphone: voice('operator-reply') })]);
  const { text } = await mail.letterTo(anna.email, /^Вход в Телефонистку: «Ромашка»/);
  const page = await browser.page(server.url, { phone: true, allowed });
  const context = page.context();
  await context.grantPermissions(['notifications', 'microphone']);
  const button = (/** @type {string} */ name) => page.getByRole('button', { name, exact: true });
  await choosePassword(page, address(text), { password: anna.password, title: words.reset.invited });
  await page.waitForURL('**/app');

  const desk = await Desk.ready(browser, server);
  const leave = async (/** @type {typeof first} */ message) => {
    const call = await provider.call({ from: '79261234567', to: numbers.direct });
    await desk.rings();
    await desk.answer();
    await call.answered();
    await desk.send(message);
    await desk.hangUp();
    await desk.next();
  };
  const stored = async (/** @type {typeof first} */ { text }) => {
    const { items } = await admin.get('/api/messages');
    return items.find((/** @type {{ text: string }} */ it) => it.text === text);
  };

  // It is there by itself, and counted.
  await leave(first);
  await page.getByText(first.text).waitFor();
  await until('the title counts it', async () => /^\(1\) /.test(await page.title()));
  assert.deepEqual(await flaws(page), []);
  await ready(page);

  // Off the network: the app starts, the message can be read, and what is done waits.
  await context.setOffline(true);
  await page.reload();
  await page.getByText(app.away).waitFor();
  await page.getByText(first.text).click();
  await page.getByRole('heading', { name: first.name }).waitFor();
  await page.getByText(first.text).waitFor();
  await page.getByRole('link', { name: '+7 (926) 123-45-67' }).waitFor();
  await button(app.accept).click();
  await page.getByLabel(app.comment).fill('Перезвоню из поезда.');
  await button(app.sendComment).click();
  await page.getByText(app.pending).first().waitFor();
  assert.equal((await stored(first)).state, 'open', 'it was sent without a network');
  assert.deepEqual(await flaws(page), []);

  // Back: all of it arrives, in order, and everybody sees it.
  await context.setOffline(false);
  await page.getByText(app.away).waitFor({ state: 'hidden' });
  await page.getByText(app.pending).first().waitFor({ state: 'hidden' });
  const accepted = await stored(first);
  assert.deepEqual([accepted.state, accepted.accepted_by_name], ['accepted', anna.name]);
  const { timeline } = await admin.get(`/api/messages/${accepted.id}`);
  const kinds = timeline.map((/** @type {{ event: { kind: string } }} */ it) => it.event.kind);
  for (const kind of ['read', 'accepted', 'comment']) assert.ok(kinds.includes(kind), `${kind} is not told: ${kinds}`);
  const office = await browser.page(server.url, { allowed });
  await signIn(office, people.admin);
  await office.getByText(`В работе: ${anna.name}`).first().waitFor();

  // Closed, taken back, and closed.
  await page.getByRole('article').getByRole('button', { name: app.close, exact: true }).click();
  await page.getByText(app.closed, { exact: true }).waitFor();
  await button(words.restore).click();
  await until('it is open again', async () => (await stored(first)).state === 'accepted');
  await page.getByRole('article').getByRole('button', { name: app.close, exact: true }).click();
  await until('it is closed', async () => (await stored(first)).state === 'closed');
  await office.getByText('Закрыто').first().waitFor();

  // A notification shows who and what, tells the server that it came, and opens the message.
  await leave(second);
  await page.goto('/app/calls');
  const message = await stored(second);
  const letter = message.deliveries.find((/** @type {{ channel: string }} */ it) => it.channel === 'email');
  await push(page, server.url, { message: message.id, delivery: letter.id, title: second.name, text: second.text, urgent: false });
  await until('the push is acknowledged', async () => (await stored(second)).deliveries.some(
    (/** @type {{ id: string, state: string }} */ it) => it.id === letter.id && it.state === 'delivered'));
  assert.deepEqual(await pressNotification(page), { title: second.name, body: second.text });
  await page.waitForURL(`**/app/messages/${message.id}`);
  await page.getByRole('heading', { name: second.name }).waitFor();

  // Somebody else is quicker.
  await context.setOffline(true);
  await button(app.accept).click();
  await page.getByText(app.pending).first().waitFor();
  await admin.post(`/api/messages/${message.id}/accept`);
  await context.setOffline(false);
  await page.getByText(/уже в работе: Директор/).waitFor();

  // A letter's link accepts by one tap, after the sign-in as well.
  await admin.post(`/api/messages/${message.id}/release`);
  await page.goto('/app/me');
  await button(app.signOut).click();
  await page.waitForURL('**/sign-in');
  const left = await page.evaluate(async () => {
    const open = indexedDB.open('telefonistka-app');
    const database = await new Promise((resolve) => (open.onsuccess = () => resolve(open.result)));
    const count = (/** @type {string} */ name) => new Promise((resolve) => {
      const all = database.transaction(name).objectStore(name).count();
      all.onsuccess = () => resolve(all.result);
    });
    const counted = [await count('messages'), await count('outbox'), await count('answers')];
    database.close();
    return counted;
  });
  assert.deepEqual(left, [0, 0, 0], 'something of the person stays on the device');
  await page.goto(`/app/messages/${message.id}?accept=1`);
  await page.waitForURL(/\/sign-in/);
  await page.getByLabel(words.signIn.email).fill(anna.email);
  await page.getByLabel(words.signIn.password, { exact: true }).fill(anna.password);
  await button(words.signIn.enter).click();
  await page.waitForURL(`**/app/messages/${message.id}`);
  await page.getByText(app.accepted, { exact: true }).first().waitFor();
  await until('it is accepted', async () => (await stored(second)).accepted_by_name === anna.name);

  // «Занят» is seen by the operators at once.
  await page.goto('/app');
  await page.getByRole('button', { name: app.available }).click();
  await page.getByRole('menuitem', { name: app.busy }).click();
  await until('colleagues see it', async () => (await admin.get('/api/colleagues')).items.some(
    (/** @type {{ presence: string }} */ it) => it.presence === 'busy'));
});

/**
 * Has the browser's push service deliver something to the app's worker.
 * @param {Page} page @param {string} origin @param {object} data
 */
async function push(page, origin, data) {
  const cdp = await page.context().newCDPSession(page);
  /** @type {Promise<string>} */
  const registration = new Promise((resolve) => {
    cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const own = registrations.find(({ scopeURL, isDeleted }) => !isDeleted && scopeURL === `${origin}/app`);
      if (own) resolve(own.registrationId);
    });
  });
  await cdp.send('ServiceWorker.enable');
  await cdp.send('ServiceWorker.deliverPushMessage', { origin, registrationId: await registration, data: JSON.stringify(data) });
}

/** Presses the notification that is shown. @param {Page} page */
async function pressNotification(page) {
  const worker = await until('the worker runs', () => page.context().serviceWorkers()[0]);
  return until('a notification is shown', () => worker.evaluate(async () => {
    const self = /** @type {any} */ (globalThis);
    const [notification] = await self.registration.getNotifications();
    if (!notification) return null;
    const { title, body } = notification;
    self.dispatchEvent(new self.NotificationEvent('notificationclick', { notification }));
    return { title, body };
  }));
}
