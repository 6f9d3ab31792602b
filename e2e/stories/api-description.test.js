// The interface keeps to its own description, whatever it is asked: schemathesis
// makes requests up out of the OpenAPI document, right ones and wrong ones.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { promisify } from 'node:util';

import { people, signInFirst } from '../lib/company.js';
import { e2e, results } from '../lib/place.js';
import { Server } from '../lib/server.js';

const schemathesis = process.env.SCHEMATHESIS ?? join(e2e, '.schemathesis/bin/schemathesis');

/** What is not asked, and why. */
const LEFT_OUT = [
  ['/api/events', 'it never ends'],
  ['/api/desk/socket', 'it is a WebSocket'],
  ['/api/session', 'it would sign itself out, and the attempts to sign in are counted'],
  ['/api/sessions/{id}', 'it would end its own session, whose id it has been told'],
  ['/api/session/password', 'it would change its own password'],
  ['/api/lines/{id}/account', 'it waits for PBXs that are not there'],
];

/** @type {Record<'admin' | 'operator', string[]>} */
const roles = {
  admin: ['create-company', '--name', 'Ромашка', '--admin-email', people.admin.login],
  operator: ['create-operator', '--email', people.operator.login, '--name', people.operator.name],
};

for (const [role, command] of /** @type {['admin' | 'operator', string[]][]} */ (Object.entries(roles))) {
  test(`no made-up request is answered with 5xx or against the description (${role})`, async () => {
    const server = await Server.start();
    const session = await signInFirst(server, people[role], ...command);
    const report = join(results, `schemathesis-${role}.txt`);
    const args = [
      'run', `${server.url}/api/openapi.json`, '--seed', '1', '--max-examples', '15', '--max-time', '60', '--no-shrink',
      '--phases', 'examples,coverage,fuzzing', '--request-timeout', '10', '--warnings', 'off', '--suppress-health-check', 'all',
      '--checks', 'not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance',
      ...Object.entries(session.headers()).flatMap(([name, value]) => ['-H', `${name}: ${value}`]),
      ...LEFT_OUT.flatMap(([path]) => ['--exclude-path', path]),
    ];
    await promisify(execFile)('sh', ['-c', `"$0" "$@" >"$REPORT" 2>&1`, schemathesis, ...args], {
      cwd: server.folder, env: { ...process.env, REPORT: report, NO_COLOR: '1' },
    }).catch(() => {
      throw new Error(readFileSync(report, 'utf8').slice(-12_000));
    });
    // It was let in: the session still stands, and what an administrator may make was made.
    await session.get('/api/session');
    if (role === 'admin') assert.ok((await session.get('/api/lines')).length > 0, 'no line was made');
  });
}
