// Runs the stories one after another, tells each as it ends, and counts them.
//
//   node e2e/run.js [STORY]...     all of them, or those whose names begin so

import { setMaxListeners } from 'node:events';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'node:test';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const wanted = process.argv.slice(2);
// `logs` reads what the others left behind.
const stories = readdirSync(join(here, 'stories'))
  .filter((name) => name.endsWith('.test.js'))
  .sort((a, b) => Number(a.startsWith('logs')) - Number(b.startsWith('logs')) || a.localeCompare(b))
  .filter((name) => wanted.length === 0 || wanted.some((begin) => name.startsWith(begin)));

rmSync(join(here, 'results'), { recursive: true, force: true });

/** @type {Map<string, string>} what each story has said on standard error */
const said = new Map();
let passed = 0;
let failed = 0;
const seconds = (/** @type {number} */ ms) => `${(ms / 1000).toFixed(1)} s`;
const leave = new AbortController();
// Each story's process listens to it.
setMaxListeners(0, leave.signal);
process.once('SIGINT', () => leave.abort());
process.once('SIGTERM', () => leave.abort());

const tests = run({
  files: stories.map((name) => join(here, 'stories', name)),
  concurrency: 1,
  timeout: 360_000,
  signal: leave.signal,
});
tests.on('test:pass', ({ name, nesting, details }) => {
  if (nesting > 0 || name.endsWith('.test.js')) return;
  passed++;
  console.log(`  ok   ${name} (${seconds(details.duration_ms)})`);
});
tests.on('test:fail', ({ name, nesting, details, file }) => {
  if (nesting > 0 && !name.endsWith('.test.js')) return;
  failed++;
  console.log(`  FAIL ${name} (${seconds(details.duration_ms)})`);
  const last = said.get(file ?? '')?.trimEnd().split('\n').slice(-12).join('\n');
  if (last) console.log(last.replace(/^/gm, '       | '));
  const cause = /** @type {any} */ (details.error).cause ?? details.error;
  console.log(`       ${file ?? ''}\n${String(cause?.stack ?? cause).replace(/^/gm, '       ')}`);
});
tests.on('test:stdout', ({ message }) => process.env.VERBOSE && process.stdout.write(message));
tests.on('test:stderr', ({ file, message }) => {
  said.set(file, `${said.get(file) ?? ''}${message}`);
  if (process.env.VERBOSE) process.stderr.write(message);
});
tests.on('end', () => {
  console.log(failed > 0 ? '\nLogs and screenshots: e2e/results' : '');
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
});
tests.resume();
