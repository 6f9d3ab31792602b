// Nothing keeps anybody out: axe-core on every page, in both languages and colour schemes.

import test from 'node:test';

import { examine } from '../lib/accessible.js';
import { Browser } from '../lib/browser.js';
import { startDemo } from '../lib/demo.js';
import { voice } from '../lib/place.js';
import { words } from '../lib/words.js';
import { desk } from '../lib/tour.js';

const [url, browser] = await Promise.all([startDemo(), Browser.start({ microphone: voice('operator-reply') })]);
const first = await browser.page(url);
for await (const _ of desk(first, words.ru));
await first.close();

for (const language of /** @type {const} */ (['ru', 'en'])) {
  for (const scheme of /** @type {const} */ (['light', 'dark'])) {
    test(`axe finds nothing grave on the pages (${language}, ${scheme})`, () => examine(browser, url, language, scheme));
  }
}
