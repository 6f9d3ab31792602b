// axe-core on every page and every state of it, in one language and one colour scheme.

import { flaws } from './axe.js';
import { Browser } from './browser.js';
import { startDemo } from './demo.js';
import { voice } from './place.js';
import { allowed, cabinet, desk, employee, gate, platform, supervisor } from './tour.js';
import { words } from './words.js';

/** A demo that has had a call, so that its lists show something. */
export async function seenDemo() {
  const [url, browser] = await Promise.all([startDemo(), Browser.start({ microphone: voice('operator-reply') })]);
  const page = await browser.page(url);
  for await (const _ of desk(page, words.ru));
  await page.close();
  return { url, browser };
}

/**
 * Fails with everything that axe finds grave.
 * @param {{ url: string, browser: Browser }} demo
 * @param {'ru' | 'en'} language
 * @param {'light' | 'dark'} scheme
 */
export async function examine({ url, browser }, language, scheme) {
  /** @type {Map<string, string[]>} what is wrong, and where it was seen */
  const found = new Map();
  for (const tour of [gate, cabinet, employee, platform, desk, supervisor]) {
    const page = await browser.page(url, { language, scheme, allowed });
    for await (const state of tour(page, words[language])) {
      for (const flaw of await flaws(page)) found.set(flaw, [...(found.get(flaw) ?? []), state]);
    }
    await page.close();
  }
  if (found.size > 0) {
    throw new Error([...found].map(([flaw, states]) => `${states.join(', ')}: ${flaw}`).join('\n'));
  }
}
