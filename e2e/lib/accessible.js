// axe-core on every page and every state of it, in one language and one colour scheme.

import { flaws } from './axe.js';
import { cabinet, desk, gate } from './tour.js';
import { words } from './words.js';

/**
 * Fails with everything that axe finds grave.
 * @param {import('./browser.js').Browser} browser
 * @param {string} url of a demo that has had a call
 * @param {'ru' | 'en'} language
 * @param {'light' | 'dark'} scheme
 */
export async function examine(browser, url, language, scheme) {
  /** @type {Map<string, string[]>} what is wrong, and where it was seen */
  const found = new Map();
  for (const tour of [gate, cabinet, desk]) {
    const page = await browser.page(url, { language, scheme });
    for await (const state of tour(page, words[language])) {
      for (const flaw of await flaws(page)) found.set(flaw, [...(found.get(flaw) ?? []), state]);
    }
    await page.close();
  }
  if (found.size > 0) {
    throw new Error([...found].map(([flaw, states]) => `${states.join(', ')}: ${flaw}`).join('\n'));
  }
}
