// Nothing keeps anybody out: axe-core on every page, in the dark colours. Those know no language.

import test from 'node:test';

import { examine, seenDemo } from '../lib/accessible.js';

const demo = await seenDemo();

test('axe finds nothing grave on the pages (dark)', () => examine(demo, 'ru', 'dark'));
