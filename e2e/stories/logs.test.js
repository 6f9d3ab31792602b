// What the stories before this one have made the program log, at its most talkative.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { numbers } from '../lib/caller.js';
import { extension, people } from '../lib/company.js';
import { login } from '../lib/mail.js';
import { results } from '../lib/place.js';

const all = join(results, '..');
const logs = readdirSync(all)
  .map((story) => join(all, story, 'server.log'))
  .filter(existsSync)
  .map((file) => ({ file, text: readFileSync(file, 'utf8') }));

test('the logs hold no telephone numbers', () => {
  assert.ok(logs.length > 0, 'there are logs');
  const told = Object.values(numbers).join('|');
  const number = new RegExp(`.*(?:(?<![0-9a-f])[78]?926[0-9]{7}(?![0-9a-f])|\\(926\\)|${told}).*`, 'g');
  for (const { file, text } of logs) assert.deepEqual(text.match(number) ?? [], [], file);
});

test('the logs hold no passwords and no digests', () => {
  const secrets = [extension.password, people.admin.password, people.operator.password, login.password];
  for (const { file, text } of logs) {
    for (const secret of secrets) assert.ok(!text.includes(secret), `${file}: ${secret}`);
    assert.doesNotMatch(text, /authorization: *digest|response="[0-9a-f]{32}/i, file);
  }
});
