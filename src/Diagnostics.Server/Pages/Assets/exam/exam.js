// The running test put together: page, line, store, clock, tabs.
import { unsent } from './machine.js';
import { announce } from './words.js';
import { Line, unsentFile } from './line.js';
import { Store } from './store.js';
import { Clock, Turns } from './device.js';
import { Page } from './page.js';

const $ = id => document.getElementById(id);
const { account, my } = JSON.parse($('exam').dataset.page);
const zone = $('exam').dataset.zone, flagsKey = `exam-flags:${my.id}`, api = `/api/v1/sessions/${my.id}`;
const remembered = key => { try { return localStorage.getItem(key); } catch { return null; } };
const remember = (key, value) => { try { if (value) localStorage.setItem(key, value); else localStorage.removeItem(key); } catch { /* A convenience, no answer. */ } };

const perf = () => performance.now(), clock = new Clock(perf, () => Date.now());
const hours = new Intl.DateTimeFormat('ru', { hour: '2-digit', minute: '2-digit', timeZone: zone });
const send = (url, init) => fetch(url, {
  ...init, redirect: 'error', cache: 'no-store', credentials: 'same-origin',
  headers: { Accept: 'application/json', 'X-Diagnostics-Page': '1', ...(init.body && { 'Content-Type': 'application/json' }) },
});
const later = (ms, run) => { const id = setTimeout(run, ms); return () => clearTimeout(id); };

const flags = new Set(JSON.parse(remembered(flagsKey) ?? '[]'));
const stays = event => { event.preventDefault(); event.returnValue = ''; };
let line, turns, first = true, asks = false, left = false;
const page = new Page({
  time: at => hours.format(new Date(at)), flags,
  does: {
    input: (slot, value, text) => line.dispatch({ type: 'input', slot, value, text }),
    choose: (slot, mine) => line.dispatch({ type: 'choose', slot, mine }),
    finish: (auto, without) => line.dispatch({ type: 'finish', auto, without }),
    stay: () => line.dispatch({ type: 'stay' }),
    hurry: () => line.dispatch({ type: 'hurry' }),
    takeOver: () => turns.takeOver(),
    signIn: () => { if (!$('sign-in').open) $('sign-in').showModal(); },
    save: saveFile,
    flag: (slot, on) => {
      if (on) flags.add(slot); else flags.delete(slot);
      remember(flagsKey, JSON.stringify([...flags]));
      page.render(line.state);
    },
  },
});

const store = new Store({
  indexedDB: safely(() => indexedDB), localStorage: safely(() => localStorage), account, session: my.id,
  until: Date.now() + ((my.secondsLeft ?? 0) + my.graceSeconds) * 1000,
});
function safely(get) { try { return get() ?? null; } catch { return null; } }

line = new Line({
  fetch: send, store, clock, perf, later, random: Math.random,
  urls: { session: api, finish: `${api}/finish`, events: `${api}/events`, response: slot => `${api}/responses/${slot}` },
  page: {
    changed,
    say: what => page.say(announce(what)),
    show: slot => queueMicrotask(() => page.show(slot, line.state.slots[slot].value)),
    signIn: () => { if (!$('sign-in').open) $('sign-in').showModal(); },
  },
}, { account, session: my.id, slots: page.slots, tab: 'follower' });

// The server wrote the page when its first byte came.
const written = performance.getEntriesByType('navigation')[0]?.responseStart ?? 0;
clock.set(my.secondsLeft ?? undefined, my.state === 'in_progress', 2 * written - perf());
line.dispatch({ type: 'session', my });
$('no-module').hidden = true;

turns = new Turns({
  locks: navigator.locks, channel: 'BroadcastChannel' in window ? new BroadcastChannel(`exam-${my.id}`) : null, id: my.id,
  lead: async () => {
    // What another tab has kept since this page was written is newer than the page.
    const records = await store.open(Date.now());
    line.dispatch({ type: 'store', store: store.kind });
    if (records.length) line.dispatch({ type: 'restore', records });
    line.dispatch({ type: 'tab', tab: 'leader', fresh: first && !records.length });
    first = false;
    if (performance.getEntriesByType('navigation')[0]?.type === 'reload') line.note('reloaded');
  },
  follow: () => { first = false; line.dispatch({ type: 'tab', tab: 'follower' }); },
  flush: () => line.flush(),
});
turns.start();

function changed(state) {
  if (!line) return;
  page.render(state);
  const open = unsent(state).length > 0 && state.tab === 'leader';
  if (open !== asks) {
    asks = open;
    if (open) addEventListener('beforeunload', stays); else removeEventListener('beforeunload', stays);
  }
  // Paused when it was opened: the items come with the page.
  if (page.slots.length === 0 && state.session === 'running' && my.state === 'paused' && !left) { left = true; location.reload(); }
  if (state.receipt?.confirmed && !open && !left) { left = true; remember(flagsKey, null); location.assign('receipt'); }
  if (state.session === 'running' || state.session === 'paused') return;
  if (state.session === 'over' && $('sign-in').open) $('sign-in').close();
}

// The time: minutes while there are many, seconds towards the end; said aloud at a few moments only.
let hidden = remembered('exam-time') === 'hidden', before = clock.left;
function tick() {
  const seconds = clock.left;
  if (clock.jumped()) { page.say(announce({ what: 'clock' })); line.dispatch({ type: 'hurry' }); line.dispatch({ type: 'wake' }); }
  if (seconds !== null) {
    for (const minutes of [30, 15, 10, 5, 1])
      if (before > minutes * 60 && seconds <= minutes * 60) { page.say(announce({ what: 'left', minutes })); if (minutes === 5) hidden = false; }
    before = seconds;
    if (seconds === 0 && clock.running && line.state.session === 'running') line.dispatch({ type: 'timeUp' });
  }
  $('left').hidden = hidden || seconds === null || line.state.session === 'over';
  $('time').textContent = line.state.session === 'over' || seconds === null ? '' : hidden ? 'Время скрыто' : shape(seconds);
  $('hide-time').textContent = hidden ? 'показать' : 'скрыть';
  $('hide-time').hidden = seconds === null || line.state.session === 'over';
  page.render(line.state);
}
function shape(seconds) {
  const whole = Math.ceil(seconds / 60), pad = n => String(n).padStart(2, '0');
  if (seconds <= 600) return `${Math.floor(seconds / 60)}:${pad(Math.floor(seconds % 60))}`;
  return whole >= 60 ? `${Math.floor(whole / 60)} ч ${pad(whole % 60)} мин` : `${whole} мин`;
}
$('hide-time').addEventListener('click', () => { hidden = !hidden; remember('exam-time', hidden ? 'hidden' : null); tick(); });
setInterval(tick, 1000);
tick();

// Leaving and coming back; each of these is the only one that some browser sends.
document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' ? away() : back());
addEventListener('pagehide', () => line.leave());
addEventListener('pageshow', event => { if (event.persisted) back(); });
document.addEventListener('resume', back);
addEventListener('online', () => line.dispatch({ type: 'hurry' }));
let awaySince = null;
function away() { awaySince = perf(); line.note('focus_lost'); line.leave(); }
function back() {
  if (awaySince !== null) line.note('focus_gained', `${Math.round((perf() - awaySince) / 1000)} с`);
  awaySince = null;
  line.dispatch({ type: 'hurry' });
  line.dispatch({ type: 'wake' });
}

$('sign-in-later').addEventListener('click', () => $('sign-in').close());
$('sign-in-form').addEventListener('submit', async event => {
  event.preventDefault();
  const wrong = $('sign-in-wrong');
  try {
    const answer = await fetch(event.target.action, { method: 'POST', headers: { Accept: 'application/json' }, body: new URLSearchParams(new FormData(event.target)) });
    const body = await answer.json();
    wrong.hidden = answer.ok;
    if (!answer.ok) { wrong.textContent = body.detail; return; }
    event.target.reset();
    $('sign-in').close();
    line.dispatch({ type: 'signedIn', account: body.accountId });
  } catch {
    wrong.hidden = false;
    wrong.textContent = 'Нет связи: войти пока нельзя. Ответы хранятся на этом устройстве.';
  }
});

const SIZES = [100, 112, 125, 150, 175, 200];
function resize(by) {
  const now = SIZES.indexOf(Number(remembered('exam-size') ?? 100)), to = SIZES[Math.max(0, Math.min(SIZES.length - 1, now + by))];
  remember('exam-size', to === 100 ? null : String(to));
  for (const size of SIZES) document.documentElement.classList.toggle(`size-${size}`, size === to);
}
$('smaller').addEventListener('click', () => resize(-1));
$('larger').addEventListener('click', () => resize(1));
resize(0);

function saveFile() {
  const url = URL.createObjectURL(new Blob([unsentFile(line.state, new Date().toISOString())], { type: 'application/json' }));
  const link = Object.assign(document.createElement('a'), { href: url, download: `otvety-${my.id.slice(0, 8)}.json` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}
