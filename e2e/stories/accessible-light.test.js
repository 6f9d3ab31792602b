// Nothing keeps anybody out: axe-core on every page, in the light colours.

import test from 'node:test';

import { examine, seenDemo } from '../lib/accessible.js';

const demo = await seenDemo();

for (const language of /** @type {const} */ (['ru', 'en'])) {
  test(`axe finds nothing grave on the pages (light, ${language})`, () => examine(demo, language, 'light'));
}
