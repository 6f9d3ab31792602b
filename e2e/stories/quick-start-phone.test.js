// The quick start on a telephone: 390 pixels wide, by touch alone.

import test from 'node:test';

import { walk } from '../lib/quick-start.js';

test('the quick start works on a telephone', () => walk({ language: 'ru', phone: true }));
