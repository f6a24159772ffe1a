// Runs the exam page: its fields, the list of items, the check before the end, and the time left. The HTML of the page
// contains the texts and boxes; this module fills, shows and hides them, and connects them to the network and the
// device's storage (`line.js`).
import { announce, describe, plural, status, unsent, writable } from './machine.js';
import { Clock, Line, Store, Turns, unsentFile } from './line.js';

const $ = id => document.getElementById(id);
const all = (from, what) => [...from.querySelectorAll(what)];
const write = (it, text) => { if (it.textContent !== text) it.textContent = text; };
const make = (tag, more) => Object.assign(document.createElement(tag), more);
const perf = () => performance.now();

const { account, my } = JSON.parse($('exam').dataset.page);
// The values remembered here are a convenience; no answer depends on them.
const safely = get => { try { return get() ?? null; } catch { return null; } };
const remembered = key => safely(() => localStorage.getItem(key));
const remember = (key, value) => safely(() => value ? localStorage.setItem(key, value) : localStorage.removeItem(key));

const items = new Map(all(document, '.exam-item').map(it => [Number(it.dataset.slot), it])), slots = [...items.keys()];
const flagsKey = `exam-flags:${my.id}`, flags = new Set(JSON.parse(remembered(flagsKey) ?? '[]'));
const hours = new Intl.DateTimeFormat('ru', { hour: '2-digit', minute: '2-digit', timeZone: $('exam').dataset.zone });
const time = at => hours.format(new Date(at));
let current, checking = false, told, stuck = [], fresh = true, left = false;

// How each kind of item is read, written and described in words.
const boxes = it => all(it, '.choices input');
const selects = it => all(it, 'select');
const rows = it => all(it, '.exam-order > li');
const field = it => it.querySelector('.exam-fields input, textarea');
const label = select => select.labels[0].textContent.trim();
const textOf = row => row.querySelector('.exam-text').textContent;
const sorted = (it, order) => order.map(id => rows(it).find(row => row.dataset.id === id));
const chosen = (it, value) => boxes(it).filter(box => [value?.option, ...value?.options ?? []].includes(box.value));
const choice = {
  read: it => {
    const options = boxes(it).filter(box => box.checked).map(box => box.value);
    return it.dataset.type === 'single_choice' ? { option: options[0] } : { options };
  },
  write: (it, value) => { for (const box of boxes(it)) box.checked = chosen(it, value).includes(box); },
  words: (it, value) => chosen(it, value).map(box => box.parentElement.textContent).join('; '),
};
const words = {
  text: true,
  read: it => ({ text: field(it).value }),
  write: (it, value) => { if (field(it).value !== (value?.text ?? '')) field(it).value = value?.text ?? ''; },
  words: (it, { text }) => text,
};
const KINDS = {
  single_choice: choice, multiple_choice: choice, short_answer: words, extended_response: words,
  matching: {
    read: it => ({ pairs: Object.fromEntries(selects(it).map(each => [each.dataset.left, each.value])) }),
    write: (it, value) => {
      for (const each of selects(it)) each.value = value?.pairs[each.dataset.left] ?? '';
      it.querySelector('.exam-moved')?.remove();
    },
    part: (it, { pairs }) => selects(it).some(each => !pairs[each.dataset.left]),
    words: (it, { pairs }) => selects(it).filter(each => pairs[each.dataset.left])
      .map(each => `${label(each)} → ${each.querySelector(`[value="${pairs[each.dataset.left]}"]`).textContent}`).join('; '),
  },
  ordering: {
    read: it => ({ order: rows(it).map(row => row.dataset.id) }),
    write: (it, value) => {
      const order = value?.order ?? it.first;
      if (rows(it).some((row, at) => row.dataset.id !== order[at])) rows(it)[0].parentElement.append(...sorted(it, order));
      number(it);
    },
    words: (it, { order }) => sorted(it, order).map(textOf).join(' → '),
  },
};

function number(it) {
  const list = rows(it);
  for (const [at, row] of list.entries()) {
    row.querySelector('select').value = at + 1;
    for (const button of all(row, '[data-move]')) button.setAttribute('aria-disabled', !list[at + Number(button.dataset.move)]);
  }
}

function move(it, row, to, focus) {
  const others = rows(it).filter(each => each !== row);
  row.parentElement.insertBefore(row, others[to] ?? null);
  number(it);
  focus.focus();
  say(`«${textOf(row)}» — место ${to + 1} из ${others.length + 1}`);
}

// An option that was already chosen in another row moves to this row. The other row may be off the screen, so the
// message appears here, where the person looks.
function once(it, select) {
  it.querySelector('.exam-moved')?.remove();
  const other = selects(it).find(each => each !== select && each.value && each.value === select.value);
  if (it.dataset.reuse || !other) return;
  other.value = '';
  const textContent = `Вариант перенесён сюда из строки «${label(other)}»: она теперь без ответа.`;
  select.parentElement.append(make('p', { className: 'small exam-moved', textContent }));
  say(textContent);
}

// What the person does on the page. A button names its action; a field's action depends on the kind of its item.
const answer = it => tell('input', { slot: it.number, value: { type: it.dataset.type, ...it.kind.read(it) }, text: it.kind.text });
const acts = {
  move: (on, it) => {
    const row = on.closest('li');
    if (on.getAttribute('aria-disabled') === 'true') return;
    move(it, row, rows(it).indexOf(row) + Number(on.dataset.move), on);
    answer(it);
  },
  keep: (on, it) => answer(it),
  clear: (on, it) => {
    it.kind.write(it, null);
    tell('input', { slot: it.number, value: null });
    it.focus();
  },
  choose: (on, it) => tell('choose', { slot: it.number, mine: on.dataset.mine === 'yes' }),
  go: on => {
    const by = Number(on.dataset.go), to = slots[slots.indexOf(current) + by];
    if (to) open(to); else if (by > 0) check(true);
  },
  show: () => open(told.act),
  check: () => check(true),
  finish: () => tell('finish', { auto: $('auto').checked, without: $('without').checked ? stuck : [] }),
  back: () => { tell('stay'); open(current); },
  hurry: () => tell('hurry'),
  takeOver: () => turns.takeOver(),
  signIn,
  later: () => $('sign-in').close(),
  save: () => {
    const href = URL.createObjectURL(new Blob([unsentFile(line.state, new Date().toISOString())], { type: 'application/json' }));
    make('a', { href, download: `otvety-${my.id.slice(0, 8)}.json` }).click();
    setTimeout(() => URL.revokeObjectURL(href), 10000);
  },
  hide: () => {
    hidden = !hidden;
    remember('exam-time', hidden && 'hidden');
    tick();
  },
  resize: on => resize(Number(on.dataset.by)),
};
document.addEventListener('click', event => {
  const on = event.target.closest('[data-do], a[href^="#item-"]');
  if (!on?.hash) return acts[on?.dataset.do]?.(on, on.closest('.exam-item'));
  event.preventDefault();
  open(Number(on.hash.slice(6)));
});
for (const [slot, it] of items) {
  Object.assign(it, { number: slot, kind: KINDS[it.dataset.type], first: rows(it).map(row => row.dataset.id) });
  const flag = it.querySelector('[data-flag]'), fields = it.querySelector('.exam-fields');
  flag.checked = flags.has(slot);
  flag.addEventListener('change', () => {
    if (flag.checked) flags.add(slot); else flags.delete(slot);
    remember(flagsKey, JSON.stringify([...flags]));
    render();
  });
  fields.addEventListener(it.kind.text ? 'input' : 'change', ({ target }) => {
    if (it.dataset.type === 'ordering') move(it, target.closest('li'), target.value - 1, target);
    if (it.dataset.type === 'matching') once(it, target);
    answer(it);
  });
  // Enter in a one-line field does nothing, because the check before the end must be the only way to finish.
  it.addEventListener('keydown', event => { if (event.key === 'Enter' && event.target.matches('input')) event.preventDefault(); });
}

function open(slot, focus = true) {
  const it = items.get(slot);
  if (!it) return;
  check(false);
  current = slot;
  for (const each of items.values()) each.hidden = each !== it;
  write($('place'), `Задание ${slots.indexOf(slot) + 1} из ${slots.length}`);
  render();
  if (!focus) return;
  history.replaceState(null, '', `#item-${slot}`);
  look(it);
}

function check(on) {
  checking = on;
  $('check').hidden = !on;
  $('to-check').hidden = on;
  if (!on) return;
  write($('place'), 'Проверка');
  render();
  // The button is below a long item, so the page scrolls up to the check before the end, which begins with the
  // problems.
  look($('check'));
}

function look(at) {
  scrollTo(0, 0);
  at.focus({ preventScroll: true });
}

/**
 * Announces a message politely, and at most every five seconds. If several messages come in between, only the last is
 * announced.
 */
let saying, saidAt = 0;
function say(text) {
  clearTimeout(saying);
  saying = setTimeout(() => { saidAt = perf(); write($('said'), text); }, Math.max(0, saidAt + 5000 - perf()));
}

function render() {
  const { session, line: way, stop, finish, tab, store } = line.state, over = session === 'over', shown = session !== 'paused' && stop !== 'other' && !over;
  told = describe(line.state, perf(), time);
  const { claim, bad, n, act } = told, bar = $('state');
  bar.dataset.claim = claim;
  bar.dataset.bad = bad || claim === 'unsaved' ? 'yes' : '';
  write($('state-text'), told.text);
  $('show').hidden = !act || (!checking && act === current);
  $('enter').hidden = !told.signIn;
  $('hurry').hidden = !bad || stop || way === 'ok';
  $('export').hidden = !n || !bar.dataset.bad;
  const waits = tab === 'follower' ? 'tab' : session === 'paused' ? 'pause' : finish?.phase === 'posting' ? 'posting' : store !== 'idb' ? 'store' : '';
  $('waits').hidden = !waits;
  for (const box of $('waits').children) box.hidden = box.dataset.wait !== waits;
  $('items').hidden = checking || !shown;
  $('nav').hidden = !shown || !slots.length;
  for (const it of items.values()) item(it, line.state.slots[it.number], status(line.state, it.number), writable(line.state));
  if (checking) lists();
  if (!over) return $('end').hidden = true;
  $('check').hidden = true;
  write($('end-text'), told.text);
  $('end-file').hidden = unsent(line.state).every(slot => line.state.slots[slot].held);
  $('end-receipt').hidden = line.state.ended === 'annulled';
  if (!$('end').hidden) return;
  $('end').hidden = false;
  $('end').focus();
}

function item(it, mine, now, open) {
  const { number: slot, kind } = it, flagged = flags.has(slot), answered = mine.value !== null, [named, , marked] = $(`nav-${slot}`).children;
  it.half = answered && kind.part?.(it, mine.value);
  const [shape, mark, text] = now === 'conflict' ? ['wrong', '!', 'выбрать из двух'] : now === 'refused' ? ['wrong', '!', 'исправить']
    : now !== 'clean' ? ['wait', '↻', 'не отправлено'] : it.half ? ['part', '◐', 'отвечено не до конца']
    : answered ? ['done', '●', 'отвечено'] : ['none', '○', 'нет ответа'];
  const link = named.parentElement, here = slot === current;
  link.dataset.state = shape;
  link.setAttribute('aria-current', here && !checking ? 'step' : 'false');
  write(named, `Задание ${slot}: ${text}${flagged ? ', вернуться' : ''}`);
  write(marked, `${mark}${flagged ? '⚑' : ''}`);
  it.querySelector('.exam-fields').disabled = !open;
  if (!here) return;
  for (const clear of all(it, '[data-do=clear]')) clear.hidden = !open || !answered;
  for (const keep of all(it, '[data-do=keep]')) keep.hidden = !open || answered;
  it.querySelector('.exam-order')?.classList.toggle('touched', answered);
  // A person may type more than the limit allows: nothing is cut off here, and a message shows what will be lost.
  const { max } = it.dataset, left = max - (mine.value?.text ?? '').length, count = $(`count-${slot}`), wrong = $(`wrong-${slot}`), long = left < 0;
  count.hidden = !(left <= max / 10);
  count.className = long ? 'wrong' : 'hint';
  write(count, long ? `Длиннее на ${-left} ${plural(-left, 'знак', 'знака', 'знаков')}: такой ответ на сервере не сохраняется.` : `Осталось знаков: ${left}`);
  // No other message is needed when the answer is too long, because the counter already shows it.
  wrong.hidden = now !== 'refused' || long;
  if (!wrong.hidden) write(wrong, mine.refused.detail ?? 'Ответ слишком велик для сети: сократите его.');
  const { other } = mine, two = $(`conflict-${slot}`);
  two.hidden = !other;
  if (!other) return;
  if (!two.firstChild) two.append($('two').content.cloneNode(true));
  for (const [at, value] of [mine.value, other.value].entries()) write(all(two, '.lines')[at], value ? kind.words(it, value) : 'ответ стёрт');
  write(two.querySelector('span'), other.at ? `, ${time(other.at)}` : '');
}

// Lists the problems that the person should see before the end of the test.
function lists() {
  const { state } = line, { finish } = state, of = (...kinds) => slots.filter(slot => kinds.includes(status(state, slot)));
  const blank = slots.filter(slot => state.slots[slot].value === null), waits = of('dirty', 'sending', 'unsure');
  const order = slot => items.get(slot).dataset.type === 'ordering';
  stuck = of('conflict', 'refused');
  const found = {
    stuck, waits, blank: blank.filter(slot => !order(slot)), order: blank.filter(order),
    part: slots.filter(slot => items.get(slot).half), flags: slots.filter(slot => flags.has(slot)),
  };
  for (const [name, list] of Object.entries(found)) {
    const box = $(`list-${name}`);
    box.hidden = !list.length;
    write(box.querySelector('b'), `${list.length}`);
    if (box.dataset.now === `${list}`) continue;
    box.dataset.now = list;
    box.lastElementChild.replaceChildren(...list.map(slot => make('a', { href: `#item-${slot}`, textContent: `Задание ${slot}` })));
  }
  $('list-none').hidden = Object.values(found).flat().length;
  $('without').parentElement.hidden = !stuck.length;
  write($('which'), stuck.join(', '));
  $('auto').parentElement.hidden = !waits.length || state.line === 'ok';
  $('finish').disabled = finish || state.tab !== 'leader';
  write($('finish'), finish?.phase === 'posting' ? 'Завершаем…' : finish ? 'Ждём отправки…' : 'Завершить тест');
}

const clock = new Clock(perf, () => Date.now());
const store = new Store({
  indexedDB: safely(() => indexedDB), localStorage: safely(() => localStorage), account, session: my.id,
  until: Date.now() + ((my.secondsLeft ?? 0) + my.graceSeconds) * 1000,
});
const line = new Line({
  api: `/api/v1/sessions/${my.id}`, store, clock, perf, random: Math.random,
  fetch: (url, init) => fetch(url, {
    ...init, redirect: 'error', cache: 'no-store', credentials: 'same-origin',
    headers: { Accept: 'application/json', 'X-Diagnostics-Page': '1', ...(init.body && { 'Content-Type': 'application/json' }) },
  }),
  later: (ms, run) => { const id = setTimeout(run, ms); return () => clearTimeout(id); },
  page: {
    changed, signIn,
    say: what => say(announce(what) ?? describe(line.state, perf(), time).text),
    show: ({ slot }) => queueMicrotask(() => { const it = items.get(slot); it.kind.write(it, line.state.slots[slot].value); }),
  },
}, { account, session: my.id, slots, tab: 'follower' });
const tell = (type, more) => line.dispatch({ type, ...more });

// The item that the person was working on before a reload.
const before = Number(location.hash.slice(6));
open(items.has(before) ? before : slots[0], false);
// The arrival of the first byte is taken as the time at which the server wrote the page.
const [{ type: opened, responseStart }] = performance.getEntriesByType('navigation');
clock.set(my.secondsLeft, my.state === 'in_progress', 2 * responseStart - perf());
tell('session', { my });
$('no-module').hidden = true;

const turns = new Turns({
  locks: navigator.locks, channel: safely(() => new BroadcastChannel(`exam-${my.id}`)), id: my.id,
  lead: async () => {
    // If another tab has stored answers since this page was written, those answers are newer than the page's.
    const records = await store.open(Date.now());
    tell('store', { store: store.kind });
    if (records.length) tell('restore', { records });
    tell('tab', { tab: 'leader', fresh: fresh && !records.length });
    fresh = false;
    if (opened === 'reload') line.note({ kind: 'reloaded' });
  },
  follow: () => { fresh = false; tell('tab', { tab: 'follower' }); },
  flush: () => line.flush(),
});
turns.start();

function changed({ session, tab, receipt }) {
  const open = tab === 'leader' && unsent(line.state).length;
  render();
  // Browsers do not keep a page for the "back" button if the page asks before it is closed, so the page asks only while
  // there is something to lose.
  (open ? addEventListener : removeEventListener)('beforeunload', stays);
  if (session === 'over') $('sign-in').close();
  if (left) return;
  // The session was paused when this page was opened, so the page has no items; a reload brings them.
  if (!slots.length && session === 'running' && my.state === 'paused') { left = true; location.reload(); }
  if (receipt?.confirmed && !open) { left = true; remember(flagsKey); location.assign('receipt'); }
}
function stays(event) { event.preventDefault(); event.returnValue = ''; }

// The time left is shown in minutes at first, and in seconds towards the end. It is announced only a few times.
let hidden = remembered('exam-time') === 'hidden', last = clock.left;
function tick() {
  const seconds = clock.left, none = seconds === null || line.state.session === 'over';
  if (clock.jumped()) { say(announce({ what: 'clock' })); tell('hurry'); }
  for (const minutes of [30, 15, 10, 5, 1]) if (last > minutes * 60 && seconds <= minutes * 60) {
    say(announce({ what: 'left', minutes }));
    if (minutes === 5) hidden = false;
  }
  last = seconds;
  if (seconds === 0 && clock.running) tell('timeUp');
  $('left').hidden = hidden || none;
  write($('time'), none ? '' : hidden ? 'Время скрыто' : shape(seconds));
  write($('hide-time'), hidden ? 'показать' : 'скрыть');
  $('hide-time').hidden = none;
  render();
}
function shape(seconds) {
  const whole = Math.ceil(seconds / 60), pad = n => `${Math.floor(n)}`.padStart(2, '0');
  if (seconds <= 600) return `${Math.floor(seconds / 60)}:${pad(seconds % 60)}`;
  return whole >= 60 ? `${Math.floor(whole / 60)} ч ${pad(whole % 60)} мин` : `${whole} мин`;
}
setInterval(tick, 1000);
tick();

// Several events are used to notice that the person leaves or returns, because some browsers send only one of them.
let awaySince = null;
document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' ? away() : back());
addEventListener('pagehide', () => line.leave());
addEventListener('pageshow', event => { if (event.persisted) back(); });
document.addEventListener('resume', back);
addEventListener('online', () => tell('hurry'));
function away() { awaySince = perf(); line.note({ kind: 'focus_lost' }); line.leave(); }
function back() {
  if (awaySince !== null) line.note({ kind: 'focus_gained', note: `${Math.round((perf() - awaySince) / 1000)} с` });
  awaySince = null;
  tell('hurry');
}

function signIn() { if (!$('sign-in').open) $('sign-in').showModal(); }
$('sign-in-form').addEventListener('submit', async event => {
  event.preventDefault();
  const form = event.target, body = new URLSearchParams(new FormData(form));
  let wrong;
  try {
    const answer = await fetch(form.action, { method: 'POST', headers: { Accept: 'application/json' }, body }), { detail, accountId } = await answer.json();
    if (answer.ok) {
      form.reset();
      $('sign-in').close();
      tell('signedIn', { account: accountId });
    } else wrong = detail;
  } catch { wrong = 'Нет связи: войти пока нельзя.'; }
  Object.assign($('sign-in-wrong'), { textContent: wrong, hidden: !wrong });
});

function resize(by = 0) {
  const size = Math.max(100, Math.min(200, (Number(remembered('exam-size')) || 100) + by));
  remember('exam-size', `${size}`);
  document.documentElement.style.fontSize = `${size}%`;
}
resize();
