// A PBX that takes TLS and encrypted sound alone, with a certificate that nobody but its owner vouches for.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { Asterisk } from '../lib/asterisk.js';
import { find, RATE, readVoice, SAME } from '../lib/audio.js';
import { flaws } from '../lib/axe.js';
import { Browser, tape } from '../lib/browser.js';
import { numbers, Provider } from '../lib/caller.js';
import { certificates, fingerprint } from '../lib/certificates.js';
import { Company, people } from '../lib/company.js';
import { Desk, signIn } from '../lib/desk.js';
import { freePort, temporaryFolder, voice } from '../lib/place.js';
import { Server } from '../lib/server.js';
import { goOn } from '../lib/wait.js';
import { ru as words } from '../lib/words.js';

test('a line over TLS is saved, its PBX pinned, and a call is heard both ways under SRTP', async () => {
  const folder = temporaryFolder();
  const { cert, authority } = certificates(folder, 'IP:127.0.0.1');
  const port = await freePort();
  writeFileSync(join(folder, 'pjsip-tls.conf'), `
[tls]
type = transport
protocol = tls
method = tlsv1_2
bind = 127.0.0.1:${port}
cert_file = ${join(folder, 'cert.pem')}
priv_key_file = ${join(folder, 'key.pem')}

[200](+)
media_encryption = sdes
media_encryption_optimistic = no
`);
  const pbx = await Asterisk.start({ name: 'pbx', noAnswer: 1, extra: folder });
  const [server, provider, browser] = await Promise.all([
    Server.start(),
    Provider.start(pbx),
    Browser.start({ microphone: voice('operator-reply') }),
  ]);
  const company = await Company.create(server, pbx);

  const page = await browser.page(server.url);
  await signIn(page, people.admin);
  await page.goto('/cabinet/lines');
  const line = page.getByRole('article').first();
  await line.getByRole('button', { name: words.lines.unfold('Отдел продаж') }).click();
  const account = line.getByRole('region', { name: words.account.title });
  const check = account.getByRole('button', { name: words.account.check });
  const choose = async (/** @type {string} */ list, /** @type {string} */ option) => {
    await account.getByRole('combobox', { name: list }).or(account.getByRole('textbox', { name: list })).first().click();
    await page.getByRole('option', { name: option }).click();
  };
  const established = () => account.getByRole('alert').filter({ hasText: words.account.established }).waitFor();

  await account.getByRole('button', { name: words.account.others }).click();
  await choose(words.account.transport, 'TLS');
  await account.getByRole('textbox', { name: words.account.port, exact: true }).fill(String(port));
  await check.click();
  // No public authority vouches for it: the sentence names the field, and the certificate is shown.
  await account.getByRole('alert').filter({ hasText: words.account.notEstablished })
    .filter({ hasText: `«${words.account.trust}»` }).waitFor();
  await account.getByText(fingerprint(cert)).first().waitFor();
  assert.deepEqual(await flaws(page), [], 'everybody can read what is wrong and mend it');
  await account.getByRole('button', { name: words.account.pin }).click();
  await established();
  assert.equal(await account.getByRole('textbox', { name: words.account.fingerprint }).inputValue(), fingerprint(cert));
  assert.match(await pbx.cli('database', 'show', 'registrar'), /transport=tls/i);

  // The journal tells both, and which certificate it was.
  const { items } = await company.admin.get(`/api/lines/${company.line}/journal`);
  const told = items.map((/** @type {{ text: string }} */ it) => it.text);
  assert.ok(told.some((/** @type {string} */ text) => text.includes(fingerprint(cert))), told.join('\n'));
  assert.match(told[0], /^Соединение установлено/);

  const desk = await Desk.ready(browser, server);
  const call = await provider.call({ from: '79261234567', to: numbers.direct, says: 'ivan-petrov' });
  await desk.rings();
  await desk.answer();
  const answeredAt = await call.answered();
  const [ivan, maria] = [readVoice(voice('ivan-petrov')), readVoice(voice('operator-reply'))];
  await call.hasSpoken();
  await goOn(Math.max(1_000, answeredAt + (2_000 * maria.length) / RATE + 500 - Date.now()));
  await desk.hangUp();
  await call.over();
  const heardByOperator = find((await tape(desk.page, 'remote')).samples, ivan);
  assert.ok(heardByOperator.score > SAME, `the operator heard the caller: ${heardByOperator.score}`);
  const heardByCaller = find(await call.heard(), maria);
  assert.ok(heardByCaller.score > SAME, `the caller heard the operator: ${heardByCaller.score}`);

  // The authority that signed it does as well.
  await choose(words.account.trust, words.account.authority);
  await account.getByRole('textbox', { name: words.account.certificate }).fill(readFileSync(authority, 'utf8'));
  await check.click();
  await established();
  const saved = await company.admin.get(`/api/lines/${company.line}`);
  assert.equal(saved.account.trust.kind, 'authority');
  assert.equal(saved.connection.state, 'registered');
});
