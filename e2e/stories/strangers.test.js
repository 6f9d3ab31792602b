// Somebody scans the SIP port with SIPVicious: no extension and no line is found, and the line goes on working.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import test from 'node:test';

import { numbers } from '../lib/caller.js';
import { extension } from '../lib/company.js';
import { e2e, freePort, temporaryFolder } from '../lib/place.js';
import { setting } from '../lib/setting.js';

/** Where a tool may write its sessions. */
const home = temporaryFolder();

/**
 * Runs a tool of SIPVicious to its end.
 * @param {'svmap' | 'svwar' | 'svcrack'} tool
 * @param {string[]} args
 * @returns {Promise<string>} everything it said
 */
function run(tool, ...args) {
  const program = join(e2e, '.sipvicious/bin', `sipvicious_${tool}`);
  const options = { env: { ...process.env, HOME: home }, cwd: home, timeout: 120_000 };
  return new Promise((resolve, reject) => {
    execFile(program, args, options, (error, stdout, stderr) => {
      // What they found is in words; their codes tell little.
      if (error && typeof error.code !== 'number') reject(error);
      else resolve(stdout + stderr);
    });
  });
}

test('a scanner finds no extension and no line, and the line goes on working', async () => {
  const port = await freePort();
  const settings = { sip: { listen: `127.0.0.1:${port}`, allowed_networks: ['127.0.0.0/8'] } };
  const { pbx, provider, admin } = await setting({ settings, company: { open: false, outsideHours: false } });
  const contact = (await pbx.contact(extension.user)) ?? '';
  const target = ['-p', String(port), '127.0.0.1'];
  // From an address that nobody knows, and from the one that the line's PBX has.
  const [stranger, known] = ['127.0.0.66', pbx.bind];
  const map = await run('svmap', '-b', stranger, ...target);
  assert.doesNotMatch(map, /telefonistka/i, 'the product is named');
  for (const from of [stranger, known]) {
    const bound = ['-b', from];
    for (const method of ['REGISTER', 'INVITE', 'OPTIONS']) {
      const war = await run('svwar', ...bound, '-m', method, '-e', '190-210', '--force', '--maximumtime', '5', ...target);
      assert.doesNotMatch(war, /^\|\s*\d+\s*\|/m, `svwar ${method} from ${from} found an extension: ${war}`);
    }
    const crack = await run('svcrack', ...bound, '-u', extension.user, '-r', '190-210', '--maximumtime', '5', ...target);
    assert.doesNotMatch(crack, /^\|\s*\d+\s*\|/m, `svcrack from ${from} found a password: ${crack}`);
  }
  assert.equal(await pbx.contact(extension.user), contact, 'the line is registered as before');
  const call = await provider.call({ from: '79261234567', to: numbers.direct });
  assert.equal(await call.refused(), 'BUSY');
  assert.equal((await admin.call((it) => it.ended_at)).ending, 'outside_hours');
});
