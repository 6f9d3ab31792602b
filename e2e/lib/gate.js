// What somebody does before they are in: passwords that are chosen.

import { ru as words } from './words.js';

/** @typedef {import('playwright-core').Page} Page */

/**
 * Chooses the password that the link of a letter is for, and is signed in with it.
 * @param {Page} page
 * @param {string} link
 * @param {{ password: string, title?: string }} how
 */
export async function choosePassword(page, link, { password, title = words.reset.title }) {
  await page.goto(link);
  await page.getByRole('heading', { name: title }).waitFor();
  await page.getByLabel(words.password.fresh, { exact: true }).fill(password);
  await page.getByLabel(words.password.again, { exact: true }).fill(password);
  await page.getByRole('button', { name: words.reset.save }).click();
  await page.waitForURL((url) => !url.pathname.startsWith('/reset'));
}

/**
 * Replaces a password that somebody else set, or one's own on «Профиль».
 * @param {Page} page
 * @param {{ current: string, next: string }} passwords
 */
export async function changePassword(page, { current, next }) {
  await page.getByLabel(words.password.current, { exact: true }).fill(current);
  await page.getByLabel(words.password.fresh, { exact: true }).fill(next);
  await page.getByLabel(words.password.again, { exact: true }).fill(next);
  await page.getByRole('button', { name: words.password.save }).click();
}
