// The cabinet without a mouse: from the sign-in to a recording that plays.

import test from 'node:test';

import { Browser } from '../lib/browser.js';
import { startDemo } from '../lib/demo.js';
import { Keyboard } from '../lib/keyboard.js';
import { voice } from '../lib/place.js';
import { desk } from '../lib/tour.js';
import { ru as words } from '../lib/words.js';

test('sign-in, departments, employees, lines and the player are worked by keyboard alone', async () => {
  const [url, browser] = await Promise.all([startDemo(), Browser.start({ microphone: voice('operator-reply') })]);
  const operator = await browser.page(url);
  for await (const _ of desk(operator, words));
  await operator.close();

  const page = await browser.page(url);
  const keys = new Keyboard(page);
  const button = (/** @type {string} */ name) => page.getByRole('button', { name, exact: true });
  const save = async () => {
    await keys.to(button(words.save), 'Shift+Tab');
    await keys.press('Enter');
    await button(words.saved).waitFor();
  };

  await page.goto('/sign-in');
  await keys.to(page.getByLabel(words.signIn.email));
  await keys.type('admin@romashka.example');
  await keys.to(page.getByLabel(words.signIn.password, { exact: true }));
  await keys.type('romashka-2026');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/cabinet');

  // The keyboard has followed to the page's heading, below the navigation.
  await keys.to(page.getByRole('link', { name: words.nav.settings, exact: true }), 'Shift+Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('tab', { name: words.company.tab, selected: true }).waitFor();
  await keys.to(page.getByRole('tab', { name: words.company.tab }));
  await keys.press('ArrowRight');
  await keys.press('ArrowRight');
  await keys.press('Enter');
  await page.getByRole('tab', { name: words.departments.tab, selected: true }).waitFor();
  await keys.to(button(words.add));
  await page.keyboard.press('Enter');
  await keys.to(page.getByLabel(new RegExp(`^${words.departments.name}, `)).last());
  await keys.type('Доставка');
  await save();

  await keys.to(page.getByRole('tab', { name: words.departments.tab }), 'Shift+Tab');
  await keys.press('ArrowRight');
  await keys.press('Enter');
  await page.getByRole('tab', { name: words.employees.tab, selected: true }).waitFor();
  await keys.to(button(words.add));
  await page.keyboard.press('Enter');
  await keys.to(page.getByLabel(new RegExp(`^${words.employees.email}, `)).last());
  await keys.type('pavel@romashka.example');
  await keys.to(page.getByLabel(new RegExp(`^${words.employees.name}, `)).last());
  await keys.type('Павел Курьеров');
  await save();

  await keys.to(page.getByRole('link', { name: words.nav.lines, exact: true }), 'Shift+Tab');
  await page.keyboard.press('Enter');
  await keys.to(button(words.lines.add));
  await page.keyboard.press('Enter');
  const window = page.getByRole('dialog');
  await keys.to(window.getByLabel(words.lines.name));
  await keys.type('Доставка');
  await keys.to(window.getByRole('button', { name: words.lines.create, exact: true }));
  await page.keyboard.press('Enter');
  await window.waitFor({ state: 'hidden' });

  await keys.to(button(words.lines.menu('Доставка')));
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: words.delete }).waitFor();
  await keys.press('ArrowDown');
  await page.keyboard.press('Escape');
  await page.getByRole('menu').waitFor({ state: 'hidden' });
  await keys.to(button(words.lines.menu('Доставка')));

  await keys.to(page.getByRole('link', { name: words.nav.home, exact: true }), 'Shift+Tab');
  await page.keyboard.press('Enter');
  const call = page.getByRole('listitem').getByRole('button', { expanded: false }).first();
  await keys.to(call);
  await page.keyboard.press('Enter');
  await keys.to(button(words.calls.play));
  await page.keyboard.press('Space');
  await page.waitForFunction(() => (document.querySelector('audio')?.currentTime ?? 0) > 0.5);
});
