// One test for each row of the table of states; the numbers are those of the rows.
import test from 'node:test';
import assert from 'node:assert/strict';
import { begin, next, normal, same, status, step, unsent, writable } from '../../src/Diagnostics.Server/Pages/Assets/exam/machine.js';
import { describe } from '../../src/Diagnostics.Server/Pages/Assets/exam/machine.js';
import { classify, unsentFile } from '../../src/Diagnostics.Server/Pages/Assets/exam/line.js';
import { Clock } from '../../src/Diagnostics.Server/Pages/Assets/exam/line.js';
import { Memory, Page, Server, Time, text } from './world.mjs';

const time = at => at.slice(11, 16);

/** A page with slots 1–3 that runs events and records the effects. */
function page(options = {}) {
  let state = begin({ account: 'a', session: 's', slots: [1, 2, 3], ...options });
  const effects = [];
  const it = {
    at: 0, effects,
    get state() { return state; },
    on(type, rest) {
      const result = step(state, { type, at: it.at, random: 0.5, ...rest });
      state = result.state;
      effects.push(...result.effects);
      return it;
    },
    type: (slot, value, at = it.at) => { it.at = at; return it.on('input', { slot, value: value === null ? null : text(value), text: true }); },
    /** Sends everything that is due at this time. */
    go: (at = it.at) => { it.at = at; return it.on('go'); },
    reply: (answer, at = it.at) => { it.at = at; return it.on('reply', { answer }); },
    saved: (rev, rest) => it.reply({ kind: 'saved', rev, at: '2026-11-30T11:32:00Z', state: 'in_progress', secondsLeft: 100, ...rest }),
    my: (rest, responses) => it.on('session', { my: { state: 'in_progress', deadline: '2026-11-30T12:00:00Z', secondsLeft: 1000, graceSeconds: 30, responsesShown: true, responses: responses ?? [], ...rest } }),
    status: slot => status(state, slot),
    did: what => effects.filter(each => each.do === what),
    said: what => effects.filter(each => each.do === 'say' && each.what === what).length,
    words: () => describe(state, it.at, time),
    /** An answer that was typed and is on its way to the server. */
    sending: (slot = 1, value = 'А') => it.on('session', { my: { state: 'in_progress', deadline: '2026-11-30T12:00:00Z', secondsLeft: 1000, graceSeconds: 30, responsesShown: true, responses: [] } })
      .type(slot, value).go(2000),
    /** An answer that the server has. */
    clean: (slot = 1, value = 'А') => it.sending(slot, value).saved(1),
  };
  return it;
}
const foreign = { rev: 5, value: text('Б'), at: '2026-11-30T11:40:00Z' };

test('SM-1 what is typed is dirty, kept on the device soon and sent 1.5 s after the last key, at most 5 s after the first', () => {
  const it = page().my().type(1, 'А', 0);
  assert.equal(it.status(1), 'dirty');
  assert.deepEqual(it.did('keep').at(-1), { do: 'keep', slot: 1, soon: true });
  assert.equal(next(it.state).at, 1500);
  for (let at = 1000; at <= 6000; at += 1000) it.type(1, `А${at}`, at);
  assert.equal(next(it.state).at, 5000);
  it.on('input', { slot: 2, value: { type: 'single_choice', option: '2' } });
  assert.ok(next({ ...it.state, slots: { 2: it.state.slots[2] } }).at <= it.at + 1000);
  assert.notEqual(it.words().claim, 'saved');
});

test('SM-2 input while a save is out changes the value only: what was sent stays as it was', () => {
  const it = page().sending(1, 'А');
  const { sending } = it.state.slots[1];
  it.type(1, 'АБ', 2500);
  assert.equal(it.status(1), 'sending');
  assert.deepEqual(it.state.slots[1].sending, sending);
});

test('SM-3 a save is frozen on the device before it goes out', () => {
  const it = page().sending(1, 'А');
  const order = it.effects.map(each => each.do);
  assert.ok(order.lastIndexOf('keep') < order.lastIndexOf('put'));
  assert.deepEqual(it.did('put')[0].body, { baseRevision: 0, response: text('А'), cleared: false });
  assert.equal(it.status(1), 'sending');
});

test('SM-4 a good answer for what is shown makes it clean, with the server’s time', () => {
  const it = page().clean(1, 'А');
  assert.equal(it.status(1), 'clean');
  assert.equal(it.words().claim, 'saved');
  assert.match(it.words().text, /11:32/);
});

test('SM-5 a good answer for older text leaves the newer dirty and sends it at once on the new revision', () => {
  const it = page().sending(1, 'А').type(1, 'АБ', 2100).saved(1);
  assert.equal(it.status(1), 'dirty');
  it.go();
  assert.deepEqual(it.did('put')[1].body, { baseRevision: 1, response: text('АБ'), cleared: false });
});

test('SM-6 five seconds without an answer are told as a slow line', () => {
  const it = page().sending().on('slow').on('kept', { slot: 1, edit: 99 });
  assert.equal(it.state.line, 'slow');
  assert.equal(it.words().text, 'Медленная связь, ответ на устройстве.');
});

test('SM-7 a lost request or reply is repeated as it was, the pause grows to 30 s, and it is said once', () => {
  const it = page().sending(1, 'А').on('kept', { slot: 1, edit: 99 });
  for (let tries = 0; tries < 12; tries++) {
    it.reply({ kind: 'lost' }).type(1, `А${tries}`);
    const wait = next(it.state).at - it.at;
    assert.ok(wait <= 30000);
    if (tries === 0) assert.equal(wait, 1000);
    if (tries > 6) assert.equal(wait, 30000);
    it.go(next(it.state).at);
    assert.deepEqual(it.did('put').at(-1).body, { baseRevision: 0, response: text('А'), cleared: false });
  }
  assert.equal(it.said('down'), 1);
  it.reply({ kind: 'lost' });
  assert.equal(it.status(1), 'unsure');
  it.on('kept', { slot: 1, edit: 999 });
  assert.equal(it.words().claim, 'kept');
  assert.match(it.words().text, /^Нет связи\. 1 ответ на этом устройстве/);
});

test('SM-7 what is not the server’s JSON, or another slot’s, is no acknowledgement', () => {
  const put = (code, type, body) => classify('put', code, type, body, null, { slot: 1, base: 3 }).kind;
  assert.equal(put(200, 'text/html', '<h1>Вход в сеть школы</h1>'), 'lost');
  assert.equal(put(200, 'application/json', '{"slot":2,"revision":4}'), 'lost');
  assert.equal(put(200, 'application/json', '{"slot":1,"revision":3}'), 'lost');
  assert.equal(put(200, 'application/json', '{"slot":1,"rev'), 'lost');
  assert.equal(put(403, 'text/html', 'proxy'), 'lost');
  assert.equal(put(401, 'text/html', 'proxy'), 'lost');
  assert.equal(put(302, null, ''), 'lost');
  assert.equal(put(200, 'application/json', '{"slot":1,"revision":4}'), 'saved');
});

test('SM-8 a busy server is waited for as long as it asks, and said after 10 s only', () => {
  const it = page().sending().reply({ kind: 'busy', after: 20 });
  assert.ok(next(it.state).at >= it.at + 20000);
  assert.equal(it.state.line, 'busy');
  assert.ok(!it.words().bad);
  it.at += 11000;
  assert.match(it.words().text, /Сервер занят, отправим сами/);
});

test('SM-9 faults of the server are told from the third on, with the number; another answer goes past', () => {
  const it = page().sending(1).type(2, 'Б');
  it.reply({ kind: 'error', trace: 't-1' }).go(next(it.state).at).reply({ kind: 'error', trace: 't-1' });
  assert.ok(!it.words().bad);
  it.go(next(it.state).at);
  assert.equal(it.did('put').at(-1).slot, 2);
  it.reply({ kind: 'error', trace: 't-2' });
  assert.match(it.words().text, /Номер: t-2/);
});

test('SM-10 a 412 with our own text is an acknowledgement that was lost', () => {
  const it = page().sending(1, 'А').reply({ kind: 'stale', current: { rev: 4, value: text('А'), at: null } });
  assert.equal(it.status(1), 'clean');
  assert.equal(it.state.slots[1].acked.rev, 4);
});

test('SM-11 a 412 with the text that we began from moves the base only', () => {
  const it = page().clean(1, 'А').type(1, 'АБ').go(5000).reply({ kind: 'stale', current: { rev: 3, value: text('А'), at: null } }).go();
  assert.deepEqual(it.did('put').at(-1).body, { baseRevision: 3, response: text('АБ'), cleared: false });
});

test('SM-12 a 412 with foreign text is shown with both; nothing is sent until the person chooses, other answers go on', () => {
  const it = page().sending(1, 'А').reply({ kind: 'stale', current: foreign }).type(2, 'В');
  assert.equal(it.status(1), 'conflict');
  assert.deepEqual(it.did('aside').map(each => each.value.text), ['А', 'Б']);
  it.go(it.at + 5000);
  assert.equal(it.did('put').at(-1).slot, 2);
  assert.equal(it.words().claim, 'unsaved');
});

test('SM-13 mine is sent on the foreign revision, theirs is taken as it is', () => {
  const mine = page().sending(1, 'А').reply({ kind: 'stale', current: foreign }).on('choose', { slot: 1, mine: true }).go();
  assert.deepEqual(mine.did('put').at(-1).body, { baseRevision: 5, response: text('А'), cleared: false });
  const theirs = page().sending(1, 'А').reply({ kind: 'stale', current: foreign }).on('choose', { slot: 1, mine: false });
  assert.equal(theirs.status(1), 'clean');
  assert.equal(theirs.state.slots[1].value.text, 'Б');
  assert.ok(next(theirs.state).get && next(theirs.state).at <= theirs.at, 'the server may have a newer answer by now');
});

test('SM-14 a blank that the server does not take gives the field back what the server has', () => {
  const it = page().clean(1, 'А').type(1, null).go(9000);
  assert.equal(it.did('put').at(-1).body.cleared, true);
  it.reply({ kind: 'blank' });
  assert.equal(it.state.slots[1].value.text, 'А');
  assert.equal(it.status(1), 'clean');
  assert.equal(it.said('blankRefused'), 1);
});

test('SM-15 what is refused is not sent again as it is, is kept, and holds the finish', () => {
  const long = 'я'.repeat(20001);
  const it = page().sending(1, long).reply({ kind: 'refused', code: 'answer-too-long' });
  assert.equal(it.status(1), 'refused');
  assert.equal(it.did('aside').length, 1);
  for (const at of [10000, 20000]) it.go(at);
  assert.equal(it.did('put').length, 1);
  it.on('finish');
  assert.equal(it.state.finish.phase, 'waiting');
  it.type(1, 'коротко').go(it.at + 2000);
  assert.equal(it.did('put').length, 2);
});

test('SM-16 a 413 without JSON is the network’s, and no retry helps', () => {
  assert.deepEqual(classify('put', 413, 'text/html', '<h1>413</h1>', null, {}), { kind: 'refused', code: 'request-too-large' });
});

test('SM-17 an ended sign-in stops the queue; typing goes on; after it everything goes out', () => {
  const it = page().sending(1, 'А').reply({ kind: 'unauthorised' });
  assert.equal(it.did('signIn').length, 1);
  assert.ok(next(it.state).get, 'only whether somebody has signed in elsewhere is asked');
  assert.ok(writable(it.state));
  it.type(2, 'Б').on('signedIn', { account: 'a' }).go();
  assert.deepEqual(it.did('put').at(-1).body, { baseRevision: 0, response: text('А'), cleared: false });
});

test('SM-18 another person’s sign-in stops everything and shows nothing', () => {
  const it = page().sending(1, 'А').reply({ kind: 'unauthorised' }).on('signedIn', { account: 'b' });
  assert.equal(it.state.stop, 'other');
  assert.equal(next(it.state), null);
  assert.ok(!writable(it.state));
});

test('SM-19 a session that is not there stops sending; the server is asked once a minute', () => {
  const it = page().sending().reply({ kind: 'gone' });
  assert.equal(it.state.stop, 'gone');
  assert.deepEqual(next(it.state), { at: it.at + 60000, get: true });
});

test('SM-20 a slot that is not there stops alone', () => {
  const it = page().sending(1).reply({ kind: 'noSlot' }).type(2, 'Б').go(9000);
  assert.equal(it.did('put').at(-1).slot, 2);
  assert.equal(it.words().claim, 'unsaved');
});

test('SM-21 a pause keeps what was sent for after, and sends nothing in it', () => {
  const it = page().sending(1, 'А').reply({ kind: 'closed', state: 'paused' });
  assert.equal(it.state.session, 'paused');
  assert.ok(it.state.slots[1].sending);
  assert.ok(!writable(it.state));
  it.go().reply({ kind: 'session', my: { state: 'paused', secondsLeft: 10, deadline: null, responsesShown: false, responses: [] } });
  for (let at = it.at; at < 200000; at += 10000) if (next(it.state).at <= at) it.go(at).reply({ kind: 'session', my: { state: 'paused', responsesShown: false, responses: [] } });
  assert.equal(it.did('put').length, 1);
  assert.equal(it.state.slots[1].value.text, 'А');
});

test('SM-22 after the pause what waited goes out as it was', () => {
  const it = page().sending(1, 'А').reply({ kind: 'closed', state: 'paused' }).my({}).go();
  assert.equal(it.state.session, 'running');
  assert.equal(it.said('resumed'), 1);
  assert.deepEqual(it.did('put').at(-1).body, { baseRevision: 0, response: text('А'), cleared: false });
});

test('SM-23 added time is said in minutes', () => {
  const it = page().my({ deadline: '2026-11-30T12:00:00Z' }).my({ deadline: '2026-11-30T12:10:00Z' });
  assert.equal(it.effects.find(each => each.what === 'extended').minutes, 10);
});

test('SM-24 at the end of the time fields are closed and the queue goes on', () => {
  const it = page().my().type(1, 'А').on('timeUp');
  assert.ok(!writable(it.state));
  it.go();
  assert.equal(it.did('put').length, 1);
  assert.match(it.words().text, /Время вышло/);
});

test('SM-25 an answer after the grace is named as kept for the commission, and not sent again', () => {
  const it = page().my().type(1, 'А').on('timeUp').go().reply({ kind: 'closed', state: 'expired' });
  assert.equal(it.state.session, 'over');
  it.my({ state: 'in_progress', secondsLeft: 0 }).go(it.at + 1000).my({ state: 'expired', secondsLeft: null, responsesShown: false }).go(it.at + 60000);
  assert.equal(it.did('put').length, 1);
  assert.equal(it.words().claim, 'aside');
  assert.match(it.words().text, /Не засчитаны, сохранены для комиссии: 1/);
});

test('SM-26 finished elsewhere or annulled: said, and the server is asked', () => {
  for (const state of ['finished', 'annulled']) {
    const it = page().sending().reply({ kind: 'closed', state });
    assert.equal(it.state.ended, state);
    assert.ok(next(it.state).get);
  }
});

test('SM-27 after a reload values come from the device at once, what was out is sent first, and it is said', () => {
  const it = page().on('restore', { records: [
    { slot: 1, value: text('АБ'), acked: { rev: 0, value: null, at: null }, sending: { base: 0, value: text('А'), tries: 1, since: 0 }, other: null, refused: null, held: false, edit: 4 },
    { slot: 2, value: text('В'), acked: { rev: 2, value: text('В'), at: null }, sending: null, other: null, refused: null, held: false, edit: 2 },
  ] });
  assert.equal(it.state.slots[1].value.text, 'АБ');
  assert.deepEqual(it.did('say')[0], { do: 'say', what: 'restored', n: 1 });
  it.my({}, [{ slot: 1, revision: 1, response: text('А'), savedAt: null }, { slot: 2, revision: 2, response: text('В'), savedAt: null }]).go();
  assert.deepEqual(it.did('put')[0].body, { baseRevision: 0, response: text('А'), cleared: false });
  it.saved(1).go();
  assert.deepEqual(it.did('put')[1].body, { baseRevision: 1, response: text('АБ'), cleared: false });
});

test('SM-28, SM-29 of two copies on the device the one with more edits is the later, whatever the device’s clock said', () => {
  const record = (edit, value) => ({ slot: 1, value: text(value), acked: { rev: 0, value: null, at: null }, sending: null, other: null, refused: null, held: false, edit });
  const it = page().on('restore', { records: [record(7, 'позже'), record(3, 'раньше')] });
  assert.equal(it.state.slots[1].value.text, 'позже');
});

test('SM-30 a second tab shows and does not write', () => {
  const it = page({ tab: 'follower' }).my({}, [{ slot: 2, revision: 1, response: text('Б') }]).type(1, 'А');
  assert.equal(it.state.slots[2].value.text, 'Б');
  assert.equal(it.did('keep').length, 0, 'what the leader has kept is not overwritten');
  assert.equal(it.status(1), 'clean');
  assert.equal(next(it.state), null);
  it.on('tab', { tab: 'leader' });
  assert.ok(next(it.state).get);
});

test('SM-30 a second tab does not finish: what it would wait for the leader sends', () => {
  const it = page({ tab: 'follower' }).my().on('finish', { auto: true });
  assert.equal(it.state.finish, null);
});

test('SM-31 another device’s answer is taken where nothing was typed here, and asked about where something was', () => {
  const it = page().clean(1, 'А').my({}, [{ slot: 1, revision: 2, response: text('Б'), savedAt: null }]);
  assert.equal(it.state.slots[1].value.text, 'Б');
  assert.equal(it.said('elsewhere'), 1);
  it.type(1, 'В').my({}, [{ slot: 1, revision: 3, response: text('Г'), savedAt: null }]);
  assert.equal(it.status(1), 'conflict');
});

test('SM-32 the time left follows the server’s word, whatever is done to the device’s clock', () => {
  let perf = 0, wall = 0;
  const clock = new Clock(() => perf, () => wall);
  perf = wall = 2000;
  clock.set(600, true, 0);
  assert.equal(clock.left, 599);
  assert.equal(clock.jumped(), false);
  wall += 86400000;
  assert.equal(clock.left, 599);
  assert.equal(clock.jumped(), true);
  perf += 10000; wall += 10000;
  assert.equal(clock.left, 589);
  assert.equal(clock.jumped(), false);
  wall += 600000;
  assert.equal(clock.jumped(), true, 'the device slept: its steady clock stood still');
  const it = page().clean().on('hurry');
  assert.ok(next(it.state).get);
});

test('SM-33, SM-34 a device that keeps nothing is never said to keep something', () => {
  const it = page({ store: 'none' }).sending().reply({ kind: 'lost' });
  assert.equal(it.words().claim, 'unsaved');
  assert.match(it.words().text, /не закрывайте страницу/);
  it.on('store', { store: 'ls' }).on('kept', { slot: 1, edit: 99 });
  assert.equal(it.words().claim, 'unsaved', 'a browser that is killed has not written localStorage yet');
  assert.ok(next(page({ store: 'ls' }).my().type(1, 'А').state).at <= 300, 'and is told at once');
  it.on('store', { store: 'idb' });
  assert.equal(it.words().claim, 'kept');
});

test('SM-37 a page that goes out of sight sends what there is room for, in order, frozen', () => {
  const it = page().my().type(1, 'я'.repeat(20000)).type(2, 'я'.repeat(20000)).type(3, 'я').on('leave', { room: 60000 });
  assert.deepEqual(it.did('farewell').map(each => each.slot), [1]);
  assert.equal(it.status(1), 'unsure');
  it.type(1, 'новое').go(it.at);
  assert.equal(it.did('put').at(-1).body.response.text.length, 20000);
});

test('SM-38 a page that is looked at again hurries', () => {
  const it = page().sending().reply({ kind: 'lost' }).on('hurry');
  assert.equal(next(it.state).at <= it.at, true);
});

test('SM-39 a finish with everything clean goes out with the manifest, once', () => {
  const it = page().clean(1, 'А').on('finish').on('finish').go();
  assert.deepEqual(it.did('finish'), [{ do: 'finish', manifest: { 1: 1 } }]);
  assert.ok(!writable(it.state));
});

test('SM-40 a finish waits for what is not sent, and goes on by itself only where the person said so', () => {
  const it = page().sending(1, 'А').reply({ kind: 'lost' }).on('finish', { auto: false });
  it.on('hurry').go().saved(1).go();
  assert.equal(it.did('finish').length, 0);
  const auto = page().sending(1, 'А').reply({ kind: 'lost' }).on('finish', { auto: true });
  auto.on('hurry').go().saved(1);
  for (let n = 0; n < 3; n++) { auto.go(); if (auto.state.flight?.get) auto.reply({ kind: 'session', my: { state: 'in_progress', responsesShown: true, secondsLeft: 9, responses: [{ slot: 1, revision: 1, response: text('А') }] } }); }
  assert.equal(auto.did('finish').length, 1);
});

test('SM-40 whoever did not ask for the end to go on by itself may press again once everything is sent', () => {
  const it = page().sending(1, 'А').reply({ kind: 'lost' }).on('finish', { auto: false });
  assert.equal(it.state.finish.phase, 'waiting');
  it.on('hurry').go().saved(1);
  assert.equal(it.state.finish, null);
  it.on('finish');
  assert.equal(it.state.finish.phase, 'posting');
});

test('SM-40 what is refused is left behind only when the person names it', () => {
  const it = page().sending(1, 'я').reply({ kind: 'refused', code: 'answer-too-long' }).on('finish', { without: [1] }).go();
  assert.equal(it.did('finish').length, 1);
});

test('SM-41 a finish without an answer is repeated as it was', () => {
  const it = page().clean(1, 'А').on('finish').go().reply({ kind: 'lost' });
  for (let n = 0; n < 3 && it.did('finish').length < 2; n++) { it.go(next(it.state).at); if (it.state.flight?.get) it.reply({ kind: 'lost' }); }
  assert.deepEqual(it.did('finish')[1], it.did('finish')[0]);
});

test('SM-42 what the server lacks is sent again on what it has', () => {
  const it = page().clean(1, 'А').type(1, 'Б').go(9000).saved(2).on('finish').go().reply({ kind: 'missing', missing: [{ slot: 1, expected: 2, actual: 1 }] });
  it.go().reply({ kind: 'session', my: { state: 'in_progress', secondsLeft: 9, responsesShown: true, responses: [{ slot: 1, revision: 1, response: text('А') }] } }).go();
  assert.deepEqual(it.did('put').at(-1).body, { baseRevision: 1, response: text('Б'), cleared: false });
});

test('SM-43 a finish in a pause or after the time is what the session is', () => {
  assert.equal(page().clean().on('finish').go().reply({ kind: 'closed', state: 'paused' }).state.session, 'paused');
  assert.equal(page().clean().on('finish').go().reply({ kind: 'closed', state: 'expired' }).state.session, 'over');
});

test('SM-44 after the receipt the server is asked, and then the device forgets', () => {
  const it = page().clean(1, 'А').on('finish').go().reply({ kind: 'receipt', receipt: { sessionId: 's', manifest: { 1: 1 } } });
  assert.equal(it.did('erase').length, 0);
  it.go().reply({ kind: 'session', my: { state: 'finished', responsesShown: false, responses: [] } });
  assert.equal(it.did('erase').length, 1);
  assert.equal(next(it.state), null);
});

test('SM-45 what did not come in time is sent once after the end and can be handed over as a file', () => {
  const it = page().on('restore', { records: [{ slot: 1, value: text('А'), acked: { rev: 0, value: null, at: null }, sending: null, other: null, refused: null, held: false, edit: 1 }] })
    .my({ state: 'expired', responsesShown: false, secondsLeft: null }).go();
  assert.equal(it.did('put').length, 1);
  it.reply({ kind: 'closed', state: 'expired' });
  for (let n = 0; n < 5; n++) it.go(it.at + 60000), it.state.flight && it.reply({ kind: 'session', my: { state: 'expired', responsesShown: false, responses: [] } });
  assert.equal(it.did('put').length, 1);
  assert.deepEqual(JSON.parse(unsentFile(it.state, 'now')).answers, [{ slot: 1, baseRevision: 0, state: 'unsure', response: text('А') }]);
});

test('SM-46 a restarted server is silent for less than 10 s and gets the same again', () => {
  const it = page().sending(1, 'А').reply({ kind: 'busy', after: 1 });
  assert.ok(!it.words().bad);
  it.go(next(it.state).at).saved(1);
  assert.equal(it.status(1), 'clean');
});

test('SM-49 an answer that the server will not take for a minute is named', () => {
  const it = page().sending(1, 'А');
  for (let n = 0; n < 8; n++) { it.reply({ kind: 'error' }); while (!it.state.flight?.slot) { it.go(next(it.state).at); if (it.state.flight?.get) it.reply({ kind: 'session', my: { state: 'in_progress', responsesShown: true, responses: [], secondsLeft: 5 } }); } }
  assert.match(it.words().text, /Ответ 1 сервер не принимает уже минуту/);
});

test('SM-50 ten thousand inputs leave no trace but the last', async () => {
  const time = new Time(), server = new Server(time), page = new Page({ time, server, store: new Memory(time) });
  page.open();
  await time.pass(100);
  for (let n = 0; n < 10000; n++) { page.type(1 + n % 3, `ответ ${n}`); if (n % 100 === 0) await time.pass(6000); }
  await time.pass(60000);
  assert.deepEqual(unsent(page.state), []);
  assert.ok(JSON.stringify(page.state).length < 4000);
  assert.equal(page.store.records.size, 3);
});

test('a list from a session that hides answers is no news of them', () => {
  const it = page().clean(1, 'А').my({ state: 'paused', responsesShown: false }, []);
  assert.equal(it.state.slots[1].value.text, 'А');
  assert.equal(it.status(1), 'clean');
});

test('a server restored from a copy gets again what it lost', () => {
  const it = page().clean(1, 'А').type(1, 'Б').go(9000).saved(2).my({}, [{ slot: 1, revision: 1, response: text('А') }]).go();
  assert.deepEqual(it.did('put').at(-1).body, { baseRevision: 1, response: text('Б'), cleared: false });
});

test('answers are compared as the server keeps them', () => {
  assert.ok(same({ type: 'multiple_choice', options: ['10', '2'] }, { type: 'multiple_choice', options: ['2', '10'] }));
  assert.ok(same({ type: 'matching', pairs: { 2: '1', 1: '3' } }, { pairs: { 1: '3', 2: '1' }, type: 'matching' }));
  assert.ok(same(text('  \n'), null));
  assert.ok(!same(text('а'), text('а ')));
  assert.equal(normal(text('a\0b\uD800c😀')).text, 'ab\uFFFDc😀');
  assert.equal(normal({ type: 'ordering', order: [] }), null);
});
