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
  const out = /** @type {import('node:stream').Readable} */ (child.stdout).setEncoding('utf8');
  let said = '';
  await new Promise((up, failed) => {
    // Read to its end, whatever it says: nobody is to write into a closed pipe.
    out.on('data', (text) => {
      said += text;
      if (said.includes('Телефонистка is at')) up(undefined);
    });
    out.on('end', () => failed(new Error('the demo ended')));
  });
  return `http://localhost:${port}`;
}

/** Who signs in to the demo by one click. @typedef {'admin' | 'operator' | 'supervisor' | 'employee' | 'platform'} Who */

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

/**
 * The letters to somebody that the demo has caught, the latest first.
 * @param {import('playwright-core').Page} page
 * @param {string} login
 * @returns {Promise<{ subject: string, text: string }[]>}
 */
export async function letters(page, login) {
  const mails = await (await page.request.get('/api/demo/mails')).json();
  return mails.filter((/** @type {{ to: string }} */ mail) => mail.to.includes(login));
}
