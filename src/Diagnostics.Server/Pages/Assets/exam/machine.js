// What is true of every answer of a running test, and what to do next. Pure: no clock, no network, no page of its own.
// `step(state, event)` gives the next state and what is to be done (`effects`); `next(state)` says what to send, and when.
//
// The rule behind it all: what went out and got no definite answer is frozen (`sending`) and repeated as it was until the
// server says yes or no. Newer text waits behind it; built on the old revision it would be refused as somebody else's.

const TEXT_PAUSE = 1500, TEXT_LONGEST = 5000, CHOICE_PAUSE = 250;
const BACKOFF = [1000, 2000, 4000, 8000, 15000, 30000];
const POLL = 30000, POLL_STOPPED = 60000, LONG_UNSURE = 60000;

/** An answer as the server keeps it: null for a blank, lists in one order, no characters that JSON cannot carry. */
export function normal(value) {
  switch (value?.type) {
    case 'single_choice': return value.option ? value : null;
    case 'multiple_choice': return value.options.length ? { ...value, options: [...value.options].sort((a, b) => a - b) } : null;
    case 'matching': {
      const pairs = Object.entries(value.pairs).filter(([, right]) => right).sort(([a], [b]) => a - b);
      return pairs.length ? { ...value, pairs: Object.fromEntries(pairs) } : null;
    }
    case 'ordering': return value.order.length ? value : null;
    case 'short_answer': case 'extended_response': {
      const text = wellFormed(value.text ?? '');
      return text.trim() ? { ...value, text } : null;
    }
    default: return null;
  }
}

// Half a surrogate pair and U+0000 get into fields by pasting; the server takes neither.
const wellFormed = text => text.replace(
  /[\uD800-\uDBFF][\uDC00-\uDFFF]|[\uD800-\uDFFF]|\0/g, found => found.length === 2 ? found : found === '\0' ? '' : '\uFFFD');

export const same = (a, b) => a === b || (!!a?.text && a.text === b?.text) || JSON.stringify(sorted(normal(a))) === JSON.stringify(sorted(normal(b)));

const sorted = value => value && Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1));

const empty = { rev: 0, value: null, at: null };

/** @param options account, session, slots: numbers; store: 'idb' | 'ls' | 'none'; tab: 'leader' | 'follower' */
export function begin({ account, session, slots, store = 'idb', tab = 'leader' }) {
  return {
    account, id: session, store, tab,
    session: 'running', ended: null, deadline: null, grace: 0,
    line: 'ok', stop: null, fails: 0, since: null, retryAt: 0, trace: null,
    flight: null, getAt: 0, finish: null, receipt: null, elsewhere: false,
    slots: Object.fromEntries(slots.map(slot => [slot, blankSlot()])),
  };
}

const blankSlot = () => ({
  value: null, edit: 0, kept: 0, first: null, due: 0,
  acked: empty, sending: null, other: null, refused: null, held: false, lost: false, retryAt: 0, noted: false,
});

/** 'clean' | 'dirty' | 'sending' | 'unsure' | 'conflict' | 'refused' */
export function status(state, n) {
  const slot = state.slots[n];
  if (slot.other) return 'conflict';
  if (slot.refused && same(slot.refused.value, slot.value)) return 'refused';
  if (slot.sending) return state.flight?.slot === Number(n) ? 'sending' : 'unsure';
  return same(slot.value, slot.acked.value) ? 'clean' : 'dirty';
}

/** Numbers of the slots that are not clean. */
export const unsent = state => Object.keys(state.slots).map(Number).filter(n => status(state, n) !== 'clean');

/** Whether the person may answer now. */
export const writable = state => state.session === 'running' && state.tab === 'leader' && state.line !== 'stopped'
  && state.finish?.phase !== 'posting';

/** What is to be sent next, and when: `{at, get}`, `{at, finish}` or `{at, slot}`; null where nothing is. */
export function next(state) {
  if (state.flight || state.tab !== 'leader') return null;
  // Perhaps the person has signed in in another tab.
  if (state.line === 'signed_out') return { at: state.getAt, get: true };
  if (state.line === 'stopped') return state.stop === 'gone' ? { at: state.getAt, get: true } : null;
  const all = [];
  for (const key of Object.keys(state.slots)) {
    const n = Number(key), slot = state.slots[n];
    if (!mayGo(state, n)) continue;
    all.push({ at: Math.max(slot.sending ? 0 : slot.due, slot.retryAt), slot: n, rank: slot.sending ? 0 : 2 });
  }
  if (state.receipt?.confirmed !== true) all.push({ at: state.getAt, get: true, rank: 1 });
  if (state.finish?.phase === 'posting') all.push({ at: 0, finish: true, rank: 3 });
  for (const each of all) each.at = Math.max(each.at, state.retryAt);
  all.sort((a, b) => a.at - b.at || a.rank - b.rank);
  return all[0] ?? null;
}

/** Not what waits for the person, nor what the server has put aside already: each repetition would be one more row of evidence. */
function mayGo(state, n) {
  const slot = state.slots[n], now = status(state, n);
  if (slot.lost || slot.held || now === 'clean' || now === 'conflict' || now === 'refused') return false;
  if (state.receipt) return false;
  return state.session !== 'paused';
}

export function step(before, event) {
  const work = new Work(before);
  const { at = 0 } = event;
  switch (event.type) {
    case 'restore': work.restore(event.records, at); break;
    case 'input': work.input(event.slot, event.value, at, event.text); break;
    case 'kept': work.slot(event.slot, slot => ({ kept: Math.max(slot.kept, event.edit) })); break;
    case 'store': work.set({ store: event.store }); break;
    case 'go': work.go(at); break;
    case 'leave': work.leave(at, event.room); break;
    case 'slow': if (work.state.flight && work.state.line === 'ok') work.set({ line: 'slow' }); break;
    case 'reply': work.reply(event.answer, at, event.random ?? 0.5); break;
    case 'session': work.session(event.my, at); break;
    case 'hurry': work.hurry(at); break;
    case 'wake': work.set({ getAt: at }); break;
    case 'signedIn': work.signedIn(event.account, at); break;
    case 'choose': work.choose(event.slot, event.mine, at); break;
    case 'timeUp': work.timeUp(at); break;
    case 'finish': work.finish(at, event.auto, event.without); break;
    case 'stay': work.set({ finish: null }); break;
    case 'tab': work.tab(event.tab, at, event.fresh); break;
    default: throw new Error(`No event ${event.type}`);
  }
  if (work.state.finish?.auto) work.tryFinish(at);
  return { state: work.state, effects: work.effects };
}

class Work {
  constructor(state) { this.state = state; this.effects = []; }

  set(change) { this.state = { ...this.state, ...change }; }

  do(effect, rest) { this.effects.push({ do: effect, ...rest }); }

  slot(n, change) {
    const slot = this.state.slots[n];
    this.set({ slots: { ...this.state.slots, [n]: { ...slot, ...change(slot) } } });
  }

  get numbers() { return Object.keys(this.state.slots).map(Number); }

  /** Everything that changes what the device must remember goes through here. A tab that follows would overwrite the leader's. */
  change(n, change, soon = false) {
    const leads = this.state.tab === 'leader';
    this.slot(n, slot => ({ ...change(slot), edit: slot.edit + (leads ? 1 : 0) }));
    if (leads) this.do('keep', { slot: n, soon });
  }

  // What this device has kept of the session, before the server is asked. Of two copies the one with more edits is the later;
  // the device's clock may have been set back meanwhile.
  restore(records, at) {
    let back = 0;
    for (const { slot: n, value, acked, sending, other, refused, held, edit } of records) {
      if (!this.state.slots[n] || edit < this.state.slots[n].edit) continue;
      const again = sending && { ...sending, since: at };
      this.slot(n, () => ({ value, acked, sending: again, other, refused, held, edit, kept: edit, first: null, due: at }));
      this.do('show', { slot: n });
      if (status(this.state, n) !== 'clean') back++;
    }
    if (back) this.do('say', { what: 'restored', n: back });
    this.set({ getAt: at });
  }

  input(n, value, at, text) {
    if (!writable(this.state)) return;
    value = normal(value);
    if (same(value, this.state.slots[n].value)) return;
    this.change(n, slot => {
      // What the device cannot keep for sure goes out at once.
      const first = slot.first ?? at;
      return { value, first, due: text && this.state.store === 'idb' ? Math.min(at + TEXT_PAUSE, first + TEXT_LONGEST) : at + CHOICE_PAUSE, held: false };
    }, text);
  }

  // The moment has come that `next` named.
  go(at) {
    const what = next(this.state);
    if (!what || what.at > at) return;
    if (what.get) { this.set({ flight: { get: true, at } }); this.do('get'); return; }
    if (what.finish) {
      const manifest = {};
      for (const n of this.numbers) if (this.state.slots[n].acked.rev) manifest[n] = this.state.slots[n].acked.rev;
      this.set({ flight: { finish: true, at } });
      this.do('finish', { manifest });
      return;
    }
    this.set({ flight: { slot: what.slot, at } });
    this.do('put', { slot: what.slot, body: this.freeze(what.slot, at) });
  }

  /** Frozen before it goes out, and on the device first: `put` waits until it is kept. */
  freeze(n, at) {
    this.change(n, slot => ({
      sending: slot.sending ?? { base: slot.acked.rev, value: slot.value, tries: 0, since: at }, first: null, due: 0,
    }));
    this.slot(n, slot => ({ sending: { ...slot.sending, tries: slot.sending.tries + 1 } }));
    return bodyOf(this.state.slots[n].sending);
  }

  // The page goes out of sight and may never come back: what there is room for is sent without waiting for an answer.
  leave(at, room) {
    this.do('flush');
    if (this.state.tab !== 'leader' || this.state.line === 'stopped' || this.state.line === 'signed_out') return;
    for (const n of this.numbers) {
      if (!mayGo(this.state, n) || status(this.state, n) === 'sending') continue;
      const { sending, value, acked } = this.state.slots[n];
      const size = new Blob([JSON.stringify(bodyOf(sending ?? { base: acked.rev, value }))]).size;
      if (size > room) break;
      room -= size;
      this.do('farewell', { slot: n, body: this.freeze(n, at) });
    }
  }

  reply(answer, at, random) {
    const { flight } = this.state;
    this.set({ flight: null });
    if (!flight) return;
    if (answer.kind === 'lost' || answer.kind === 'busy' || answer.kind === 'error') return this.failed(flight, answer, at, random);
    if (answer.kind === 'unauthorised') {
      if (this.state.line !== 'signed_out') this.do('signIn');
      this.set({ line: 'signed_out', getAt: at + POLL });
      return;
    }
    this.reached(at);
    if (answer.kind === 'gone') { this.set({ line: 'stopped', stop: 'gone', getAt: at + POLL_STOPPED }); return; }
    if (flight.get) return answer.kind === 'session' ? this.session(answer.my, at) : this.set({ getAt: at + POLL });
    if (flight.finish) return this.finished(answer, at);
    this.put(flight.slot, answer, at);
  }

  put(n, answer, at) {
    const { sending } = this.state.slots[n];
    const settled = (value, acked) => this.change(n, slot => ({ value, acked, sending: null, other: null, noted: false, retryAt: 0, due: at }));
    const { value } = this.state.slots[n];
    switch (answer.kind) {
      case 'saved':
        settled(value, { rev: answer.rev, value: sending.value, at: answer.at });
        this.moved(answer.state, at, answer.secondsLeft);
        break;
      case 'stale': {
        const { current } = answer, { acked } = this.state.slots[n];
        if (same(current.value, sending.value) || same(current.value, value) || same(current.value, acked.value)) settled(value, current);
        else this.conflict(n, current);
        break;
      }
      case 'blank':
        // A fault of ours: a blank goes out by the person's act only, and then says so.
        settled(this.state.slots[n].acked.value, this.state.slots[n].acked);
        this.set({ getAt: at });
        this.do('show', { slot: n });
        this.do('say', { what: 'blankRefused', slot: n });
        this.do('note', { kind: 'reloaded', note: `Пустой ответ на задание ${n} не принят` });
        break;
      case 'refused':
        this.change(n, () => ({ sending: null, refused: { value: sending.value, code: answer.code, detail: answer.detail, trace: answer.trace } }));
        this.do('aside', { slot: n, value: sending.value, reason: answer.code });
        break;
      case 'noSlot': this.slot(n, () => ({ lost: true })); break;
      case 'closed':
        this.change(n, () => ({ held: true }));
        this.do('aside', { slot: n, value: sending.value, reason: answer.state });
        this.moved(answer.state, at);
        this.set({ getAt: at });
        break;
      default: this.failed({ slot: n }, { kind: 'lost' }, at, 0.5);
    }
  }

  conflict(n, current) {
    const { value } = this.state.slots[n];
    this.change(n, () => ({ sending: null, other: current }));
    this.do('aside', { slot: n, value, reason: 'stale' });
    this.do('aside', { slot: n, value: current.value, reason: 'other', rev: current.rev });
    this.do('say', { what: 'conflict', slot: n });
  }

  // No definite answer: what was sent stays as it was.
  failed(flight, answer, at, random) {
    const fails = this.state.fails + 1;
    const wait = tries => Math.min(30000, BACKOFF[Math.min(tries, BACKOFF.length) - 1] * (0.5 + random));
    const line = { lost: 'down', busy: 'busy', error: 'error' }[answer.kind];
    const since = this.state.line === line ? this.state.since : at;
    if (line === 'down' && this.state.line !== 'down') this.do('say', { what: 'down' });
    this.set({ line, fails, since, trace: answer.trace ?? this.state.trace, retryAt: at + wait(fails) });
    if (answer.kind === 'busy') this.set({ retryAt: Math.max(this.state.retryAt, at + answer.after * 1000 + random * 1000) });
    // One answer that the server stumbles over must not stand in the way of the others.
    if (answer.kind === 'error') this.set({ retryAt: at + wait(1) });
    if (answer.kind === 'error' && flight.slot) this.slot(flight.slot, slot => ({ retryAt: at + wait(slot.sending?.tries ?? 1) }));
    const sending = flight.slot && this.state.slots[flight.slot].sending;
    if (sending && answer.kind === 'error' && at - sending.since > LONG_UNSURE && !this.state.slots[flight.slot].noted) {
      this.slot(flight.slot, () => ({ noted: true }));
      this.do('note', { kind: 'offline', note: `Ответ ${flight.slot} не принят сервером минуту` });
    }
  }

  // A definite answer came: the line is there again.
  reached(at) {
    const { line, since } = this.state;
    if (line === 'down') {
      this.do('note', { kind: 'offline', note: `${Math.round((at - since) / 1000)} с` });
      this.do('note', { kind: 'online' });
      this.do('say', { what: 'back' });
      this.set({ getAt: at });
    }
    this.set({ line: 'ok', stop: null, fails: 0, since: null, retryAt: 0, trace: null });
  }

  /** The session's state as the server told it. */
  moved(state, at, left) {
    if (!state) return;
    if (state === 'paused') {
      if (this.state.session !== 'paused') this.do('say', { what: 'paused' });
      this.set({ session: 'paused', ...(this.state.finish && { finish: null }) });
    } else if (state === 'in_progress') {
      // Between the end of the time and the server's noticing it a session is still called running.
      if (this.state.session === 'paused' || (this.state.session === 'over' && left > 0)) this.resumed(at);
    } else {
      if (this.state.session !== 'over') this.do('say', { what: 'over', ended: state });
      this.set({ session: 'over', ended: state, finish: null });
    }
  }

  resumed(at) {
    this.do('say', { what: this.state.session === 'over' ? 'reopened' : 'resumed' });
    this.set({ session: 'running', ended: null });
    this.letGo(at);
  }

  // What the server had put aside may be tried again: the session takes answers now.
  letGo(at) {
    for (const n of this.numbers) if (this.state.slots[n].held) this.change(n, () => ({ held: false, due: at }));
  }

  // What the server has, against what this device has.
  session(my, at) {
    const was = this.state.session;
    if (this.state.deadline && was === 'running' && my.state === 'in_progress' && Date.parse(my.deadline) > Date.parse(this.state.deadline) + 1000)
      this.do('say', { what: 'extended', minutes: Math.round((Date.parse(my.deadline) - Date.parse(this.state.deadline)) / 60000) });
    this.moved(my.state === 'scheduled' || my.state === 'open' ? 'paused' : my.state, at, my.secondsLeft);
    if (my.state === 'in_progress' && my.secondsLeft > 0) this.letGo(at);
    if (was === 'time_up' && my.state === 'in_progress' && my.secondsLeft > 0) this.set({ session: 'running' });
    this.set({ deadline: my.deadline, grace: my.graceSeconds ?? 0, getAt: at + POLL });
    if (this.state.session === 'over' && this.numbers.every(n => this.state.slots[n].held || status(this.state, n) === 'clean')) {
      // Nothing is here that the server has not: the device may forget it.
      if (this.state.receipt) this.set({ receipt: { ...this.state.receipt, confirmed: true } });
      this.do('erase');
      return;
    }
    // A list from a state that hides answers says nothing about them.
    if (!my.responsesShown) return;
    for (const n of this.numbers) {
      const known = my.responses.find(response => response.slot === n);
      this.reconcile(n, known ? { rev: known.revision, value: normal(known.response), at: known.savedAt } : empty, at);
    }
  }

  reconcile(n, server, at) {
    const { value, acked, sending, other } = this.state.slots[n];
    if (sending) return;
    if (other) {
      if (same(value, server.value)) this.change(n, () => ({ acked: server, other: null }));
      else if (server.rev !== other.rev) this.change(n, () => ({ other: server }));
      return;
    }
    if (same(value, server.value)) {
      if (acked.rev !== server.rev || acked.at !== server.at) this.change(n, () => ({ acked: server }));
    } else if (acked.rev === server.rev) {
      // Typed here and not sent yet.
    } else if (same(server.value, acked.value)) {
      this.change(n, () => ({ acked: server }));
    } else if (server.rev < acked.rev) {
      // The server was restored from a copy.
      this.change(n, () => ({ acked: server, due: at }));
      this.do('note', { kind: 'reloaded', note: `Сервер вернулся к сохранению ${server.rev} ответа ${n}, было ${acked.rev}` });
    } else if (same(value, acked.value)) {
      this.change(n, () => ({ value: server.value, acked: server }));
      this.do('show', { slot: n });
      if (acked.rev && !this.state.elsewhere) this.do('say', { what: 'elsewhere' });
      if (acked.rev) this.set({ elsewhere: true });
    } else {
      this.conflict(n, server);
    }
  }

  // Whatever waits for its time goes now: the line is said to be back, the page is looked at again, the person asks.
  hurry(at) {
    this.set({ retryAt: 0, getAt: Math.min(this.state.getAt, at) });
    for (const n of this.numbers) {
      const slot = this.state.slots[n];
      if (slot.retryAt || slot.due > at) this.slot(n, () => ({ retryAt: 0, due: Math.min(slot.due, at) }));
    }
  }

  signedIn(account, at) {
    if (account !== this.state.account) this.set({ line: 'stopped', stop: 'other' });
    else if (this.state.line === 'signed_out' || this.state.stop === 'other') this.set({ line: 'ok', stop: null, retryAt: 0, getAt: at });
  }

  choose(n, mine, at) {
    const { other } = this.state.slots[n];
    if (!other) return;
    // Typed on since the two were put aside.
    if (!mine) this.do('aside', { slot: n, value: this.state.slots[n].value, reason: 'given-up' });
    this.change(n, slot => ({ acked: other, other: null, value: mine ? slot.value : other.value, due: at }));
    this.do('show', { slot: n });
  }

  // Nothing more is taken from the keys; what is typed goes on being sent while the server still takes it.
  timeUp(at) {
    if (this.state.session !== 'running') return;
    this.set({ session: 'time_up', getAt: at + (this.state.grace + 2) * 1000 });
    for (const n of this.numbers) this.slot(n, slot => ({ due: Math.min(slot.due, at), retryAt: 0 }));
    this.do('say', { what: 'timeUp' });
  }

  /** @param without Numbers of slots that the person knows will not count as they stand here. */
  finish(at, auto, without = []) {
    if (this.state.session !== 'running' && this.state.session !== 'time_up') return;
    if (this.state.finish?.phase === 'posting') return;
    this.set({ finish: { phase: 'waiting', auto: auto || this.state.line === 'ok', without } });
    this.tryFinish(at);
  }

  tryFinish(at) {
    const { finish } = this.state;
    if (finish?.phase !== 'waiting') return;
    const waits = unsent(this.state).filter(n => !finish.without.includes(n) || !['refused', 'conflict'].includes(status(this.state, n)));
    if (waits.length === 0) this.set({ finish: { ...finish, phase: 'posting', auto: true } });
    else this.hurryDirty(at);
  }

  hurryDirty(at) {
    for (const n of this.numbers) if (status(this.state, n) === 'dirty') this.slot(n, slot => ({ due: Math.min(slot.due, at) }));
  }

  finished(answer, at) {
    switch (answer.kind) {
      case 'receipt':
        this.set({ session: 'over', ended: 'finished', finish: null, receipt: answer.receipt, getAt: at });
        this.do('say', { what: 'receipt' });
        break;
      case 'missing':
        // Reading the session again tells what the server has instead; then that is built on.
        this.set({ finish: null, getAt: at });
        this.do('say', { what: 'missing', slots: answer.missing.map(each => each.slot) });
        break;
      case 'closed':
        this.set({ finish: null, getAt: at });
        this.moved(answer.state, at);
        break;
      default:
        this.set({ finish: null });
        this.do('say', { what: 'finishRefused', detail: answer.detail });
    }
  }

  /** @param fresh The server's word came with the page a moment ago: it need not be asked again before the first answer. */
  tab(tab, at, fresh) {
    if (tab === this.state.tab) return;
    this.set({ tab, getAt: fresh ? at + POLL : at, finish: null });
    if (tab === 'follower') this.do('flush');
  }
}

const bodyOf = ({ base, value }) => ({ baseRevision: base, response: value, cleared: value === null });
