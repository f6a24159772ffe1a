// Marks one script. The draft is saved as it is typed, and the page says one of three things about it: it is on the
// server, it is on this device, or it is nowhere but on the screen. Keys are read by their place on the keyboard, so
// the layout does not matter.

import { onSignIn, signIn, whoIsHere } from '../sign-in.js';

const $ = id => document.getElementById(id);
const all = (from, what) => [...from.querySelectorAll(what)];
const write = (it, text) => { if (it.textContent !== text) it.textContent = text; };
const perf = () => performance.now();
const safely = get => { try { return get() ?? null; } catch { return null; } };

const page = $('marking'), form = $('marks'), { account, id, print, item, gate, training, shown } = page.dataset;
const criteria = all(form, '.mark-criterion'), radios = it => all(it, 'input[type=radio]');
const KEY = `marks:${account}:${print}`, PAUSE = 700, LONGEST = 2000, CHOICE = 200, HEARD = 20_000, RENEW = 5 * 60_000, SOON = 10 * 60_000;
const BACKOFF = [1000, 2000, 4000, 8000, 15000, 30000];

// ——— What is typed ———

const read = () => ({
  criteria: Object.fromEntries(criteria.map(it => [it.dataset.criterion, radios(it).find(each => each.checked)?.value]).filter(([, value]) => value)),
  comment: $('comment').value, noAnswer: $('no-answer').checked,
});
const same = (a, b) => JSON.stringify(normal(a)) === JSON.stringify(normal(b));
const normal = ({ criteria, comment, noAnswer }) => [Object.entries(criteria).map(([code, points]) => [code, Number(points)]).sort(), comment?.trim() ?? '', noAnswer ?? false];
function show(value) {
  for (const it of criteria) for (const each of radios(it)) each.checked = value.criteria[it.dataset.criterion] !== undefined && Number(each.value) === Number(value.criteria[it.dataset.criterion]);
  $('comment').value = value.comment ?? '';
  $('no-answer').checked = value.noAnswer ?? false;
  sum();
}
const words = value => [...Object.entries(value.criteria).map(([code, points]) => `${code} — ${points}`), value.noAnswer ? 'не приступали' : '', value.comment ?? ''].filter(Boolean).join('\n') || 'пусто';

// ——— The draft on its way ———

let rev = Number(page.dataset.revision), acked = read(), savedAt = null, sending = null, due = 0, first = null, fails = 0, timer = 0;
let heard = -Infinity, line = 'ok', stopped = $('held') ? 'marks-held' : null, other = null, refused = null, kept = true, leaving = false, waiting = [];
// A refused form is shown again with what was typed, which the server does not have.
if (shown) acked = { criteria: {}, comment: '\0' };

/** The device's copy; it holds no word of the answer. */
function keep() {
  const value = read();
  kept = same(value, acked) ? safely(() => { localStorage.removeItem(KEY); return true; }) ?? true
    : safely(() => { localStorage.setItem(KEY, JSON.stringify({ id, value, acked, rev, at: Date.now() })); return true; }) ?? false;
}

function changed(soon) {
  const now = perf();
  first ??= now;
  due = soon ? now + CHOICE : Math.min(now + PAUSE, first + LONGEST);
  refused = null;
  keep();
  sum();
  renew();
  plan();
  render();
}

function plan() {
  clearTimeout(timer);
  if (sending || stopped || other || leaving) return;
  if (same(read(), acked) || refused) return settle();
  timer = setTimeout(send, Math.max(0, due - perf()));
}

const api = (path, method, body) => fetch(`/api/v1/marking/assignments/${id}${path}`, {
  method, redirect: 'error', cache: 'no-store', credentials: 'same-origin',
  signal: 'timeout' in AbortSignal ? AbortSignal.timeout(15_000) : undefined,
  headers: { Accept: 'application/json', 'X-Diagnostics-Page': '1', ...(body && { 'Content-Type': 'application/json' }) }, body: body && JSON.stringify(body),
});

/** What is sent without a definite reply is sent again unchanged: newer marks wait behind it. */
let frozen = null;
async function send() {
  clearTimeout(timer);
  if (sending || stopped || other) return;
  frozen ??= { value: read(), rev };
  const { value } = frozen;
  sending = value; first = null;
  render();
  const answer = await put({ criteria: Object.fromEntries(Object.entries(value.criteria).map(([code, points]) => [code, Number(points)])), comment: value.comment || null, noAnswer: value.noAnswer, revision: frozen.rev });
  sending = null;
  // A script that the server does not know may only be unknown to somebody else who has signed in here.
  if ([403, 404].includes(answer.status) && await whoIsHere() === 401) answer.status = 401;
  took(answer, value);
  keep();
  plan();
  render();
}

async function put(body) {
  try {
    const answer = await api('/draft', 'PUT', body);
    return { status: answer.status, ...(answer.status === 204 ? {} : await answer.json()) };
  } catch { return { status: 0 }; }
}

/** The API's words about a field, with the field's name on the page. */
const named = (detail, field) => detail?.replace(`оле ${field}`, `оле «${$(field)?.labels?.[0]?.firstChild.textContent.trim()}»`);

function took({ status, code, detail, field, current }, value) {
  if (status === 204) {
    rev = frozen.rev + 1; acked = value; frozen = null; fails = 0; line = 'ok'; savedAt = new Date(); heard = perf();
  } else if (status === 412) {
    const theirs = current ?? { criteria: {}, revision: 0 };
    frozen = null; line = 'ok';
    if (same(theirs, read()) || same(theirs, acked)) { rev = theirs.revision; acked = theirs; due = 0; } else conflict(theirs);
  } else if (status === 401) {
    line = 'signedOut';
    due = perf() + 30_000;
    signIn();
    settle(false);
  } else if (status === 409 || status === 403 || status === 404) {
    frozen = null; stopped = code ?? 'gone';
    settle(false);
    gone(detail);
  } else if (status === 422 || status === 413 || status === 400) {
    frozen = null; refused = named(detail, field) ?? 'Так сохранить нельзя.'; line = 'ok';
    settle(false);
  } else {
    line = status ? 'error' : 'down';
    due = perf() + BACKOFF[Math.min(fails++, BACKOFF.length - 1)] * (0.5 + Math.random());
    settle(false);
  }
}

/** Tells whoever waits for the draft whether it is on the server. */
function settle(done = same(read(), acked) && !refused) {
  if (!done && line === 'ok' && !stopped && !other && !refused) return;
  for (const tell of waiting.splice(0)) tell(done);
}

const flush = () => new Promise(tell => {
  waiting.push(tell);
  due = 0;
  other || stopped ? settle(false) : sending ? 0 : plan();
});

function conflict(theirs) {
  other = theirs;
  write($('two-mine'), words(read()));
  write($('two-other'), words(theirs));
  $('two').hidden = false;
  settle(false);
  say('Этот черновик изменён и в другом окне: выберите, какой верен.');
}
function choose(mine) {
  rev = other.revision ?? 0; acked = { criteria: other.criteria, comment: other.comment, noAnswer: other.noAnswer };
  if (!mine) show(acked);
  other = null; due = 0;
  $('two').hidden = true;
  keep(); plan(); render();
  focusOn(todo());
}
$('keep-mine').addEventListener('click', () => choose(true));
$('take-other').addEventListener('click', () => choose(false));

function gone(detail) {
  if (stopped !== 'lease-lapsed') write($('gone-title'), stopped === 'marks-held' ? 'Баллы за эту работу уже выставлены' : detail ?? 'Этой работы у вас больше нет');
  const known = ['lease-lapsed', 'marks-held'].includes(stopped) ? stopped : '';
  for (const it of all($('gone'), '[data-gone]')) it.hidden = it.dataset.gone !== known;
  $('gone').hidden = false;
  say($('gone-title').textContent);
}

// ——— What the page says ———

const clock = new Intl.DateTimeFormat('ru', { hour: '2-digit', minute: '2-digit' });
function render() {
  const clean = same(read(), acked) && !frozen, here = kept ? 'kept' : 'unsaved';
  const lost = 'Не сохранено: не закрывайте страницу';
  const [claim, text] = refused ? ['unsaved', refused]
    : other ? [here, 'Изменено и в другом окне: выберите ниже']
    : stopped === 'marks-held' ? [clean ? 'saved' : here, 'Баллы уже выставлены']
    : stopped ? [clean ? 'saved' : here, clean ? 'Черновик на сервере, но работа уже не у вас' : kept ? 'Работа не у вас. Набранное — на этом устройстве' : lost]
    : clean ? [savedAt || rev ? 'saved' : 'none', savedAt ? `Сохранено в ${clock.format(savedAt)}` : rev ? 'Черновик на сервере' : 'Сохраняется само']
    : line === 'ok' ? ['saving', 'Сохраняется…']
    : !kept ? ['unsaved', lost]
    : ['kept', line === 'signedOut' ? 'Вход закончился. Набранное — на этом устройстве' : line === 'down' ? 'Нет связи. Набранное — на этом устройстве' : 'Сервер занят. Набранное — на этом устройстве'];
  $('state').dataset.claim = claim;
  write($('state-text'), text);
  $('enter').hidden = line !== 'signedOut';
  $('hurry').hidden = clean || line === 'ok' || line === 'signedOut' || stopped;
  (claim === 'saved' || claim === 'none' || leaving ? removeEventListener : addEventListener)('beforeunload', stays);
}
function stays(event) { event.preventDefault(); event.returnValue = ''; }

/** Announced politely; if several messages come at once, only the last is announced. */
let saying;
function say(text) { clearTimeout(saying); saying = setTimeout(() => write($('said'), text), 50); }

/** Whether the gate makes every criterion 0: points for the others are then not needed. */
const closed = () => criteria.some(it => it.dataset.criterion === gate && radios(it).some(each => each.checked && Number(each.value) === 0));

function sum() {
  const marks = criteria.map(it => [it, radios(it).find(each => each.checked)]), given = marks.filter(([, on]) => on);
  const nothing = closed();
  const total = nothing ? 0 : given.reduce((so, [, on]) => so + Math.round(Number(on.value) * 1000), 0) / 1000;
  $('sum-line').hidden = !given.length;
  write($('sum'), `${total}`.replace('.', ','));
  $('gated').hidden = !nothing;
  for (const [it, on] of marks) if (on) it.classList.remove('wants');
}

// ——— The lease ———

let ends = perf() + Number(page.dataset.lease) * 1000, until = page.dataset.until, renewed = perf(), asking = false;
const renew = () => { if (perf() - renewed > RENEW) ask('/lease', 'POST', {}); };
async function ask(path, method, body) {
  if (asking || stopped) return;
  asking = true; renewed = perf();
  try {
    const answer = await api(path, method, body), { leaseUntil, code, detail } = await answer.json();
    if (answer.ok) {
      // Both moments are the server's, so the device's clock does not matter.
      ends += Date.parse(leaseUntil) - Date.parse(until);
      until = leaseUntil;
    } else if (answer.status === 409) {
      stopped = code;
      keep(); gone(detail); render();
    }
  } catch { /* The next input tries again. */ }
  asking = false;
}
function tick() {
  const left = ends - perf(), soon = left < SOON && !stopped;
  $('lease').dataset.soon = soon ? 'yes' : '';
  write($('lease-text'), stopped ? '' : soon ? `Работа у вас ещё ${Math.max(0, Math.ceil(left / 60_000))} мин: продлится, как только вы продолжите` : '');
  // The server decides whether the time is over; this question prolongs nothing.
  if (left <= 0 && perf() - renewed > 20_000) ask('', 'GET');
}
setInterval(tick, 5000);

// ——— Acts ———

form.addEventListener('input', event => {
  const at = event.target;
  if (at.id === 'no-answer' && at.checked) for (const it of criteria) for (const each of radios(it)) each.checked = Number(each.value) === 0;
  if (at.type === 'radio' && Number(at.value) !== 0) $('no-answer').checked = false;
  changed(at.type !== 'textarea');
  if (at.name === `m-${gate}` && closed()) say('Всего 0: остальные критерии можно не оценивать.');
});
// Enter on a radio would press the first button of the form.
form.addEventListener('keydown', event => { if (event.key === 'Enter' && event.target.matches('input')) event.preventDefault(); });

form.addEventListener('submit', async event => {
  if (leaving) return;
  event.preventDefault();
  const button = event.submitter ?? $('next');
  if (button.getAttribute('aria-disabled') === 'true') return;
  $('not-sent').hidden = true;
  const missing = $('no-answer').checked || closed() ? null : criteria.find(it => !radios(it).some(each => each.checked));
  if (missing) {
    missing.classList.add('wants');
    refuse(`Нет балла по критерию ${missing.dataset.criterion}.`);
    return focusOn(missing);
  }
  button.setAttribute('aria-disabled', 'true');
  const there = await flush() && await signedIn();
  button.removeAttribute('aria-disabled');
  if (!there) return refuse(stopped ? stopped === 'marks-held' ? 'Не выставлено: баллы за эту работу уже выставлены.' : 'Не выставлено: работа уже не у вас.' : other ? 'Не выставлено: сначала выберите, какой черновик верен.' : refused ? refused
    : line === 'signedOut' ? 'Не выставлено: войдите снова. Набранное на месте.' : 'Не выставлено: нет связи. Набранное на этом устройстве, повторите, когда связь вернётся.');
  leaving = true;
  $('revision').value = rev;
  render();
  // When the draft was already there, the press itself is still being handled, and until that ends the browser ignores
  // another submission.
  await new Promise(ended => setTimeout(ended));
  form.requestSubmit(button);
});
function refuse(text) { write($('not-sent'), text); $('not-sent').hidden = false; }
/** A draft that has just been saved also says who is here; were the sign-in to end now, the draft would still be there. */
async function signedIn() {
  if (perf() - heard < HEARD) return true;
  const status = await whoIsHere();
  if (status && status !== 401) return true;
  line = status ? 'signedOut' : 'down';
  if (status) signIn();
  render();
  return false;
}
addEventListener('pageshow', event => { if (event.persisted) location.reload(); });
addEventListener('online', () => { due = 0; plan(); });
document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'hidden') { keep(); due = 0; } plan(); });

$('enter').addEventListener('click', signIn);
$('hurry').addEventListener('click', () => { due = 0; plan(); });
onSignIn(() => { line = 'ok'; due = 0; $('not-sent').hidden = true; plan(); render(); });

// ——— Keys ———

let at = null;
const unmarked = it => !radios(it).some(each => each.checked);
const next = (from = null) => {
  const start = from ? criteria.indexOf(from) + 1 : 0;
  return [...criteria.slice(start), ...criteria.slice(0, start)].find(unmarked) ?? null;
};
/** The next criterion that wants points; null when the marks can be given. */
const todo = (from = null) => closed() ? null : next(from);
function focusOn(it, options) {
  const to = it ? radios(it).find(each => each.checked) ?? radios(it)[0] : $('next');
  at = it ?? at;
  to.focus(options);
}
form.addEventListener('focusin', event => { at = event.target.closest('.mark-criterion') ?? at; });

function point(digit) {
  const it = at ?? next() ?? criteria[0], radio = radios(it).find(each => each.dataset.digit === digit);
  if (!radio) return;
  radio.checked = true;
  radio.dispatchEvent(new Event('input', { bubbles: true }));
  say(`${it.dataset.criterion}: ${radio.labels[0].querySelector('strong').textContent}. Всего ${$('sum').textContent}.${closed() ? ' Остальные критерии можно не оценивать.' : ''}`);
  focusOn(todo(it));
  // With every criterion marked, a further digit corrects the last one.
  at = next(it) ?? it;
}
const open = name => {
  const it = $(name);
  if (!it) return;
  it.open = !it.open;
  remember(name, it.open);
  it.querySelector('summary').focus();
};
/** The form of passing the script on lies below the marks, so opening it brings it into view. */
function passOn() {
  $('pass').scrollIntoView({ block: 'start' });
  $('pass').querySelector('input:checked, input[type=radio]').focus({ preventScroll: true });
}
$('pass').querySelector('summary').addEventListener('click', () => setTimeout(() => { if ($('pass').open) passOn(); }));
const by = step => focusOn(criteria[Math.max(0, Math.min(criteria.length - 1, criteria.indexOf(at ?? criteria[0]) + (at ? step : 0)))]);
const KEYS = {
  KeyJ: () => by(1), KeyK: () => by(-1), KeyC: () => $('comment').focus(), KeyX: () => $('no-answer').click(),
  KeyS: () => open('solution'), KeyE: () => open('exemplars'), KeyT: () => open('stimulus'), KeyR: () => $('answer').focus(),
  KeyD: () => $('alike')?.click(),
  KeyF: () => $('pass').querySelector('summary').click(), KeyG: () => $('back')?.focus(),
};
const on = $('keys-on'), ON = `marking-keys:${account}`;
on.checked = safely(() => localStorage.getItem(ON)) !== 'off';
on.addEventListener('change', () => safely(() => localStorage.setItem(ON, on.checked ? 'on' : 'off')));
const help = () => $('keys').showModal();
$('show-keys').addEventListener('click', help);
$('keys-close').addEventListener('click', () => $('keys').close());

document.addEventListener('keydown', event => {
  if (event.isComposing || document.querySelector('dialog[open]')) return;
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    if (!event.repeat && !event.target.closest('#pass')) $('next').click();
    return;
  }
  if (event.key === 'Escape' && event.target.id === 'comment') return focusOn(at ?? next() ?? criteria[0]);
  if (event.ctrlKey || event.metaKey || event.altKey || event.getModifierState('AltGraph') || event.repeat || !on.checked) return;
  if (event.target.matches('input[type=text], input[type=password], textarea, select, [contenteditable]')) return;
  if (event.key === '?' || (event.code === 'Digit7' && event.shiftKey && event.key === '?')) { event.preventDefault(); return help(); }
  if (event.shiftKey) return;
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1];
  const act = digit ? () => point(digit) : KEYS[event.code];
  if (!act) return;
  event.preventDefault();
  act();
});

// ——— What stays open ———

const folds = `marking-open:${account}:${item}`;
const opened = () => new Set(safely(() => JSON.parse(localStorage.getItem(folds))) ?? []);
function remember(name, shown) {
  const now = opened();
  shown ? now.add(name) : now.delete(name);
  safely(() => localStorage.setItem(folds, JSON.stringify([...now])));
}
for (const name of ['stem', 'stimulus', 'solution', 'exemplars']) {
  if (!$(name)) continue;
  // Where the answer stands above the criteria, a task that is open would push both off the first screen.
  $(name).open = opened().has(name) || (name === 'stem' && matchMedia('(min-width: 56.25rem)').matches);
  $(name).querySelector('summary').addEventListener('click', () => setTimeout(() => remember(name, $(name).open)));
}

// ——— The beginning: on a small screen the answer stays in view ———

$('by-hand').querySelector('button').hidden = true;
$('show-keys').hidden = false;
const before = safely(() => JSON.parse(localStorage.getItem(KEY)));
if (before && !same(before.value, read())) {
  // The server has what it had when this was typed, perhaps under another claim of the same answer: what was typed here is newer.
  const fresh = same(before.acked, read()) || (before.id !== id && rev === 0 && same(read(), { criteria: {} }));
  show(before.value);
  if (fresh) { due = 0; say('Набранное раньше на этом устройстве восстановлено.'); }
  else conflict({ ...acked, revision: rev });
}
sum();
tick();
keep();
plan();
render();
if ($('held')) {
  // The browser would scroll to where the page was left, with the notice under the bar.
  history.scrollRestoration = 'manual';
  $('held').querySelector('button').focus({ preventScroll: true });
  $('held').scrollIntoView();
} else if (!$('errors')) $('pass').open ? $('reason').focus() : focusOn(todo(), { preventScroll: true });
