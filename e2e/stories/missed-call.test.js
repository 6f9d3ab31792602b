// The main job, end to end: a call that nobody answered becomes a message.

import assert from 'node:assert/strict';
import test from 'node:test';

import { Asterisk } from '../lib/asterisk.js';
import { find, RATE, readVoice, readWav, SAME } from '../lib/audio.js';
import { Browser, tape } from '../lib/browser.js';
import { Provider } from '../lib/caller.js';
import { Company, people } from '../lib/company.js';
import { Desk, signIn } from '../lib/desk.js';
import { MailServer } from '../lib/mail.js';
import { voice } from '../lib/place.js';
import { decode } from '../lib/recording.js';
import { Server } from '../lib/server.js';
import { goOn } from '../lib/wait.js';

test('a missed call at the PBX is answered in the browser and becomes a letter and a recording', async () => {
  const mail = await MailServer.start();
  const pbx = await Asterisk.start({ name: 'pbx', noAnswer: 3 });
  const [server, provider, operators] = await Promise.all([
    Server.start({ mail }),
    Provider.start(pbx),
    Browser.start({ microphone: voice('operator-reply') }),
  ]);
  const { admin } = await Company.create(server, pbx);
  const desk = await Desk.ready(operators, server);

  // The employees' telephones ring for three seconds, then the line.
  const call = await provider.call({ from: '79261234567', says: 'ivan-petrov' });
  const began = Date.now();
  await desk.rings();
  assert.ok(Date.now() - began >= 2_500, 'the employees were not rung first');
  await desk.title(/Звонок.*Ромашка/);
  await desk.page.getByText('+7 (926) 123-45-67').first().waitFor();
  await desk.answer();
  const answeredAt = await call.answered();
  await desk.page.getByText('«Ромашка»', { exact: false }).first().waitFor();

  // Both talk until the caller has said everything, and the microphone, which
  // repeats its file from wherever it is, has said all of it from its beginning.
  const ivan = readVoice(voice('ivan-petrov'));
  const maria = readVoice(voice('operator-reply'));
  const length = (1000 * maria.length) / RATE;
  await call.hasSpoken();
  await goOn(Math.max(1_000, answeredAt + 2 * length + 500 - Date.now()));
  await desk.send({ name: 'Иван Петров', text: 'Просит перезвонить насчёт договора.' });
  await desk.hangUp();
  await call.over();

  // What the one said the other heard.
  const [remote, microphone] = [await tape(desk.page, 'remote'), await tape(desk.page, 'microphone')];
  const heardByOperator = find(remote.samples, ivan);
  assert.ok(heardByOperator.score > SAME, `the operator heard the caller: ${heardByOperator.score}`);
  const heardByCaller = find(await call.heard(), maria);
  assert.ok(heardByCaller.score > SAME, `the caller heard the operator: ${heardByCaller.score}`);

  // The letter.
  const letter = await mail.messageTo(people.employee.email);
  assert.match(letter.text, /Просит перезвонить насчёт договора\./);
  assert.match(letter.text, /\+7 \(926\) 123-45-67/);

  // The cabinet: the call, its message and its player.
  const page = await operators.page(server.url);
  await signIn(page, people.admin);
  const row = page.getByRole('listitem').filter({ hasText: '+7 (926) 123-45-67' }).first();
  await row.getByText('Сообщение принято').waitFor();
  await row.getByRole('button').first().click();
  await page.getByRole('button', { name: 'Слушать' }).click();
  await page.waitForFunction(() => (document.querySelector('audio')?.currentTime ?? 0) > 1);
  await page.getByText('Просит перезвонить насчёт договора.').first().waitFor();
  await page.getByText('Отправлено').first().waitFor();

  // The recording: the caller on the left, the operator on the right, at the right moments.
  const stored = await admin.call((it) => it.recording === 'ready');
  assert.equal(stored.ending, 'operator_hung_up');
  const recording = await decode(page, `/api/calls/${stored.id}/recording`);
  const [left, right] = recording;
  const [onLeft, onRight] = [find(left, ivan), find(right, maria)];
  assert.ok(onLeft.score > SAME, `the caller is on the left: ${onLeft.score}`);
  assert.ok(onRight.score > SAME, `the operator is on the right: ${onRight.score}`);
  assert.ok(find(left, maria).score < SAME, 'the operator is not on the left');
  assert.ok(find(right, ivan).score < SAME, 'the caller is not on the right');
  const operatorAnsweredAt = Date.parse(stored.answered_at);
  const callerSpoke = operatorAnsweredAt + onLeft.atMs;
  assert.ok(Math.abs(callerSpoke - answeredAt) < 600, `the caller spoke at the right moment: ${callerSpoke - answeredAt} ms off`);
  const said = microphone.startedAt + find(microphone.samples, maria).atMs;
  const onRecording = operatorAnsweredAt + onRight.atMs;
  // The microphone repeats its file: the same moment within it counts.
  const off = ((((onRecording - said) % length) + 1.5 * length) % length) - 0.5 * length;
  assert.ok(Math.abs(off) < 600, `the operator spoke at the right moment: ${off} ms off`);

  // The same as WAV.
  const wav = readWav(await admin.file(`/api/calls/${stored.id}/recording?format=wav`));
  assert.equal(wav.channels.length, 2);
  assert.ok(find(wav.channels[0], ivan).score > SAME);
});
