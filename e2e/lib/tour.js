// Every page and every state of it that is worth a look, one after another: for
// who checks them and for who takes their pictures.

import { enter } from './demo.js';
import { speak } from './language.js';

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('./words.js').Words} Words */
/** @typedef {AsyncGenerator<string, void, void>} Tour names what the page shows now */

/** Before somebody is signed in. @param {Page} page @param {Words} words @returns {Tour} */
export async function* gate(page, words) {
  await page.goto('/sign-in');
  await speak(page, words);
  await page.getByRole('button', { name: words.signIn.enter, exact: true }).waitFor();
  yield 'sign-in';
  await page.getByRole('button', { name: words.signIn.enter, exact: true }).click();
  await page.locator('[aria-invalid=true]').first().waitFor();
  yield 'sign-in-refused';
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
  await button(words.lines.add).click();
  await page.getByRole('dialog').getByLabel(words.lines.name).waitFor();
  yield 'lines-add';

  for (const tab of /** @type {const} */ (['company', 'hours', 'departments', 'employees'])) {
    await page.goto(`/cabinet/settings/${tab}`);
    await button(words.save).waitFor();
    await page.getByRole('tab', { name: words[tab].tab, selected: true }).waitFor();
    yield `settings-${tab}`;
  }
  await button(words.add).click();
  await page.getByLabel(new RegExp(`^${words.employees.email}`)).last().fill('anna@');
  await button(words.save).click();
  await page.locator('[aria-invalid=true]').first().waitFor();
  yield 'settings-employees-refused';
  await page.getByRole('link', { name: words.nav.home, exact: true }).first().click();
  await page.getByRole('dialog').waitFor();
  yield 'settings-unsaved';

  await page.goto('/password');
  await page.getByLabel(words.password.current, { exact: true }).waitFor();
  yield 'password';
  await page.goto('/demo');
  await page.getByRole('heading', { level: 1 }).waitFor();
  yield 'demo';
  await page.goto('/cabinet/nowhere');
  await page.getByRole('link').first().waitFor();
  yield 'not-found';
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
  await page.getByRole('button', { name: on.hangUp }).click();
  await page.getByText(on.ended).first().waitFor();
  yield 'desk-after';
  await page.getByRole('button', { name: on.send }).click();
  await page.getByText(on.sent).waitFor();
  yield 'desk-sent';
}
