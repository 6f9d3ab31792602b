// Nobody is signed in at the desk: a voice message is taken, and delivered like any message.

import assert from 'node:assert/strict';
import test from 'node:test';

import { find, readVoice, readWav, SAME } from '../lib/audio.js';
import { numbers } from '../lib/caller.js';
import { people } from '../lib/company.js';
import { MailServer } from '../lib/mail.js';
import { voice } from '../lib/place.js';
import { setting } from '../lib/setting.js';
import { goOn } from '../lib/wait.js';

test('where no operator is signed in, a voice message is taken and goes out by mail', async () => {
  const mail = await MailServer.start();
  const { provider, admin } = await setting({ mail });
  await mail.letterTo(people.employee.email); // the invitation
  mail.putOff = 1; // the message's first attempt is asked to come again later
  const call = await provider.call({ from: '79261234567', to: numbers.direct, says: 'ivan-petrov' });
  await call.answered();
  await call.hasSpoken();
  await goOn(1_000);
  await call.hangUp();
  const stored = await admin.call((it) => it.message && it.ended_at);
  assert.equal(stored.ending, 'voice_message_left');
  assert.equal(stored.result, 'voice_message');

  const letter = await mail.messageTo(people.employee.email, 120_000);
  assert.match(letter.text, /\+7 \(926\) 123-45-67/);
  assert.equal(mail.messages.length, 1, 'one letter, although it took two attempts');

  const { id } = await admin.call((it) => it.recording === 'ready');
  const [left] = readWav(await admin.file(`/api/calls/${id}/recording?format=wav`)).channels;
  assert.ok(find(left, readVoice(voice('ivan-petrov'))).score > SAME, 'the caller is on the recording');
});
