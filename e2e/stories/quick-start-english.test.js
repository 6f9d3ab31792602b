// The quick start in English.

import test from 'node:test';

import { walk } from '../lib/quick-start.js';

test('the quick start works in English', () => walk({ language: 'en' }));
