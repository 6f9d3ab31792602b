// Pictures of every page, taken from the demo, in both languages and on both
// widths: docs/screens/{ru,en}/NAME.png, and NAME-phone.png.

import test from 'node:test';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { Browser } from './lib/browser.js';
import { startDemo } from './lib/demo.js';
import { repository, voice } from './lib/place.js';
import { allowed, cabinet, desk, employee, gate, platform, supervisor } from './lib/tour.js';
import { words } from './lib/words.js';

const screens = join(repository, 'docs/screens');

/** States that differ from their page by a message or a menu alone. */
const ALIKE = /-(accepted|none|refused|delete|unsaved|microphone|ringing|sent|added|file)$|^(demo|not-found|account-menu|platform-operators-menu|employee-call)$/;

/** States with a menu or a window over the page. */
const WINDOW = /-(menu|add|import|calendar|assign|absence)$/;

test('pictures of every page', async () => {
  const [url, browser] = await Promise.all([startDemo(), Browser.start({ microphone: voice('operator-reply') })]);
  rmSync(screens, { recursive: true, force: true });
  for (const language of /** @type {const} */ (['ru', 'en'])) {
    const folder = join(screens, language);
    mkdirSync(folder, { recursive: true });
    // The desk first: its call is what the cabinet shows.
    for (const tour of [desk, gate, cabinet, employee, platform, supervisor]) {
      for (const phone of tour === desk ? [false] : [false, true]) {
        const page = await browser.page(url, { language, phone, allowed });
        // A picture as wide as the page, point for point: small enough to be kept with the code.
        if (!phone) await page.setViewportSize({ width: 1280, height: 840 });
        for await (const state of tour(page, words[language])) {
          if (ALIKE.test(state)) continue;
          // What stays in its place while a page is scrolled stands at the top of its picture.
          if (!WINDOW.test(state)) await page.evaluate(() => scrollTo(0, 0));
          const path = join(folder, `${state}${phone ? '-phone' : ''}.png`);
          await page.screenshot({ path, scale: 'css', animations: 'disabled', fullPage: !WINDOW.test(state) });
        }
        await page.close();
      }
    }
  }
});
