// The demo: a whole company, with its PBX and callers, in one program.

import { speak } from './language.js';
import { binary, freePort, temporaryFolder } from './place.js';
import { signalGroup, spawnGroup, stopAfter } from './stop.js';

/** Starts the demo. @returns {Promise<string>} its address, once its line is registered */
export async function startDemo() {
  const port = await freePort();
  const child = spawnGroup(binary, ['demo', '--port', String(port), '--data-dir', temporaryFolder()], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  stopAfter(() => signalGroup(child, 'SIGTERM'));
  for await (const text of /** @type {import('node:stream').Readable} */ (child.stdout)) {
    if (String(text).includes('Телефонистка is at')) return `http://localhost:${port}`;
  }
  throw new Error('the demo ended');
}

/** Who signs in to the demo by one click. @typedef {'admin' | 'operator'} Who */

/**
 * Signs in, and has the pages speak the language: it is kept with the user.
 * @param {import('playwright-core').Page} page
 * @param {Who} who
 * @param {import('./words.js').Words} words
 */
export async function enter(page, who, words) {
  await page.goto(`/api/demo/enter?as=${who}`);
  await speak(page, words);
}
