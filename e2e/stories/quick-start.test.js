// The quick start as it is written, in Russian.

import test from 'node:test';

import { walk } from '../lib/quick-start.js';

test('the quick start works as it is written, from the letter to «Отключить от колл-центра»', () => walk({ language: 'ru' }));
