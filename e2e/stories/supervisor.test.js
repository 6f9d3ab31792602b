// Three operators and a supervisor at once: calls go round, and the supervisor
// listens, whispers and barges in.

import assert from 'node:assert/strict';
import test from 'node:test';

import { find, loudness, RATE, readVoice, readWav, SAME } from '../lib/audio.js';
import { flaws } from '../lib/axe.js';
import { Board, staff } from '../lib/board.js';
import { Browser, tape } from '../lib/browser.js';
import { numbers } from '../lib/caller.js';
import { people } from '../lib/company.js';
import { Desk } from '../lib/desk.js';
import { voice } from '../lib/place.js';
import { setting } from '../lib/setting.js';
import { goOn, until } from '../lib/wait.js';

const maria = people.operator.name;
const olga = staff.olga.name;

const voices = {
  caller: readVoice(voice('ivan-petrov')),
  operator: readVoice(voice('operator-reply')),
  supervisor: readVoice(voice('sergey-orlov')),
};

/** Less than this is nothing to an ear. */
const SILENCE = 0.003;

/** What is heard on a page from then until then, both in milliseconds of the wall clock. @param {import('playwright-core').Page} page @param {number} from @param {number} [to] */
async function heardOn(page, from, to = Infinity) {
  const { samples, startedAt } = await tape(page, 'remote');
  const at = (/** @type {number} */ ms) => Math.max(0, Math.round(((ms - startedAt) * RATE) / 1000));
  return samples.subarray(at(from), Number.isFinite(to) ? at(to) : undefined);
}

/** @param {import('playwright-core').Page} page @param {string} what @param {import('../lib/audio.js').Samples} who @param {number} from */
const hears = (page, what, who, from) => until(what, async () => find(await heardOn(page, from), who).score > SAME, { everyMs: 1_000 });

test('offers go round; the supervisor listens unheard, whispers to the operator alone, and barges in', async () => {
  const { server, provider, admin } = await setting();
  await Board.hire(server);
  const speaking = await Browser.start({ microphone: voice('operator-reply') });
  const supervising = await Browser.start({ microphone: voice('sergey-orlov') });
  const desks = {
    maria: await Desk.ready(speaking, server),
    olga: await Desk.ready(speaking, server, { who: staff.olga }),
    pyotr: await Desk.ready(speaking, server, { who: staff.pyotr }),
  };
  const board = await Board.open(supervising, server);
  for (const name of [maria, olga, staff.pyotr.name]) await board.shows(name, 'ready');

  // The longest free is asked first; who declines gives it to the next.
  const call = await provider.call({ from: '79261234567', to: numbers.direct, says: 'ivan-petrov', after: 40 });
  await desks.maria.rings();
  await desks.maria.page.getByRole('button', { name: /^Отклонить/ }).click();
  await desks.olga.rings();
  await board.page.getByRole('row', { name: /^Ромашка 1 / }).waitFor();
  await desks.olga.answer();
  const answeredAt = await call.answered();
  const second = await provider.call({ from: '79261234568', to: numbers.direct });
  await desks.pyotr.rings();
  await desks.pyotr.answer();
  await second.answered();
  await board.shows(olga, 'on_call');
  await board.shows(staff.pyotr.name, 'on_call');
  await board.shows(maria, 'ready');
  await board.put(maria, 'Обед');
  await board.shows(maria, 'lunch');
  assert.deepEqual(await flaws(board.page), []);
  await desks.maria.page.getByText('Состояние изменил супервизор').waitFor();

  const listens = await board.takePart(olga, 'Прослушивание');
  await hears(board.page, 'the supervisor hears the operator', voices.operator, listens);
  // From here on the line is silent but for who is to be heard.
  await desks.olga.page.getByRole('button', { name: /^Без звука/ }).click();
  await desks.olga.page.getByText('Микрофон выключен').waitFor();
  const muted = Date.now() + 500;
  await goOn(3_000);
  const listened = Date.now();
  await call.hasSpoken();
  await hears(board.page, 'the supervisor hears the caller', voices.caller, listens);

  const whispers = (await board.takePart(olga, 'Суфлирование')) + 500;
  await desks.olga.page.getByText('Супервизор подсказывает').waitFor();
  await hears(desks.olga.page, 'the operator hears the whisper', voices.supervisor, whispers);
  // What the provider records may be a little shorter than what was: nothing of what follows is to be taken for this.
  await goOn(5_000);
  const whispered = Date.now() - 3_000;

  const barges = (await board.takePart(olga, 'Вмешательство')) + 500;
  await desks.olga.page.getByText('Супервизор в разговоре').waitFor();
  await hears(desks.olga.page, 'the operator hears the supervisor', voices.supervisor, barges);
  const barged = Date.now();
  await board.leave();
  await goOn(1_000);

  const whileListening = loudness(await heardOn(desks.olga.page, muted, listened));
  assert.ok(whileListening < SILENCE, `the operator heard a listener: ${whileListening}`);

  // A call that ends lets the supervisor go.
  await board.takePart(olga, 'Прослушивание');
  await desks.olga.hangUp();
  await desks.olga.over();
  await board.page.getByRole('region', { name: 'Ваше участие в разговоре' }).waitFor({ state: 'detached' });
  await call.over();
  await desks.pyotr.hangUp();
  await second.over();

  const heard = await call.heard();
  const part = (/** @type {number} */ from, /** @type {number} */ to) =>
    heard.subarray(Math.round(((from - answeredAt) * RATE) / 1000), Math.round(((to - answeredAt) * RATE) / 1000));
  const listener = loudness(part(muted, listened));
  assert.ok(listener < SILENCE, `the caller heard a listener: ${listener}`);
  const whisper = loudness(part(whispers, whispered));
  assert.ok(whisper < SILENCE, `the caller heard a whisper: ${whisper}`);
  const spoken = find(part(barges, barged), voices.supervisor).score;
  assert.ok(spoken > SAME, `the caller heard the supervisor: ${spoken}`);

  // The day in figures, an alarm, and the shifts.
  await board.page.getByRole('region', { name: 'Сейчас' }).getByText('Уровень сервиса').waitFor();
  await board.page.getByText('Никто не готов').waitFor();
  await board.page.getByRole('button', { name: 'Сигналы' }).click();
  await board.page.getByRole('dialog').getByLabel('Нет ни одного готового оператора').click();
  await board.page.getByRole('dialog').getByRole('button', { name: 'Сохранить' }).click();
  await board.page.getByText('Никто не готов').waitFor({ state: 'detached' });
  assert.deepEqual(await flaws(board.page), []);
  await board.page.getByRole('link', { name: 'Смены' }).click();
  const shift = board.page.getByRole('row', { name: olga });
  await shift.waitFor();
  // Offered, answered, missed, declined.
  assert.deepEqual((await shift.getByRole('cell').allInnerTexts()).slice(6, 10), ['1', '1', '0', '0']);
  assert.deepEqual(await flaws(board.page), []);

  const { items } = await admin.get('/api/calls');
  const stored = await until('the recording is ready', async () => {
    const id = items.find((/** @type {any} */ it) => it.caller_phone.endsWith('4567')).id;
    const details = await admin.get(`/api/calls/${id}`);
    return details.recording === 'ready' && details;
  });
  const told = stored.timeline.filter((/** @type {any} */ it) => it.what.startsWith('supervisor'));
  assert.deepEqual(told.map((/** @type {any} */ it) => [it.what, it.operator_name]),
    [['supervisor_joined', staff.supervisor.name], ['supervisor_left', staff.supervisor.name]]);
  const { channels: [left, right] } = readWav(await admin.file(`/api/calls/${stored.id}/recording?format=wav`));
  const begun = (Date.parse(told[0].at) - Date.parse(stored.answered_at)) / 1000;
  const recorded = find(right.subarray(Math.round((begun - 1) * RATE)), voices.supervisor).score;
  assert.ok(recorded > SAME, `the supervisor is on the right: ${recorded}`);
  const quiet = right.subarray(Math.round(((whispers - answeredAt) / 1000) * RATE), Math.round(((whispered - answeredAt) / 1000) * RATE));
  assert.ok(loudness(quiet) < SILENCE, `no whisper is recorded: ${loudness(quiet)}`);
  assert.ok(find(left, voices.caller).score > SAME, 'the caller is on the left');
});

test('a browser that is killed in mid-call leaves the caller with music, and then with the next operator', async () => {
  const { server, provider } = await setting();
  await Board.hire(server);
  const killed = await Browser.start({ microphone: voice('operator-reply') });
  const others = await Browser.start({ microphone: voice('operator-reply') });
  const first = await Desk.ready(killed, server);
  const next = await Desk.ready(others, server, { who: staff.olga });
  const call = await provider.call({ from: '79261234567', to: numbers.direct, after: 60 });
  await first.rings();
  await first.answer();
  const answeredAt = await call.answered();
  await goOn(4_000);
  const killedAt = Date.now();
  await killed.kill();
  await next.rings();
  const rangAfter = Date.now() - killedAt;
  await next.answer();
  const answeredAgain = Date.now();
  // The operator's voice goes round in 13 s: its beginning is whole in any 19.
  await goOn(20_000);
  await next.hangUp();
  await call.over();

  const heard = await call.heard();
  const at = (/** @type {number} */ ms) => Math.round(((ms - answeredAt) * RATE) / 1000);
  const waited = heard.subarray(at(killedAt + 3_000), at(answeredAgain - 500));
  assert.ok(loudness(waited) > 3 * SILENCE, `the caller heard music: ${loudness(waited)}`);
  // Not a second of it is silence.
  for (let from = 0; from + RATE <= waited.length; from += RATE) {
    assert.ok(loudness(waited.subarray(from, from + RATE)) > SILENCE, `silence after ${from / RATE} s of music`);
  }
  const again = find(heard.subarray(at(answeredAgain)), voices.operator.subarray(0, 6 * RATE)).score;
  assert.ok(again > SAME, `the next operator was heard: ${again}`);
  assert.ok(rangAfter < 12_000, `the next desk rang ${rangAfter} ms after the kill`);
});
