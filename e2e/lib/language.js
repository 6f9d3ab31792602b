// The language of the pages, turned as a user turns it.

import { words as all } from './words.js';

/**
 * Has the page speak the language: it begins in the one that the person has.
 * @param {import('playwright-core').Page} page
 * @param {import('./words.js').Words} words
 * @param {(button: import('playwright-core').Locator) => Promise<void>} [press]
 */
export async function speak(page, words, press = (button) => button.click()) {
  const button = (/** @type {string} */ name) => page.getByRole('button', { name, exact: true });
  const away = button((words === all.ru ? all.en : all.ru).switchTo);
  const here = button(words.switchTo);
  await here.or(away).first().waitFor();
  if (await here.isVisible()) await press(here);
  await away.waitFor();
}
