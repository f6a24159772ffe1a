// Properties that always hold: seeded runs of the modules against a server, a line and a device that fail at random.
// For more runs use RUNS=2000 node --test tests/exam/invariants.test.mjs; to repeat one run, set SEED=17 RUNS=1.
import test from 'node:test';
import assert from 'node:assert/strict';
import { same, status, unsent } from '../../src/Diagnostics.Server/Pages/Assets/exam/machine.js';
import { describe } from '../../src/Diagnostics.Server/Pages/Assets/exam/machine.js';
import { Memory, Page, Server, Time, random, text } from './world.mjs';

const first = Number(process.env.SEED ?? 1), runs = Number(process.env.RUNS ?? 200);
const SLOTS = [1, 2, 3, 4];

for (let seed = first; seed < first + runs; seed++)
  test(`I1–I7 hold, seed ${seed}`, () => run(seed));

async function run(seed) {
  const rng = random(seed), time = new Time(), server = new Server(time);
  const store = new Memory(time, () => 1 + rng() * 30);
  const claims = { saved: 0, kept: 0 };
  const typed = {};          // slot → [{value, at}] in order
  const seen = new Set();    // other devices' revisions that the page showed, or that the person rejected
  const broken = [];         // faults; thrown, they would be taken for a lost line
  let weather = 'fair', page;

  // I3: only somebody who saw or rejected another device's revision may overwrite it.
  server.onSave = (slot, made, last) => {
    if (made.by !== 'page' || last.by !== 'other') return;
    const before = (server.history[slot] ?? []).at(-3);
    if (!seen.has(`${slot}:${last.rev}`) && !(before && same(before.value, last.value))) broken.push(`I3: revision ${last.rev} of ${slot} was overwritten unseen`);
  };

  const fault = (url, init) => {
    if (weather === 'fair') return rng() < 0.03 ? 'reply lost' : null;
    if (weather === 'down') return 'lost';
    if (weather === 'portal') return { status: 200, type: 'text/html', text: '<form>' };
    if (weather === 'busy') return { status: rng() < 0.5 ? 429 : 503, type: 'application/problem+json', text: '{"code":"busy"}', after: '1' };
    const dice = rng();
    return dice < 0.25 ? 'lost' : dice < 0.5 ? 'reply lost' : dice < 0.6 ? 'never' : dice < 0.7 ? { status: 502, type: 'text/html', text: '' } : null;
  };

  const changed = (state, at) => {
    if (at !== page && page) return;
    const words = describe(state, time.now, each => each);
    for (const slot of SLOTS) {
      const { value, acked, other } = state.slots[slot];
      if (acked.rev && same(value, acked.value)) seen.add(`${slot}:${acked.rev}`);
      if (other) {
        seen.add(`${slot}:${other.rev}`);
        assert.ok(server.history[slot].some(made => made.by === 'other'), `I3: ${slot} is in conflict with nobody`);
      }
      if (value === null && acked.value === null) continue;
      // I2: the page guarantees nothing that is false.
      if (words.claim === 'saved' && !state.receipt) { claims.saved++; assert.ok(server.has(slot, value) || server.keeps(slot, value), `I2: «${words.text}», and the server lacks ${slot}`); }
      if (words.claim === 'kept') {
        claims.kept++;
        const kept = store.records.get(slot);
        assert.ok(server.keeps(slot, value) || (kept && same(kept.value, value)), `I2: «${words.text}», and the device lacks ${slot}`);
      }
    }
  };

  // Repetitions do not fill the commission's evidence: there is one row after an answer was put aside, and two after a
  // crash.
  const told = {};
  const answered = (url, answer, body) => {
    if (answer.status !== 409 || !url.startsWith('/responses/')) return;
    const key = `${url} ${JSON.stringify(body.response)} ${server.pauses}`;
    told[key] = (told[key] ?? 0) + 1;
    if (told[key] > 2) broken.push(`${key} was sent ${told[key]} times`);
  };

  const open = async () => {
    page = new Page({ time, server, store, fault, rng, slots: SLOTS, changed, answered, delay: () => 20 + rng() * (weather === 'stormy' ? 4000 : 200) });
    page.open();
    await time.pass(10);
  };
  await open();
  await time.pass(2000);

  for (let turn = 0; turn < 60; turn++) {
    const dice = rng(), slot = SLOTS[Math.floor(rng() * SLOTS.length)];
    if (dice < 0.5) {
      const value = rng() < 0.08 ? null : `${turn}`;
      if (page.line.state.session === 'running' && !page.line.state.finish) {
        page.type(slot, value);
        (typed[slot] ??= []).push({ value: value === null ? null : text(value), at: time.now });
      }
    } else if (dice < 0.6) weather = ['fair', 'down', 'stormy', 'busy', 'portal'][Math.floor(rng() * 5)];
    else if (dice < 0.66) {
      // Another device saves over the revision that it sees.
      const base = server.last(slot).rev;
      server.save(slot, { baseRevision: base, response: text(`другое ${turn}`), cleared: false }, 'other');
    } else if (dice < 0.70) { server.pause(); await time.pass(rng() * 90000); server.resume(); }
    else if (dice < 0.78) {
      // The browser dies; answers typed more than a second ago must be there afterwards.
      const since = time.now - 1100, was = page;
      if (rng() < 0.5) was.line.leave();
      was.line.close();
      store.killed();
      await open();
      for (const n of SLOTS) survives(n, since);
    } else if (dice < 0.82) page.line.leave();
    else if (dice < 0.86) page.line.dispatch({ type: 'hurry' });
    else if (dice < 0.90) { server.account = 'nobody'; await time.pass(rng() * 20000); server.account = 'a'; page.line.dispatch({ type: 'signedIn', account: 'a' }); }
    else if (dice < 0.94) for (const n of SLOTS) if (status(page.state, n) === 'conflict') page.line.dispatch({ type: 'choose', slot: n, mine: rng() < 0.5 });
    await time.pass(rng() * (rng() < 0.3 ? 20000 : 1500));
    for (const n of SLOTS) shownSomewhere(n);
    assert.ok(page.most <= 1, 'I7: two saves at once');
    assert.deepEqual(broken, []);
  }

  // I1: at rest, on a working line, the server has everything.
  weather = 'fair';
  page.fault = () => null;
  page.line.dispatch({ type: 'hurry' });
  for (let round = 0; round < 5; round++) {
    await time.pass(60000);
    for (const n of SLOTS) if (status(page.state, n) === 'conflict') page.line.dispatch({ type: 'choose', slot: n, mine: true });
  }
  assert.deepEqual(unsent(page.state), [], 'I1: at rest nothing waits');
  for (const n of SLOTS) assert.ok(same(page.state.slots[n].value, server.last(n).value), `I1: ${n} shows what the server has not`);
  assert.ok(!server.events.some(each => each.note?.startsWith('Сервер вернулся')), 'the server never went back');
  // I4: a blank follows an answer only where the person emptied it.
  for (const n of SLOTS) for (const made of server.history[n] ?? [])
    if (made.value === null) assert.ok((typed[n] ?? []).some(each => each.value === null), `I4: ${n} was emptied by nobody`);

  page.line.dispatch({ type: 'finish', auto: true });
  await time.pass(120000);
  assert.equal(server.state, 'finished');
  assert.ok(page.state.receipt?.confirmed);
  page.line.leave();
  assert.equal(store.records.size, 0, 'I6: after the receipt the device forgets, also when the page goes');
  assert.ok(claims.saved > 0);

  // I5: the last text typed is always stored somewhere.
  function shownSomewhere(n) {
    const last = typed[n]?.at(-1);
    if (!last || last.value === null) return;
    const { value, sending, other } = page.state.slots[n];
    assert.ok(same(value, last.value) || (sending && same(sending.value, last.value)) || (other && same(other.value, last.value)) || server.keeps(n, last.value)
      || store.asides.some(each => each.slot === n && same(each.value, last.value)) || crossed(n, last), `I5: «${last.value.text}» of ${n} is nowhere`);
  }

  function survives(n, since) {
    const all = typed[n] ?? [], last = all.at(-1);
    if (last && last.at > since) { last.crashed = true; }
    shownSomewhere(n);
  }

  // The answer was typed within the second before a crash.
  function crossed(n, last) { return last.crashed === true; }
}
