// The rules for every answer of an exam in progress, the next steps, and the sentences that describe them. This module
// is pure: it has no clock, no network and no page. `step(state, event)` returns the next state and the actions to
// carry out (`effects`); `next(state)` says what to send, and when.
//
// The main rule: an answer that was sent without a definite reply is frozen (`sending`) and repeated unchanged until
// the server accepts or refuses it. Newer text waits behind it: if the newer text were sent with the old revision, the
// server would refuse it as somebody else's edit.

const TEXT_PAUSE = 1500, TEXT_LONGEST = 5000, CHOICE_PAUSE = 250;
const BACKOFF = [1000, 2000, 4000, 8000, 15000, 30000];
const POLL = 30000, MINUTE = 60000;
// The replies that are not definite, and what each of them says about the connection.
const FAULTS = { lost: 'down', busy: 'busy', error: 'error' };

/** An answer as the server keeps it: null for a blank, lists in a fixed order, no characters that JSON cannot carry. */
export function normal(value) {
  const { type, option, options, order, pairs, text } = value ?? {};
  const taken = Object.entries(pairs ?? {}).filter(([, right]) => right);
  // Pasting can put half a surrogate pair or U+0000 into a field; the server accepts neither.
  const clean = text?.replace(/\0/g, '').replace(/[\uD800-\uDFFF]/gu, '\uFFFD');
  return option ? { type, option }
    : options?.length ? { type, options: [...options].sort((a, b) => a - b) }
    : order?.length ? { type, order }
    : taken.length ? { type, pairs: Object.fromEntries(taken) }
    : clean?.trim() ? { type, text: clean } : null;
}

export const same = (a, b) => a === b || JSON.stringify(normal(a)) === JSON.stringify(normal(b));

const empty = { rev: 0, value: null, at: null };

/**
 * Later the state also contains, for the session: `deadline`, `ended` and `receipt`. For the connection it contains
 * `since` and `trace` of its fault. For an answer it contains the time of its `first` typing, the text that is
 * `sending`, the `other` side of a conflict, the `refused` text, and whether the answer is `held` (the server has put
 * it aside) or `lost`.
 * @param options account, session, slots: numbers; store: 'idb' | 'ls' | 'none'; tab: 'leader' | 'follower'
 */
export function begin({ account, session, slots, store = 'idb', tab = 'leader' }) {
  return {
    account, id: session, store, tab, session: 'running', grace: 0, line: 'ok', stop: null, fails: 0, retryAt: 0, getAt: 0, flight: null, finish: null,
    slots: Object.fromEntries(slots.map(slot => [slot, { value: null, acked: empty, edit: 0, kept: 0, due: 0, retryAt: 0 }])),
  };
}

/** 'clean' | 'dirty' | 'sending' | 'unsure' | 'conflict' | 'refused' */
export function status(state, n) {
  const slot = state.slots[n];
  if (slot.other) return 'conflict';
  if (slot.refused && same(slot.refused.value, slot.value)) return 'refused';
  if (slot.sending) return state.flight?.slot === Number(n) ? 'sending' : 'unsure';
  return same(slot.value, slot.acked.value) ? 'clean' : 'dirty';
}

const numbers = state => Object.keys(state.slots).map(Number);

/** Numbers of the slots that are not clean. */
export const unsent = state => numbers(state).filter(n => status(state, n) !== 'clean');

/** Whether the person may answer now. */
export const writable = state => state.session === 'running' && state.tab === 'leader' && !state.stop && state.finish?.phase !== 'posting';

/** The next thing to send, and when: `{at, get}`, `{at, finish}` or `{at, slot}`; null when there is nothing. */
export function next(state) {
  const { stop, getAt, retryAt } = state, all = [];
  if (state.flight || state.tab !== 'leader' || stop === 'other') return null;
  // The server is asked again, because the session may accept answers by now, or the person may have signed in again in
  // another tab.
  if (stop || state.line === 'signed_out') return { at: Math.max(getAt, retryAt), get: true };
  for (const n of numbers(state)) {
    const { sending, due, retryAt: again } = state.slots[n];
    if (mayGo(state, n)) all.push({ at: Math.max(sending ? 0 : due, again), slot: n, rank: sending ? 0 : 2 });
  }
  if (!state.receipt?.confirmed) all.push({ at: getAt, get: true, rank: 1 });
  if (state.finish?.phase === 'posting') all.push({ at: 0, finish: true, rank: 3 });
  for (const each of all) each.at = Math.max(each.at, retryAt);
  return all.sort((a, b) => a.at - b.at || a.rank - b.rank)[0] ?? null;
}

/**
 * An answer must not be sent while it waits for the person's decision, or after the server has put it aside: the server
 * would keep each repetition as another refused answer.
 */
function mayGo(state, n) {
  const { lost, held } = state.slots[n];
  return !lost && !held && !state.receipt && state.session !== 'paused' && ['dirty', 'sending', 'unsure'].includes(status(state, n));
}

/** @param event `type` names one of the methods below; `at` and `random` come with every event. */
export function step(before, event) {
  const work = new Work(before, event);
  work[event.type](event);
  if (work.state.finish) work.tryFinish();
  return work;
}

class Work {
  effects = [];

  // This copy is deep enough for the changes made here: answers and revisions are only ever replaced as a whole.
  constructor(before, { at = 0, random = 0.5 }) {
    this.state = { ...before, slots: {} };
    for (const n of numbers(before)) this.state.slots[n] = { ...before.slots[n] };
    this.at = at; this.random = random;
  }

  set(change) { Object.assign(this.state, change); }

  do(effect, rest) { this.effects.push({ do: effect, ...rest }); }

  say(what, rest) { this.do('say', { what, ...rest }); }

  note(kind, note) { this.do('note', { kind, note }); }

  aside(slot, value, reason) { this.do('aside', { slot, value, reason }); }

  /**
   * Makes every change that the device must remember. Only the leading tab stores the change; a following tab would
   * overwrite the leader's record.
   */
  change(n, change, soon = false) {
    const slot = Object.assign(this.state.slots[n], change);
    if (this.state.tab !== 'leader') return;
    slot.edit++;
    this.do('keep', { slot: n, soon });
  }

  kept({ slot: n, edit }) {
    const slot = this.state.slots[n];
    slot.kept = Math.max(slot.kept, edit);
  }

  store({ store }) { this.set({ store }); }

  slow() { if (this.state.flight && this.state.line === 'ok') this.set({ line: 'slow' }); }

  stay() { this.set({ finish: null }); }

  // Takes the records that this device has kept of the session, before the server is asked. When there are two copies,
  // the one with more edits is the later one. Times do not decide, because the device's clock may have been set back
  // between the two edits.
  restore({ records }) {
    let back = 0;
    for (const { slot: n, value, acked, sending, other, refused, held, edit } of records) {
      const slot = this.state.slots[n];
      if (!slot || edit < slot.edit) continue;
      Object.assign(slot, { value, acked, sending: sending && { ...sending, since: this.at }, other, refused, held, edit, kept: edit, first: null, due: this.at });
      this.do('show', { slot: n });
      if (status(this.state, n) !== 'clean') back++;
    }
    if (back) this.say('restored', { n: back });
    this.set({ getAt: this.at });
  }

  input({ slot: n, value: typed, text }) {
    const { at, state } = this, slot = state.slots[n], value = normal(typed);
    if (!writable(state) || same(value, slot.value)) return;
    const first = slot.first ?? at;
    // An answer that the device cannot safely keep is sent immediately.
    const due = text && state.store === 'idb' ? Math.min(at + TEXT_PAUSE, first + TEXT_LONGEST) : at + CHOICE_PAUSE;
    this.change(n, { value, first, due, held: false }, text);
  }

  // The time that `next` returned has come.
  go() {
    const what = next(this.state), { slots } = this.state;
    if (!what || what.at > this.at) return;
    this.set({ flight: what });
    if (what.get) this.do('get');
    else if (what.slot) this.do('put', { slot: what.slot, body: this.freeze(what.slot) });
    else this.do('finish', { manifest: Object.fromEntries(numbers(this.state).map(n => [n, slots[n].acked.rev]).filter(([, rev]) => rev)) });
  }

  /** Freezes an answer before it is sent, and stores it on the device: `put` waits until it is stored. */
  freeze(n) {
    const { acked, value, sending } = this.state.slots[n], frozen = { base: acked.rev, value, tries: 0, since: this.at, ...sending };
    frozen.tries++;
    this.change(n, { sending: frozen, first: null, due: 0 });
    return bodyOf(frozen);
  }

  // The page is hidden and may never be shown again, so as many answers as there is room for are sent without waiting
  // for a reply.
  leave({ room }) {
    const { tab, line, stop } = this.state;
    this.do('flush');
    if (tab !== 'leader' || stop || line === 'signed_out') return;
    for (const n of numbers(this.state)) {
      if (!mayGo(this.state, n) || status(this.state, n) === 'sending') continue;
      const { sending, value, acked } = this.state.slots[n];
      room -= new Blob([JSON.stringify(bodyOf(sending ?? { base: acked.rev, value }))]).size;
      if (room < 0) break;
      this.do('farewell', { slot: n, body: this.freeze(n) });
    }
  }

  reply({ answer }) {
    const { flight, line } = this.state, { at } = this;
    if (!flight) return;
    this.set({ flight: null });
    if (answer.kind in FAULTS) return this.failed(flight.slot, answer);
    if (answer.kind === 'unauthorised') {
      if (line !== 'signed_out') this.do('signIn');
      return this.set({ line: 'signed_out', getAt: at + POLL });
    }
    this.reached();
    if (answer.kind === 'gone') this.set({ stop: 'gone', getAt: at + MINUTE });
    else if (flight.slot) this.put(flight.slot, answer);
    else if (flight.finish) this.finished(answer);
    else if (answer.kind === 'session') this.session(answer);
    else this.set({ getAt: at + POLL });
  }

  put(n, answer) {
    const { at } = this, { sending, value, acked } = this.state.slots[n], { kind, current } = answer;
    const settled = (value, acked) => this.change(n, { value, acked, sending: null, other: null, noted: false, retryAt: 0, due: at });
    switch (kind) {
      case 'saved':
        settled(value, { rev: answer.rev, value: sending.value, at: answer.at });
        this.moved(answer.state, answer.secondsLeft);
        break;
      case 'stale':
        if ([sending.value, value, acked.value].some(each => same(current.value, each))) settled(value, current);
        else this.conflict(n, current);
        break;
      case 'blank':
        // Only a mistake in this program leads here: a blank is sent only when the person emptied the answer, and such
        // a request says so.
        settled(acked.value, acked);
        this.set({ getAt: at });
        this.do('show', { slot: n });
        this.say('blankRefused', { slot: n });
        this.note('reloaded', `Пустой ответ на задание ${n} не принят`);
        break;
      case 'refused':
        this.change(n, { sending: null, refused: { ...answer, value: sending.value } });
        this.aside(n, sending.value, answer.code);
        break;
      case 'noSlot': this.state.slots[n].lost = true; break;
      case 'closed':
        this.change(n, { held: true });
        this.aside(n, sending.value, answer.state);
        this.set({ getAt: at });
        this.moved(answer.state);
        break;
      default: this.failed(n, { kind: 'lost' });
    }
  }

  conflict(n, other) {
    this.aside(n, this.state.slots[n].value, 'stale');
    this.aside(n, other.value, 'other');
    this.change(n, { sending: null, other });
    this.say('conflict');
  }

  // There was no definite reply, so the answer stays frozen as it was sent.
  failed(n, { kind, trace, after }) {
    const { at, random, state } = this, line = FAULTS[kind], fault = line === 'error';
    const wait = tries => at + Math.min(30000, BACKOFF[Math.min(tries, BACKOFF.length) - 1] * (0.5 + random));
    if (state.line !== line && line === 'down') this.say('down');
    if (state.line !== line) this.set({ line, since: at });
    this.set({ fails: state.fails + 1, trace: trace ?? state.trace });
    // An answer that causes an error on the server must not hold up the other answers.
    state.retryAt = wait(fault ? 1 : state.fails);
    if (after) state.retryAt = Math.max(state.retryAt, at + (after + random) * 1000);
    const slot = state.slots[n], sending = slot?.sending;
    if (!fault || !sending) return;
    slot.retryAt = wait(sending.tries);
    if (slot.noted || at - sending.since <= MINUTE) return;
    slot.noted = true;
    this.note('offline', `Ответ ${n} не принят сервером минуту`);
  }

  // A definite reply came, so the connection works again.
  reached() {
    const { at } = this, { line, since } = this.state;
    if (line === 'down') {
      this.note('offline', `${Math.round((at - since) / 1000)} с`);
      this.note('online');
      this.say('back');
      this.set({ getAt: at });
    }
    this.set({ line: 'ok', stop: null, fails: 0, since: null, retryAt: 0, trace: null });
  }

  /** Takes the session's state from the server. */
  moved(to, left) {
    const was = this.state.session;
    if (to === 'paused') {
      this.set({ session: to, finish: null });
      if (was !== to) this.say(to);
    } else if (to === 'in_progress') {
      // After the time is over, the server still reports the session as running until it notices the end.
      if (was !== 'paused' && (was !== 'over' || !(left > 0))) return;
      this.set({ session: 'running', ended: null });
      this.say(was === 'over' ? 'reopened' : 'resumed');
      this.letGo();
    } else if (to) {
      this.set({ session: 'over', ended: to, finish: null });
      if (was !== 'over') this.say('over');
    }
  }

  // The session accepts answers now, so answers that the server had put aside may be tried again.
  letGo() { for (const n of numbers(this.state)) if (this.state.slots[n].held) this.change(n, { held: false, due: this.at }); }

  // Compares the server's answers with the answers of this device.
  session({ my }) {
    const { at, state } = this, was = state.session, takes = my.state === 'in_progress' && my.secondsLeft > 0;
    const more = Date.parse(my.deadline) - Date.parse(state.deadline);
    if (was === 'running' && my.state === 'in_progress' && more > 1000) this.say('extended', { minutes: Math.round(more / MINUTE) });
    this.moved(['scheduled', 'open'].includes(my.state) ? 'paused' : my.state, my.secondsLeft);
    if (takes) this.letGo();
    if (takes && was === 'time_up') this.set({ session: 'running' });
    this.set({ deadline: my.deadline, grace: my.graceSeconds ?? 0, getAt: at + POLL });
    if (state.session === 'over' && numbers(this.state).every(n => state.slots[n].held || status(state, n) === 'clean')) {
      // The server has every answer of this device, so the device may forget them.
      if (state.receipt) this.set({ receipt: { ...state.receipt, confirmed: true } });
      this.do('erase');
      return;
    }
    // When the session is in a state in which the server hides the answers, the server's list says nothing about them.
    if (!my.responsesShown) return;
    for (const n of numbers(this.state)) {
      const known = my.responses.find(response => response.slot === n);
      this.reconcile(n, known ? { rev: known.revision, value: normal(known.response), at: known.savedAt } : empty);
    }
  }

  reconcile(n, server) {
    const { value, acked, sending, other } = this.state.slots[n];
    if (sending) return;
    if (same(value, server.value)) {
      if (other || acked.rev !== server.rev || acked.at !== server.at) this.change(n, { acked: server, other: null });
    } else if (other) {
      if (server.rev !== other.rev) this.change(n, { other: server });
    } else if (acked.rev === server.rev) {
      // The answer was typed here and has not been sent yet.
    } else if (same(server.value, acked.value)) {
      this.change(n, { acked: server });
    } else if (server.rev < acked.rev) {
      // The server has an older revision than before, because its database was restored from a backup.
      this.change(n, { acked: server, due: this.at });
      this.note('reloaded', `Сервер вернулся к сохранению ${server.rev} ответа ${n}, было ${acked.rev}`);
    } else if (same(value, acked.value)) {
      this.change(n, { value: server.value, acked: server });
      this.do('show', { slot: n });
      if (!acked.rev) return;
      if (!this.state.elsewhere) this.say('elsewhere');
      this.set({ elsewhere: true });
    } else {
      this.conflict(n, server);
    }
  }

  // Sends at once everything that was to be sent later, because the browser reports that the network is back, somebody
  // looks at the page again, or the person asks.
  hurry() {
    this.set({ retryAt: 0, getAt: Math.min(this.state.getAt, this.at) });
    for (const n of numbers(this.state)) this.dueNow(n).retryAt = 0;
  }

  dueNow(n) {
    const slot = this.state.slots[n];
    slot.due = Math.min(slot.due, this.at);
    return slot;
  }

  signedIn({ account }) {
    if (account !== this.state.account) this.set({ stop: 'other' });
    else this.set({ line: 'ok', stop: null, retryAt: 0, getAt: this.at });
  }

  choose({ slot: n, mine }) {
    const { other, value } = this.state.slots[n];
    if (!other) return;
    // The person has typed more since the conflict was found, so the person's text is put aside now; and the server is
    // asked again, because it may have a newer answer by now.
    if (!mine) { this.aside(n, value, 'given-up'); this.set({ getAt: this.at }); }
    this.change(n, { acked: other, other: null, value: mine ? value : other.value, due: this.at });
    this.do('show', { slot: n });
  }

  // From now on, no typing is accepted. Text that was typed earlier is still sent, as long as the server accepts it.
  timeUp() {
    if (this.state.session !== 'running') return;
    this.hurry();
    this.set({ session: 'time_up', getAt: this.at + (this.state.grace + 2) * 1000 });
    this.say('timeUp');
  }

  /** @param without Numbers of slots whose present text will not count, as the person knows. */
  finish({ auto, without = [] }) {
    const { session, finish, line, tab } = this.state;
    if (tab !== 'leader' || !['running', 'time_up'].includes(session) || finish?.phase === 'posting') return;
    this.set({ finish: { phase: 'waiting', auto: auto || line === 'ok', without } });
    if (!this.waits.length) this.set({ finish: { phase: 'posting' } });
  }

  /** The unsent answers for which the end of the session still waits. */
  get waits() {
    const { state } = this, { without } = state.finish;
    return unsent(state).filter(n => !without.includes(n) || !['refused', 'conflict'].includes(status(state, n)));
  }

  tryFinish() {
    const { finish } = this.state;
    if (finish.phase !== 'waiting') return;
    if (this.waits.length) for (const n of this.waits) this.dueNow(n);
    // Everything has been sent. If the person did not ask for an automatic end, the person must now press the button
    // again.
    else this.set({ finish: finish.auto ? { phase: 'posting' } : null });
  }

  finished(answer) {
    const { at } = this;
    this.set({ finish: null, getAt: at });
    switch (answer.kind) {
      case 'receipt':
        this.set({ session: 'over', ended: 'finished', receipt: answer.receipt });
        this.say('receipt');
        break;
      // The session is read again to learn which answers the server has; the next attempt to finish uses this list.
      case 'missing': this.say('missing', { slots: answer.missing.map(each => each.slot) }); break;
      case 'closed': this.moved(answer.state); break;
      default: this.say('finishRefused', answer);
    }
  }

  /**
   * @param fresh The server's data came with the page a moment ago, so the server need not be asked again before the
   * first answer.
   */
  tab({ tab, fresh }) {
    if (tab === this.state.tab) return;
    this.set({ tab, getAt: fresh ? this.at + POLL : this.at, finish: null });
    if (tab === 'follower') this.do('flush');
  }
}

const bodyOf = ({ base, value }) => ({ baseRevision: base, response: value, cleared: value === null });

// All sentences that the exam page shows by itself, and the choice of the sentence that is true now.

export const plural = (n, one, few, many) => {
  const tens = n % 100, ones = n % 10;
  return tens > 10 && tens < 20 ? many : ones === 1 ? one : ones > 1 && ones < 5 ? few : many;
};
const answers = n => `${n} ${plural(n, 'ответ', 'ответа', 'ответов')}`;
const minutes = n => `${n} ${plural(n, 'минута', 'минуты', 'минут')}`;
const list = numbers => numbers.join(', ');

/**
 * The one true state of the typed answers. `claim` is what the page guarantees: 'saved' — the server has everything;
 * 'kept' — this device has everything that the server lacks; 'unsaved' — neither is true; 'saving' — answers are on
 * their way, and nothing is promised yet.
 * @param time Formats an instant from the server in the site's time zone.
 */
export function describe(state, at, time) {
  const { slots, line, session, receipt, stop } = state;
  const open = unsent(state), n = open.length, of = kind => open.filter(each => status(state, each) === kind);
  // A browser writes localStorage to the disk when it chooses, and loses the data if it is killed before that. Only
  // IndexedDB says when the data are safe.
  const kept = state.store !== 'idb' ? 'unsaved' : open.every(each => slots[each].kept >= slots[each].edit) ? 'kept' : 'saving';
  const where = kept === 'kept' ? 'на этом устройстве' : 'на этой странице', here = n ? ` ${answers(n)} ${where}.` : '';
  const say = (text, more) => ({ claim: n ? kept : 'saved', n, text, ...more });

  if (stop) return say(`${stop === 'other' ? 'Вошёл другой человек' : 'Сеанс недоступен'}. Позовите организатора.${here}`);
  if (receipt) return say('Тест завершён, ответы приняты.', n && { claim: 'unsaved' });

  for (const [which, text] of [
    [of('conflict'), 'есть в двух видах: выберите, какой верен.'],
    [of('refused'), 'не сохранён: исправьте его, причина у поля.'],
    [open.filter(each => slots[each].lost), 'сервер не принимает. Обновите страницу.'],
  ]) if (which.length) return say(`Ответ ${list(which)} ${text}`, { claim: 'unsaved', act: which[0] });
  if (line === 'signed_out') return say(`Войдите снова.${here}`, { signIn: true });
  if (session === 'over') {
    const aside = open.filter(each => slots[each].held), waits = open.filter(each => !slots[each].held);
    const why = { finished: 'Тест завершён на другом устройстве.', annulled: 'Сеанс аннулирован.' }[state.ended] ?? 'Время сеанса вышло.';
    const late = aside.length ? ` Не засчитаны, сохранены для комиссии: ${list(aside)}.` : '';
    if (waits.length) return say(`${why}${late} Не дошли до сервера: ${list(waits)}.`, { bad: true });
    return say(why + (late || ' Сохранённые ответы приняты.'), { claim: late ? 'aside' : 'saved' });
  }
  if (session === 'paused') return say(`Пауза, время стоит.${here}`);
  if (!n) {
    if (line === 'down') return say('Нет связи. Всё, что вы ответили, на сервере.', { bad: true });
    const last = Object.values(slots).map(slot => slot.acked.at).filter(Boolean).sort().pop();
    return say(last ? `Сохранено на сервере в ${time(last)}` : 'Ответов пока нет');
  }
  if (kept === 'unsaved' && line !== 'ok' && line !== 'slow')
    return say('Нет связи, и этот браузер не хранит ответы: не закрывайте страницу.', { bad: true });
  const late = open.find(each => line === 'ok' && slots[each].sending && at - slots[each].sending.since > MINUTE);
  if (late) return say(`Ответ ${late} сервер не принимает уже минуту. Он ${where}.`, { bad: true });
  if (session === 'time_up') return say(`Время вышло. Ещё отправляем: ${n}.`);
  if (line === 'down') return say(`Нет связи.${here} Продолжайте, не закрывайте страницу.`, { bad: true });
  if (line === 'busy' && at - state.since > 10000) return say(`Сервер занят, отправим сами.${here}`, { bad: true });
  if (line === 'error' && state.fails >= 3)
    return say(`Сервер отвечает с ошибкой.${here}${state.trace ? ` Номер: ${state.trace}.` : ''}`, { bad: true });
  if (line === 'slow') return say(kept === 'kept' ? 'Медленная связь, ответ на устройстве.' : 'Медленная связь, сохраняется…');
  return say(kept === 'kept' ? `На устройстве, отправляется: ${n}…` : 'Сохраняется…', kept === 'unsaved' && { claim: 'saving' });
}

/** The text of a message that is announced once, politely; empty when `describe` has just begun to say the same. */
export function announce({ what, n, slot, minutes: m, slots, detail }) {
  return {
    restored: `Восстановлено с этого устройства: ${answers(n)}, отправляем.`,
    back: 'Связь восстановилась.',
    blankRefused: `Пустой ответ на задание ${slot} не заменил сохранённый.`,
    elsewhere: 'Тест продолжен и на другом устройстве: показаны ответы оттуда.',
    resumed: 'Пауза закончилась, время идёт.',
    reopened: 'Время добавлено, можно продолжать.',
    extended: `Добавлено времени: ${minutes(m)}.`,
    missing: `На сервере нет последних ответов на задания ${slots}: отправляем их ещё раз. Если не поможет, позовите организатора.`,
    finishRefused: detail,
    left: `Осталось ${minutes(m)}.`,
    clock: 'Уточняем время…',
  }[what];
}
