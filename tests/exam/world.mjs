// A server, a line, a device and a person for the modules of the running test, with their own clock, driven by a seed.
import { Line } from '../../src/Diagnostics.Server/Pages/Assets/exam/line.js';
import { Clock } from '../../src/Diagnostics.Server/Pages/Assets/exam/line.js';
import { normal, same } from '../../src/Diagnostics.Server/Pages/Assets/exam/machine.js';

export const text = value => ({ type: 'extended_response', text: value });

/** mulberry32: the same seed gives the same run. */
export function random(seed) {
  return () => {
    seed = (seed + 0x6D2B79F5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export class Time {
  now = 0; #queue = []; #order = 0;

  later = (ms, run) => {
    const entry = { at: this.now + ms, order: this.#order++, run };
    this.#queue.push(entry);
    return () => { entry.run = null; };
  };

  wait = ms => new Promise(resolve => this.later(ms, resolve));

  /** Runs everything that is due in this time. */
  async pass(ms) {
    const until = this.now + ms;
    for (;;) {
      await new Promise(setImmediate);
      this.#queue.sort((a, b) => a.at - b.at || a.order - b.order);
      const first = this.#queue[0];
      if (!first || first.at > until) break;
      this.#queue.shift();
      if (!first.run) continue;
      this.now = Math.max(this.now, first.at);
      first.run();
    }
    this.now = until;
  }
}

/** Keeps the contract of `PUT /sessions/{id}/responses/{slot}` and its neighbours. */
export class Server {
  state = 'in_progress'; history = {}; aside = []; events = []; receipt = null; account = 'a'; pauses = 0;

  constructor(time, { deadline = 7200, grace = 30 } = {}) { this.time = time; this.deadline = deadline * 1000; this.grace = grace * 1000; }

  last(slot) { return (this.history[slot] ?? []).at(-1) ?? { rev: 0, value: null, by: null }; }

  has(slot, value) { return value === null && !this.history[slot] || (this.history[slot] ?? []).some(each => same(each.value, value)); }

  keeps(slot, value) { return this.has(slot, value) || this.aside.some(each => each.slot === slot && same(each.value, value)); }

  save(slot, { baseRevision: base, response, cleared }, by) {
    const value = normal(response), last = this.last(slot);
    if (value?.text?.length > 20000) return problem(413, 'answer-too-long');
    if (last.rev === base + 1 && same(last.value, value)) return this.saved(slot, last);
    if (this.state === 'in_progress' && this.time.now > this.deadline + this.grace) this.state = 'expired';
    if (this.state !== 'in_progress') {
      const late = this.state === 'expired';
      this.aside.push({ slot, value, reason: late ? 'late' : this.state, by });
      return late ? problem(409, 'session-time-over') : problem(409, 'session-state', { state: this.state });
    }
    if (last.rev !== base) {
      this.aside.push({ slot, value, reason: 'stale', by });
      return problem(412, 'stale-base', { current: { slot, revision: last.rev, response: last.value, savedAt: last.at } });
    }
    if (value === null && last.value !== null && !cleared) return problem(409, 'blank-would-replace-answer', { revision: last.rev });
    const made = { rev: base + 1, value, by, at: this.at() };
    (this.history[slot] ??= []).push(made);
    this.onSave?.(slot, made, last);
    return this.saved(slot, made);
  }

  saved(slot, { rev, at }) {
    return json({ slot, revision: rev, savedAt: at, state: this.state, secondsLeft: this.left() });
  }

  my() {
    if (this.state === 'in_progress' && this.time.now > this.deadline + this.grace) this.state = 'expired';
    const shown = this.state === 'in_progress';
    return {
      id: 's', state: this.state, deadline: new Date(this.deadline).toISOString(), secondsLeft: this.left(), graceSeconds: this.grace / 1000,
      responsesShown: shown,
      responses: shown ? Object.keys(this.history).map(Number).map(slot => {
        const { rev, value, at } = this.last(slot);
        return { slot, revision: rev, response: value, savedAt: at };
      }) : [],
    };
  }

  finish({ manifest }) {
    if (this.state === 'finished') return json(this.receipt);
    if (this.state !== 'in_progress') return problem(409, 'session-state', { state: this.state });
    if (this.time.now > this.deadline + this.grace) return problem(409, 'session-time-over');
    const missing = Object.entries(manifest).filter(([slot, rev]) => this.last(slot).rev < rev)
      .map(([slot, rev]) => ({ slot: Number(slot), expected: rev, actual: this.last(slot).rev }));
    if (missing.length) return problem(409, 'responses-missing', { missing });
    this.state = 'finished';
    this.receipt = { sessionId: 's', finishedAt: this.at(), manifest: Object.fromEntries(Object.keys(this.history).map(slot => [slot, this.last(slot).rev])) };
    return json(this.receipt);
  }

  pause() { if (this.state === 'in_progress') { this.state = 'paused'; this.pauses++; this.pausedAt = this.time.now; } }

  resume() { if (this.state === 'paused') { this.state = 'in_progress'; this.deadline += this.time.now - this.pausedAt; } }

  at() { return new Date(this.time.now).toISOString(); }

  left() { return this.state === 'finished' || this.state === 'expired' ? null : Math.floor(Math.max(0, this.deadline - (this.state === 'paused' ? this.pausedAt : this.time.now)) / 1000); }

  handle(url, init) {
    if (this.account !== init.account) return problem(401, 'not-signed-in');
    const body = init.body && JSON.parse(init.body);
    if (url.startsWith('/responses/')) return this.save(Number(url.slice(11)), body, 'page');
    if (url === '/finish') return this.finish(body);
    if (url === '/events') { this.events.push(body); return { status: 204, type: null, text: '' }; }
    return json(this.my());
  }
}

const json = body => ({ status: 200, type: 'application/json; charset=utf-8', text: JSON.stringify(body) });
const problem = (status, code, more) => ({ status, type: 'application/problem+json', text: JSON.stringify({ status, code, ...more }) });

/** A device that stores its records after a short delay. */
export class Memory {
  kind = 'idb'; records = new Map(); asides = []; refuses = false; browser = 1;

  constructor(time, delay = () => 5) { this.time = time; this.delay = delay; }

  async put(record) {
    const copy = structuredClone(record), { browser } = this;
    await this.time.wait(this.delay());
    if (browser !== this.browser) return false;
    if (this.refuses) { this.kind = 'none'; return false; }
    this.kind = 'idb';
    this.records.set(copy.slot, copy);
    return true;
  }

  /** The browser dies, and loses everything that it was just writing. */
  killed() { this.browser++; }

  mirror(records) { if (!this.refuses) for (const record of records) this.records.set(record.slot, structuredClone(record)); }

  async aside(entry) { this.asides.push(entry); }

  async erase() { await this.time.wait(this.delay()); this.records.clear(); }

  get all() { return [...this.records.values()].map(each => structuredClone(each)); }
}

/** A page on a device, and the faults of its line: `fault(url, init)` names what happens to a request. */
export class Page {
  said = []; shown = []; running = 0; most = 0; sent = []; signIns = 0;

  constructor({ time, server, store, fault = () => null, rng = () => 0.5, slots = [1, 2, 3], delay = () => 40, account = 'a', changed = () => {}, answered = () => {} }) {
    Object.assign(this, { time, server, store, fault, delay, answered });
    const clock = this.clock = new Clock(() => time.now, () => time.now);
    this.line = new Line({
      fetch: (url, init) => this.fetch(url, init), store, clock,
      perf: () => time.now, later: time.later, random: rng,
      api: '',
      page: {
        changed: state => changed(state, this), say: what => this.said.push(what.what), show: ({ slot }) => this.shown.push(slot),
        signIn: () => { this.signIns++; },
      },
    }, { account, session: 's', slots, tab: 'follower' });
    this.account = account;
  }

  get state() { return this.line.state; }

  /**
   * Opens as the real page does: the server's data comes with the page, then the device's records, and then the tab
   * leads.
   */
  open() {
    this.line.dispatch({ type: 'session', my: this.server.my() });
    const records = this.store.all;
    if (records.length) this.line.dispatch({ type: 'restore', records });
    this.line.dispatch({ type: 'tab', tab: 'leader', fresh: !records.length });
  }

  type(slot, value) { this.line.dispatch({ type: 'input', slot, value: value === null ? null : text(value), text: true }); }

  async fetch(url, init) {
    const put = init.method === 'PUT' && !init.keepalive;
    if (put) this.most = Math.max(this.most, ++this.running);
    this.sent.push({ url, ...init, body: init.body && JSON.parse(init.body) });
    try {
      const aborted = new Promise((_, reject) => init.signal?.addEventListener('abort', () => reject(new Error('aborted'))));
      return await Promise.race([this.answer(url, init), aborted]);
    } finally { if (put) this.running--; }
  }

  async answer(url, init) {
    const what = this.fault(url, init);
    await this.time.wait(this.delay());
    if (what === 'lost') throw new Error('lost');
    if (what === 'never') return new Promise(() => {});
    if (what?.status) return respond(what);
    const answer = this.server.handle(url, { ...init, account: this.account });
    await this.time.wait(this.delay());
    if (what === 'reply lost') throw new Error('reply lost');
    this.answered(url, answer, init.body && JSON.parse(init.body));
    return respond(answer);
  }
}

const respond = ({ status, type, text: body, after }) => ({
  status, headers: { get: name => name === 'Content-Type' ? type : name === 'Retry-After' ? after ?? null : null }, text: async () => body ?? '',
});
