// Everything that the state machine of `machine.js` needs around it. The class `Line` carries out the machine's
// effects: it sends requests to the server (never two requests with answers at the same time), keeps records on the
// device, and waits. Answers are kept on the device, whose clock cannot be trusted. Only one of the browser's tabs may
// write.
import { begin, next, normal, status, step, unsent } from './machine.js';

const SLOW = 5000, KEEP_PAUSE = 300, KEEP_LONGEST = 1000, KEEPING = 2000, ROOM = 60000;

export class Line {
  keeping = new Map(); notes = []; noting = false; closed = false; timer;

  /**
   * @param env.fetch, env.store, env.clock
   * @param env.perf A clock in milliseconds that never goes back.
   * @param env.later Like setTimeout; returns a function that cancels the call.
   * @param env.api Address of the session; responses, finish and events are below it.
   * @param env.page changed(state), say({what, …}), show({slot}), signIn()
   */
  constructor(env, options) {
    this.env = env;
    this.state = begin(options);
  }

  dispatch(event) {
    if (this.closed) return;
    const { state, effects } = step(this.state, { at: this.env.perf(), random: this.env.random(), ...event });
    this.state = state;
    // Each effect names a method of this class or of the page.
    for (const effect of effects) (effect.do in this ? this : this.env.page)[effect.do](effect);
    this.timer?.();
    const what = next(state);
    this.timer = what && this.env.later(Math.max(0, what.at - this.env.perf()), () => this.dispatch({ type: 'go' }));
    this.env.page.changed(state);
  }

  close() {
    this.closed = true;
    this.timer?.();
    this.#keepNothing();
  }

  /** Adds an entry for the session's log. */
  note({ kind, note = null }) { this.notes.push({ kind, note }); }

  /** Writes everything that the device does not have yet; resolves when it is written. */
  flush() { return Promise.all([...this.keeping.keys()].map(n => this.#keep(n))); }

  /** Does what a disappearing page can still do without waiting. */
  leave() {
    this.dispatch({ type: 'leave', room: ROOM });
    // An answer that the server has is not stored here again: once the receipt has come, the device has already deleted
    // it.
    const open = unsent(this.state).filter(n => this.state.slots[n].kept < this.state.slots[n].edit);
    this.env.store.mirror(open.map(n => this.#record(n)));
  }

  // Text is stored after a short pause in the typing; everything else is stored immediately.
  keep({ slot, soon }) {
    const now = this.env.perf(), before = this.keeping.get(slot), first = before?.first ?? now;
    before?.cancel();
    const wait = soon ? Math.max(0, Math.min(KEEP_PAUSE, first + KEEP_LONGEST - now)) : 0;
    this.keeping.set(slot, { first, cancel: this.env.later(wait, () => this.#keep(slot)) });
  }

  async put({ slot, body }) {
    // The answer is kept on the device before it is sent: otherwise, after a crash in between, newer text would be sent
    // on an old revision. If the device's storage does not respond, the answer is sent anyway.
    await Promise.race([this.#keep(slot), new Promise(resolve => this.env.later(KEEPING, resolve))]);
    await this.#ask('put', `/responses/${slot}`, 'PUT', body, { slot, base: body.baseRevision });
  }

  get() { this.#ask('get', '', 'GET'); }

  finish({ manifest }) { this.#ask('finish', '/finish', 'POST', { manifest }); }

  farewell({ slot, body }) { this.#fetch(`/responses/${slot}`, 'PUT', body, { keepalive: true }).catch(() => {}); }

  aside({ slot, value, reason }) { this.env.store.aside({ slot, value, reason }); }

  erase() {
    this.#keepNothing();
    this.env.store.erase();
  }

  #keepNothing() {
    for (const { cancel } of this.keeping.values()) cancel();
    this.keeping.clear();
  }

  async #keep(n) {
    this.keeping.get(n)?.cancel();
    this.keeping.delete(n);
    const record = this.#record(n), { store } = this.env, before = store.kind;
    const kept = await store.put(record);
    if (store.kind !== before) this.dispatch({ type: 'store', store: store.kind });
    if (kept) this.dispatch({ type: 'kept', slot: n, edit: record.edit });
  }

  #record(n) {
    const { value, acked, sending, other, refused, held, edit } = this.state.slots[n];
    return { slot: n, value, acked, sending, other, refused, held, edit };
  }

  #fetch(path, method, body, more) { return this.env.fetch(this.env.api + path, { method, body: body && JSON.stringify(body), ...more }); }

  async #ask(what, path, method, body, expected) {
    const sent = this.env.perf(), abort = new AbortController();
    const slow = this.env.later(SLOW, () => this.dispatch({ type: 'slow' }));
    const tooLong = this.env.later(this.state.fails ? 30000 : 15000, () => abort.abort());
    let answer = { kind: 'lost' };
    try {
      const response = await this.#fetch(path, method, body, { signal: abort.signal }), { headers } = response;
      answer = classify(what, response.status, headers.get('Content-Type'), await response.text(), headers.get('Retry-After'), expected);
    } catch {
      // No reply came: `answer` stays `lost`.
    }
    slow(); tooLong();
    if (this.closed) return;
    const told = answer.my ?? answer;
    if (told.secondsLeft !== undefined) this.env.clock.set(told.secondsLeft, told.state === 'in_progress', sent);
    if (answer.my && answer.my.id !== this.state.id) answer = { kind: 'lost' };
    this.dispatch({ type: 'reply', answer });
    if (this.state.line === 'ok') this.#tell();
  }

  // Reports network faults to the session's log. The report is sent after the answers, so the answers never wait for
  // it.
  async #tell() {
    if (this.noting || !this.notes.length) return;
    this.noting = true;
    try {
      const { status } = await this.#fetch('/events', 'POST', this.notes[0]);
      if (status < 429) this.notes.shift();
    } catch {
      // If this fails, the notes are sent again after the server's next reply.
    }
    this.noting = false;
  }
}

// What the server's refusals mean for an answer or for the end of the session. The refusal `session-time-over` names no
// state.
const REFUSALS = {
  'slot-not-found': 'noSlot', 'session-state': 'closed', 'session-time-over': 'closed',
  'responses-missing': 'missing', 'blank-would-replace-answer': 'blank',
};

/**
 * Classifies a reply of the server, or of a proxy in between. A reply that may not come from the server itself is not
 * believed.
 */
export function classify(what, status, type, text, after, { slot, base } = {}) {
  const lost = { kind: 'lost' };
  let body = null;
  if (status === 429 || status === 503) return { kind: 'busy', after: Number(after) };
  // A body that is not JSON does not come from our server.
  try { if (/^application\/(problem\+)?json\b/.test(type)) body = JSON.parse(text); } catch {}
  const { code, traceId: trace, current, state, missing, detail } = body ?? {};
  if (status >= 500) return { kind: 'error', trace };
  if (!body) return status === 413 && what === 'put' ? { kind: 'refused', code: 'request-too-large' } : lost;
  if (status === 200) {
    const { revision: rev, savedAt: at, secondsLeft } = body;
    if (what === 'put') return body.slot === slot && rev > base ? { kind: 'saved', rev, at, state, secondsLeft } : lost;
    if (what === 'get') return body.state && Array.isArray(body.responses) ? { kind: 'session', my: body } : lost;
    return body.sessionId && body.manifest ? { kind: 'receipt', receipt: body } : lost;
  }
  if (status === 401) return { kind: 'unauthorised' };
  if (!code) return lost;
  if (REFUSALS[code]) return { kind: REFUSALS[code], state: state ?? 'expired', missing };
  if (status === 403 || status === 404) return { kind: 'gone' };
  if (status === 412 && current) return { kind: 'stale', current: { rev: current.revision, value: normal(current.response), at: current.savedAt } };
  if ([408, 409, 425].includes(status)) return { kind: 'busy', after: 1 };
  return { kind: 'refused', code, detail, trace };
}

/** The answers that the server does not have, as a file for the staff of the site. */
export function unsentFile(state, now) {
  return JSON.stringify({
    format: 'diagnostics-unsent-answers', version: 1, sessionId: state.id, writtenAt: now,
    answers: unsent(state).map(n => ({ slot: n, baseRevision: state.slots[n].acked.rev, state: status(state, n), response: state.slots[n].value })),
  }, null, 1);
}

// Keeps answers in IndexedDB, or in localStorage where IndexedDB is refused or too slow. The texts of items are never
// stored here. A record belongs to an account: another person who signs in cannot read it.
const NAME = 'exam', WEEK = 7 * 24 * 3600 * 1000, OPENING = 3000;
// A browser closes the database connections of a tab that it suspended; a new connection works.
const TRY_AGAIN = ['InvalidStateError', 'AbortError', 'UnknownError'];

export class Store {
  /** 'idb' | 'ls' | 'none': where the last record was stored. */
  kind = 'idb';
  #db = null; #indexed; #local; #owner; #known = new Map(); #erased = 0;

  /**
   * @param until When the test's time ends by the device's clock, in milliseconds; the records of the test may be
   * deleted a week later.
   */
  constructor({ indexedDB, localStorage, account, session, until }) {
    this.#indexed = indexedDB; this.#local = localStorage; this.#owner = { account, session, until };
  }

  /**
   * Reads all stored records of this session and finds out where records can be stored. When a record has two copies,
   * the later one is returned.
   */
  async open(now) {
    try {
      for (const record of await this.#run(slots => asked(slots.getAll(this.#range())))) this.#known.set(record.slot, record);
      this.#run((...stores) => { for (const store of stores) drop(store, value => value.until + WEEK < now); }).catch(() => {});
    } catch { this.#indexed = null; }
    for (const record of this.#mirrored()) if (!(this.#known.get(record.slot)?.edit >= record.edit)) this.#known.set(record.slot, record);
    this.kind = this.#indexed ? 'idb' : this.#mirror({ slot: '?' }) ? 'ls' : 'none';
    this.#forget('?');
    return [...this.#known.values()];
  }

  /** @returns Whether the device now has the record. */
  async put(record) {
    const whole = { ...record, ...this.#owner }, erased = this.#erased;
    this.#known.set(record.slot, whole);
    try {
      await this.#write(whole).catch(async fault => {
        if (fault.name !== 'QuotaExceededError') throw fault;
        await this.#run((_, aside) => aside.clear());
        await this.#write(whole);
      });
      this.kind = 'idb';
      this.#forget(record.slot);
      return true;
    } catch {
      // From now on, localStorage is the only storage.
    }
    if (erased !== this.#erased) return false;
    this.kind = this.#mirror(whole) ? 'ls' : 'none';
    return this.kind === 'ls';
  }

  /** Stores without waiting, for a page that is about to disappear. */
  mirror(records) { for (const record of records) this.#mirror({ ...record, ...this.#owner }); }

  /** Stores an additional copy, not the answer itself. */
  async aside(entry) { await this.#run((_, aside) => aside.add({ ...entry, ...this.#owner })).catch(() => {}); }

  /** Forgets the session. */
  async erase() {
    this.#erased++;
    this.#known.clear();
    for (const { slot } of this.#mirrored()) this.#forget(slot);
    const { account, session } = this.#owner;
    // Records that cannot be deleted now are deleted a week after the end of the test.
    await this.#run((slots, aside) => {
      slots.delete(this.#range());
      drop(aside, value => value.session === session && value.account === account);
    }).catch(() => {});
  }

  #write(record) {
    return this.#run(async slots => {
      await asked(slots.put(record));
      // The browser emptied the store while the page was open («очистить данные», eviction): the page writes again what
      // it still knows.
      if (await asked(slots.count(this.#range())) < this.#known.size) for (const known of this.#known.values()) slots.put(known);
    });
  }

  #range() {
    const { account, session } = this.#owner;
    return globalThis.IDBKeyRange.bound([account, session, 0], [account, session, 1e6]);
  }

  async #run(work) {
    if (!this.#indexed) throw new DOMException('', 'NotFoundError');
    return this.#once(work).catch(fault => {
      if (!TRY_AGAIN.includes(fault?.name)) throw fault;
      this.#db = null;
      return this.#once(work);
    });
  }

  async #once(work) {
    this.#db ??= await opened(this.#indexed);
    const transaction = this.#db.transaction(['slots', 'aside'], 'readwrite', { durability: 'strict' });
    const done = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = transaction.onerror = () => reject(transaction.error ?? new DOMException('', 'AbortError'));
    });
    done.catch(() => {});
    const result = await work(transaction.objectStore('slots'), transaction.objectStore('aside'));
    await done;
    return result;
  }

  #key(slot) { return `exam:${this.#owner.account}:${this.#owner.session}:${slot}`; }

  #mirror(record) {
    try {
      this.#local.setItem(this.#key(record.slot), JSON.stringify(record));
      return true;
    } catch { return false; }
  }

  // A browser that refuses localStorage has not written anything to it, so there is nothing to delete.
  #forget(slot) { try { this.#local.removeItem(this.#key(slot)); } catch {} }

  #mirrored() {
    const found = [];
    try {
      for (let at = 0; at < this.#local.length; at++) {
        const key = this.#local.key(at);
        if (key.startsWith(this.#key(''))) found.push(JSON.parse(this.#local.getItem(key)));
      }
    } catch {}
    return found;
  }
}

const asked = request => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

/** Deletes the records for which `goes` returns true, within the running transaction. */
function drop(store, goes) {
  const request = store.openCursor();
  request.onsuccess = () => {
    const cursor = request.result;
    if (!cursor) return;
    if (goes(cursor.value)) cursor.delete();
    cursor.continue();
  };
}

const opened = indexed => new Promise((resolve, reject) => {
  const request = indexed.open(NAME, 1), db = () => request.result;
  request.onupgradeneeded = () => {
    db().createObjectStore('slots', { keyPath: ['account', 'session', 'slot'] });
    db().createObjectStore('aside', { autoIncrement: true });
  };
  request.onerror = () => reject(request.error);
  request.onsuccess = () => {
    db().onversionchange = () => db().close();
    resolve(db());
  };
  // Some browsers neither open the database nor report an error, so waiting must end at some time.
  setTimeout(() => reject(new DOMException('', 'TimeoutError')), OPENING);
});

/**
 * The time left according to the server. `performance.now` stops while the device sleeps, and `Date.now` jumps when
 * its clock is set. When the two differ, the server must be asked again.
 */
export class Clock {
  running = false; #perf; #wall; #left = null; #since = 0; #apart;

  constructor(perf, wall) {
    this.#perf = perf; this.#wall = wall;
    this.jumped();
  }

  /**
   * @param sent When the request was sent, by `perf`. Half of the round trip is taken to have passed since the server
   * wrote the time.
   */
  set(secondsLeft, running, sent) {
    this.#left = secondsLeft ?? null; this.running = running; this.#since = (this.#perf() + sent) / 2;
  }

  /** Seconds left, never below 0; null when no time is known. */
  get left() { return this.#left === null ? null : Math.max(0, this.#left - (this.running ? (this.#perf() - this.#since) / 1000 : 0)); }

  /** Whether the device has slept or its clock has been set since the last check. */
  jumped() {
    const apart = this.#wall() - this.#perf(), before = this.#apart;
    this.#apart = apart;
    return Math.abs(apart - before) > 2000;
  }
}

/**
 * Only one tab of a browser leads and writes; the others show the test and wait until the leading tab closes or yields.
 * Without Web Locks every tab leads, and the server's revisions protect the answers.
 */
export class Turns {
  #env; #release = null; #waiting;

  /** @param env.flush Called before the tab yields; when it returns, all answers of the tab must be on the device. */
  constructor(env) {
    this.#env = env;
    if (env.channel) env.channel.onmessage = ({ data }) => { if (data === 'yield') this.#yield(); };
  }

  async start() {
    if (!this.#env.locks) return this.#env.lead();
    await new Promise(decided => this.#ask({ ifAvailable: true }, decided));
  }

  /** The person wants to continue in this tab. */
  async takeOver() {
    if (this.#release) return;
    this.#env.channel?.postMessage('yield');
    await new Promise(resolve => setTimeout(resolve, 3000));
    if (this.#release) return;
    this.#waiting?.abort();
    this.#ask({ steal: true });
  }

  #wait() {
    this.#env.follow();
    this.#waiting = new AbortController();
    this.#ask({ signal: this.#waiting.signal });
  }

  #ask(options, decided = () => {}) {
    let mine = null;
    this.#env.locks.request(`exam-${this.#env.id}`, options, lock => {
      decided();
      if (!lock) return this.#wait();
      const held = new Promise(resolve => { this.#release = mine = resolve; });
      this.#env.lead();
      return held;
    }).catch(() => {
      // There are two possible reasons. Another tab took the turn by force; or this tab stopped waiting in order to
      // take the turn by force, and so has nothing to give up.
      if (!mine || this.#release !== mine) return;
      this.#release = null;
      this.#wait();
    });
  }

  async #yield() {
    if (!this.#release) return;
    this.#env.follow();
    await this.#env.flush();
    const release = this.#release;
    this.#release = null;
    release?.();
    this.#wait();
  }
}
