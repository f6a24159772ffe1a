// The device's memory, on an IndexedDB that can be cut off, filled, emptied and refused.
import test from 'node:test';
import assert from 'node:assert/strict';
import { Store } from '../../src/Diagnostics.Server/Pages/Assets/exam/line.js';
import { Turns } from '../../src/Diagnostics.Server/Pages/Assets/exam/line.js';

const record = (slot, edit, text = `${edit}`) => ({ slot, edit, value: { type: 'short_answer', text } });
const soon = () => new Promise(setImmediate);
const fault = name => Object.assign(new Error(name), { name });

globalThis.DOMException ??= class extends Error {};
globalThis.IDBKeyRange = { bound: (from, to) => ({ has: key => compare(key, from) >= 0 && compare(key, to) <= 0 }) };
const compare = (a, b) => { for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return a[at] < b[at] ? -1 : 1; return 0; };

/** The part of IndexedDB that the store uses. `fails` takes the name of the next fault. */
class Indexed {
  data = { slots: new Map(), aside: new Map() }; opens = 0; fails = []; refuses = false; silent = false; #next = 1;

  open() {
    this.opens++;
    const request = {};
    if (this.silent) return request;
    setImmediate(() => {
      if (this.refuses) { request.error = fault('SecurityError'); return request.onerror(); }
      request.result = { transaction: (_, mode) => this.#transaction(mode), createObjectStore() {}, close() {} };
      request.onsuccess();
    });
    return request;
  }

  #transaction() {
    const name = this.fails.shift();
    if (name === 'InvalidStateError') throw fault(name);
    const transaction = { error: name ? fault(name) : null, objectStore: store => this.#store(store, run) };
    let waiting = 0, done = false;
    const before = new Map(Object.entries(this.data).map(([store, map]) => [store, new Map(map)]));
    const settle = () => setImmediate(() => {
      if (waiting || done) return;
      done = true;
      if (name) { for (const [store, map] of before) this.data[store] = map; transaction.onabort?.(); } else transaction.oncomplete?.();
    });
    const run = work => {
      const request = {};
      waiting++;
      setImmediate(() => { waiting--; request.result = work(); request.onsuccess?.(); settle(); });
      return request;
    };
    settle();
    return transaction;
  }

  #store(name, run) {
    const map = () => this.data[name], key = value => JSON.stringify([value.account, value.session, value.slot]);
    const within = range => [...map().entries()].filter(([at]) => range.has(JSON.parse(at)));
    return {
      put: value => run(() => { map().set(key(value), structuredClone(value)); }),
      add: value => run(() => { map().set(this.#next++, structuredClone(value)); }),
      getAll: range => run(() => within(range).map(([, value]) => structuredClone(value))),
      count: range => run(() => within(range).length),
      delete: range => run(() => { for (const [at] of within(range)) map().delete(at); }),
      clear: () => run(() => map().clear()),
      openCursor: () => {
        const entries = [...map().entries()];
        let at = 0;
        const request = {};
        const give = () => run(() => {}).onsuccess = () => {
          request.result = at < entries.length ? { value: entries[at][1], delete: () => map().delete(entries[at - 1][0]), continue: give } : null;
          at++;
          request.onsuccess();
        };
        give();
        return request;
      },
    };
  }
}

class Local {
  map = new Map(); refuses = false;
  get length() { return this.map.size; }
  key(at) { return [...this.map.keys()][at]; }
  getItem(key) { return this.map.get(key) ?? null; }
  setItem(key, value) { if (this.refuses) throw fault('QuotaExceededError'); this.map.set(key, value); }
  removeItem(key) { this.map.delete(key); }
}

const make = (indexedDB, localStorage, account = 'a', session = 's') => new Store({ indexedDB, localStorage, account, session, until: 1e12 });

test('what is put is there for the same person after a reload, and for nobody else', async () => {
  const indexed = new Indexed(), local = new Local(), store = make(indexed, local);
  await store.open(0);
  assert.equal(await store.put(record(1, 1)), true);
  assert.deepEqual((await make(indexed, local).open(0)).map(each => each.value.text), ['1']);
  assert.deepEqual(await make(indexed, local, 'b').open(0), []);
  assert.deepEqual(await make(indexed, local, 'a', 'other').open(0), []);
});

for (const name of ['InvalidStateError', 'AbortError', 'UnknownError'])
  test(`SM-35 a connection that died of ${name} is opened again and the write repeated once`, async () => {
    const indexed = new Indexed(), store = make(indexed, new Local());
    await store.open(0);
    const { opens } = indexed;
    indexed.fails = [name];
    assert.equal(await store.put(record(1, 1)), true);
    assert.equal(store.kind, 'idb');
    assert.equal(indexed.opens, opens + 1);
  });

test('SM-35 a connection that stays dead leaves the rest to localStorage, and the next write tries again', async () => {
  const indexed = new Indexed(), local = new Local(), store = make(indexed, local);
  await store.open(0);
  indexed.fails = ['AbortError', 'AbortError'];
  assert.equal(await store.put(record(1, 1)), true);
  assert.equal(store.kind, 'ls');
  assert.equal(await store.put(record(1, 2)), true);
  assert.equal(store.kind, 'idb');
  assert.equal(local.length, 0, 'of two copies only the later is left');
});

test('SM-33 a browser that refuses IndexedDB keeps answers in localStorage, and one that refuses both says so', async () => {
  const indexed = new Indexed(), local = new Local();
  indexed.refuses = true;
  const store = make(indexed, local);
  await store.open(0);
  assert.equal(store.kind, 'ls');
  assert.equal(await store.put(record(1, 1)), true);
  assert.deepEqual((await make(indexed, local).open(0)).map(each => each.edit), [1]);
  local.refuses = true;
  assert.equal(await store.put(record(1, 2)), false);
  assert.equal(store.kind, 'none');
  const nothing = make(null, null);
  await nothing.open(0);
  assert.equal(nothing.kind, 'none');
});

test('SM-33 a browser that neither opens nor refuses is not waited for', async () => {
  const indexed = new Indexed(), store = make(indexed, new Local());
  indexed.silent = true;
  await store.open(0);
  assert.equal(store.kind, 'ls');
});

test('SM-34 a full device gives up what was put aside first, then takes localStorage', async () => {
  const indexed = new Indexed(), store = make(indexed, new Local());
  await store.open(0);
  await store.aside({ slot: 1, value: null });
  indexed.fails = ['QuotaExceededError'];
  assert.equal(await store.put(record(1, 1)), true);
  assert.equal(store.kind, 'idb');
  assert.equal(indexed.data.aside.size, 0);
  indexed.fails = ['QuotaExceededError', 'QuotaExceededError', 'QuotaExceededError'];
  assert.equal(await store.put(record(1, 2)), true);
  assert.equal(store.kind, 'ls');
});

test('SM-36 a store emptied under the page is written again with the next answer', async () => {
  const indexed = new Indexed(), store = make(indexed, new Local());
  await store.open(0);
  for (const slot of [1, 2, 3]) await store.put(record(slot, 1));
  indexed.data.slots.clear();
  await store.put(record(2, 2));
  assert.deepEqual((await make(indexed, new Local()).open(0)).map(each => [each.slot, each.edit]).sort(), [[1, 1], [2, 2], [3, 1]]);
});

test('SM-29 the last second of a page that vanished is merged by the number of edits', async () => {
  const indexed = new Indexed(), local = new Local(), store = make(indexed, local);
  await store.open(0);
  await store.put(record(1, 5));
  store.mirror([record(1, 6), record(2, 1)]);
  assert.deepEqual((await make(indexed, local).open(0)).map(each => [each.slot, each.edit]).sort(), [[1, 6], [2, 1]]);
});

test('a session is forgotten in both places, and a week after its end by itself', async () => {
  const indexed = new Indexed(), local = new Local(), store = make(indexed, local);
  await store.open(0);
  await store.put(record(1, 1));
  store.mirror([record(2, 1)]);
  await store.aside({ slot: 1, value: null });
  await store.erase();
  assert.equal(indexed.data.slots.size + indexed.data.aside.size + local.length, 0);
  await store.put(record(1, 1));
  await make(indexed, local, 'a', 'later').open(1e12 + 8 * 24 * 3600 * 1000);
  for (let n = 0; n < 20; n++) await soon();
  assert.equal(indexed.data.slots.size, 0);
});

/** Web Locks of one browser. */
class Locks {
  #held = null; #queue = [];

  request(name, options, work) {
    return new Promise((resolve, reject) => {
      const entry = { work, resolve, reject };
      if (options.steal && this.#held) { this.#held.reject(fault('AbortError')); this.#held = null; }
      if (this.#held && options.ifAvailable) { resolve(work(null)); return; }
      options.signal?.addEventListener('abort', () => { this.#queue = this.#queue.filter(each => each !== entry); reject(fault('AbortError')); });
      if (this.#held) this.#queue.push(entry); else this.#give(entry);
    });
  }

  async #give(entry) {
    this.#held = entry;
    const result = await entry.work({});
    if (this.#held !== entry) return;
    entry.resolve(result);
    this.#held = null;
    const first = this.#queue.shift();
    if (first) this.#give(first);
  }
}

class Channel {
  static all = [];
  constructor() { Channel.all.push(this); }
  postMessage(data) { for (const other of Channel.all) if (other !== this) setImmediate(() => other.onmessage?.({ data })); }
}

const tab = locks => {
  const it = { is: null, flushed: 0 };
  it.turns = new Turns({ locks, channel: new Channel(), id: 's', lead: () => { it.is = 'leader'; }, follow: () => { it.is = 'follower'; }, flush: async () => { it.flushed++; } });
  return it;
};
const until = async happened => { for (let n = 0; n < 500 && !happened(); n++) await new Promise(resolve => setTimeout(resolve, 10)); assert.ok(happened()); };

test('SM-30 of two tabs one writes; the other takes over when the person says so, and the first gives up what it has', async () => {
  const locks = new Locks(), first = tab(locks), second = tab(locks);
  await first.turns.start();
  await second.turns.start();
  assert.deepEqual([first.is, second.is], ['leader', 'follower']);
  second.turns.takeOver();
  await until(() => second.is === 'leader' && first.is === 'follower');
  assert.equal(first.flushed, 1);
});

test('SM-30 a tab that does not answer is overruled', async () => {
  const locks = new Locks(), first = tab(locks), second = tab(locks);
  await first.turns.start();
  await second.turns.start();
  Channel.all = [];
  second.turns.takeOver();
  await until(() => second.is === 'leader' && first.is === 'follower');
});

test('without Web Locks every tab writes, and revisions guard the answers', async () => {
  const only = tab(undefined);
  await only.turns.start();
  assert.equal(only.is, 'leader');
});
