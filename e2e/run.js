// Runs the stories, tells each as it ends, counts them, and tells where the time went.
//
//   node e2e/run.js [STORY]...     all of them, or those whose names begin so

import { once, setMaxListeners } from 'node:events';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'node:test';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const wanted = process.argv.slice(2);
// `logs` reads what the others left behind.
const stories = readdirSync(join(here, 'stories'))
  .filter((name) => name.endsWith('.test.js'))
  .map((name) => name.slice(0, -'.test.js'.length))
  .sort((a, b) => Number(a === 'logs') - Number(b === 'logs') || a.localeCompare(b))
  .filter((name) => wanted.length === 0 || wanted.some((begin) => name.startsWith(begin)));

rmSync(join(here, 'results'), { recursive: true, force: true });

/** @type {Map<string, string>} what each file has said on standard error */
const said = new Map();
/** @type {{ name: string, ms: number }[]} */
const files = [];
/** @type {{ name: string, ms: number }[]} */
const told = [];
let failed = 0;
const began = Date.now();
const seconds = (/** @type {number} */ ms) => `${(ms / 1000).toFixed(1)} s`;
const leave = new AbortController();
// Each story's process listens to it.
setMaxListeners(0, leave.signal);
process.once('SIGINT', () => leave.abort());
process.once('SIGTERM', () => leave.abort());

const tests = run({
  files: stories.map((name) => join(here, 'stories', `${name}.test.js`)),
  concurrency: 1,
  // Of a file, with all of its stories.
  timeout: 900_000,
  signal: leave.signal,
});
tests.on('test:complete', ({ name, details }) => {
  if (name.endsWith('.test.js')) files.push({ name: stories.find((it) => name.endsWith(`/${it}.test.js`)) ?? name, ms: details.duration_ms });
});
tests.on('test:pass', ({ name, nesting, details }) => {
  if (nesting > 0 || name.endsWith('.test.js')) return;
  told.push({ name, ms: details.duration_ms });
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

/** The slowest first. @param {string} what @param {{ name: string, ms: number }[]} all @param {number} most */
function slowest(what, all, most) {
  console.log(`\n${what}`);
  for (const { name, ms } of all.sort((a, b) => b.ms - a.ms).slice(0, most)) console.log(`  ${seconds(ms).padStart(8)}  ${name}`);
}

tests.resume();
await once(tests, 'end');
if (files.length > 1) {
  slowest('Files, the slowest first, with their beginning and their end:', files, files.length);
  slowest('Stories, the slowest first:', told, 20);
}
console.log(failed > 0 ? '\nLogs and screenshots: e2e/results' : '');
console.log(`${told.length} passed, ${failed} failed in ${seconds(Date.now() - began)}`);
process.exitCode = failed === 0 && told.length > 0 ? 0 : 1;
