// Carries out what the machine says: asks the server, keeps on the device, waits. One request of answers at a time.
import { begin, next, status, step, unsent } from './machine.js';

const SLOW = 5000, KEEP_PAUSE = 300, KEEP_LONGEST = 1000, KEEPING = 2000, ROOM = 60000;

export class Line {
  /**
   * @param env.fetch, env.store, env.clock
   * @param env.perf Milliseconds that only grow. @param env.later Like setTimeout; gives what cancels it.
   * @param env.urls session, finish, events, response(n)
   * @param env.page changed(state), say(what), show(slot), signIn()
   */
  constructor(env, options) {
    this.env = env;
    this.state = begin(options);
    this.timer = null; this.keeping = new Map(); this.notes = []; this.noting = false; this.closed = false;
  }

  dispatch(event) {
    if (this.closed) return;
    const { state, effects } = step(this.state, { at: this.env.perf(), random: this.env.random(), ...event });
    this.state = state;
    for (const effect of effects) this.#do(effect);
    this.#schedule();
    this.env.page.changed(this.state);
  }

  close() { this.closed = true; this.timer?.(); for (const each of this.keeping.values()) each.cancel?.(); }

  /** For the session's log. */
  note(kind, note = null) { this.notes.push({ kind, note }); }

  /** Everything that the device does not have yet; resolves when it has. */
  flush() { return Promise.all([...this.keeping.keys()].map(n => this.#keep(n))); }

  /** What a page that vanishes can still do at once. */
  leave() {
    this.dispatch({ type: 'leave', room: ROOM });
    // What the server has stays nowhere else: after the receipt the device has forgotten it.
    const open = unsent(this.state).filter(n => this.state.slots[n].kept < this.state.slots[n].edit);
    this.env.store.mirror(open.map(n => this.#record(n)));
  }

  #schedule() {
    this.timer?.();
    this.timer = null;
    const what = next(this.state);
    if (what) this.timer = this.env.later(Math.max(0, what.at - this.env.perf()), () => this.dispatch({ type: 'go' }));
  }

  #do(effect) {
    switch (effect.do) {
      case 'keep': this.#keepSoon(effect.slot, effect.soon); break;
      case 'flush': this.flush(); break;
      case 'put': this.#put(effect); break;
      case 'get': this.#ask('get', this.env.urls.session, { method: 'GET' }); break;
      case 'finish': this.#ask('finish', this.env.urls.finish, { method: 'POST', body: JSON.stringify({ manifest: effect.manifest }) }); break;
      case 'farewell':
        this.env.fetch(this.env.urls.response(effect.slot), { ...this.#request('PUT', effect.body), keepalive: true }).catch(() => {});
        break;
      case 'note': this.note(effect.kind, effect.note); break;
      case 'aside': this.env.store.aside({ slot: effect.slot, value: effect.value, reason: effect.reason }); break;
      case 'erase':
        for (const each of this.keeping.values()) each.cancel?.();
        this.keeping.clear();
        this.env.store.erase();
        break;
      case 'say': this.env.page.say(effect); break;
      case 'show': this.env.page.show(effect.slot); break;
      case 'signIn': this.env.page.signIn(); break;
    }
  }

  // Text waits for a pause in the typing, but not long; everything else is kept at once.
  #keepSoon(n, soon) {
    const now = this.env.perf(), before = this.keeping.get(n);
    before?.cancel?.();
    const first = before?.first ?? now;
    const wait = soon ? Math.max(0, Math.min(KEEP_PAUSE, first + KEEP_LONGEST - now)) : 0;
    this.keeping.set(n, { first, cancel: this.env.later(wait, () => this.#keep(n)) });
  }

  async #keep(n) {
    this.keeping.get(n)?.cancel?.();
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

  async #put({ slot, body }) {
    // On the device before it leaves, or a crash between would send newer text on an old revision. A store that hangs stops nobody.
    await Promise.race([this.#keep(slot), new Promise(resolve => this.env.later(KEEPING, resolve))]);
    await this.#ask('put', this.env.urls.response(slot), this.#request('PUT', body), { slot, base: body.baseRevision });
  }

  #request(method, body) { return { method, body: body && JSON.stringify(body) }; }

  async #ask(what, url, init, expected = {}) {
    const sent = this.env.perf(), abort = new AbortController();
    const longest = this.state.fails ? 30000 : 15000;
    const slow = this.env.later(SLOW, () => this.dispatch({ type: 'slow' }));
    const tooLong = this.env.later(longest, () => abort.abort());
    let answer;
    try {
      const response = await this.env.fetch(url, { ...init, signal: abort.signal });
      answer = classify(what, response.status, response.headers.get('Content-Type'), await response.text(), response.headers.get('Retry-After'), expected);
    } catch { answer = { kind: 'lost' }; }
    slow(); tooLong();
    if (this.closed) return;
    const told = answer.my ?? answer;
    if (told.secondsLeft !== undefined) this.env.clock.set(told.secondsLeft, told.state === 'in_progress', sent);
    if (answer.my && answer.my.id !== this.state.id) answer = { kind: 'lost' };
    this.dispatch({ type: 'reply', answer });
    if (this.state.line === 'ok') this.#tell();
  }

  // What happened to the line, for the session's log; after the answers, and never in their way.
  async #tell() {
    if (this.noting || !this.notes.length) return;
    this.noting = true;
    try {
      const response = await this.env.fetch(this.env.urls.events, this.#request('POST', this.notes[0]));
      if (response.status < 429) this.notes.shift();
    } catch { /* With the next answer. */ }
    this.noting = false;
  }
}

/** An answer of the server, or of whoever stands between: only what cannot be mistaken for another's word is believed. */
export function classify(what, code, type, text, after, { slot, base } = {}) {
  if (code === 429 || code === 503) return { kind: 'busy', after: Number(after) || 0 };
  let body = null;
  try { if (/^application\/(problem\+)?json\b/.test(type ?? '')) body = JSON.parse(text); } catch { /* Not the server's. */ }
  if (!body) return code === 413 && what === 'put' ? { kind: 'refused', code: 'request-too-large' } : code >= 500 ? { kind: 'error' } : { kind: 'lost' };
  const trace = body.traceId;
  if (code === 200) {
    if (what === 'put') return body.slot === slot && body.revision > base
      ? { kind: 'saved', rev: body.revision, at: body.savedAt, state: body.state, secondsLeft: body.secondsLeft } : { kind: 'lost' };
    if (what === 'get') return body.state && Array.isArray(body.responses) ? { kind: 'session', my: body } : { kind: 'lost' };
    return body.sessionId && body.manifest ? { kind: 'receipt', receipt: body } : { kind: 'lost' };
  }
  if (code === 401) return { kind: 'unauthorised' };
  if (code >= 500) return { kind: 'error', trace };
  if (!body.code) return { kind: 'lost' };
  if (body.code === 'slot-not-found') return { kind: 'noSlot' };
  if (code === 403 || code === 404) return { kind: 'gone' };
  if (code === 412 && body.current) return { kind: 'stale', current: { rev: body.current.revision, value: body.current.response ?? null, at: body.current.savedAt } };
  if (body.code === 'session-time-over') return { kind: 'closed', state: 'expired' };
  if (body.code === 'session-state') return { kind: 'closed', state: body.state };
  if (body.code === 'responses-missing') return { kind: 'missing', missing: body.missing };
  if (body.code === 'blank-would-replace-answer') return { kind: 'blank' };
  if (code === 408 || code === 409 || code === 425) return { kind: 'busy', after: 1 };
  return { kind: 'refused', code: body.code, detail: body.detail, trace };
}

/** What the server does not have, as a file that the organiser can hand in. */
export function unsentFile(state, now) {
  return JSON.stringify({
    format: 'diagnostics-unsent-answers', version: 1, sessionId: state.id, writtenAt: now,
    answers: unsent(state).map(n => ({ slot: n, baseRevision: state.slots[n].acked.rev, state: status(state, n), response: state.slots[n].value })),
  }, null, 1);
}
