// What this device remembers of a running test: in IndexedDB, and in localStorage where that is refused or has no time.
// The texts of items are never stored here. A record belongs to an account: another person who signs in reads none of it.

const NAME = 'exam', WEEK = 7 * 24 * 3600 * 1000, OPENING = 3000;
// A browser cuts the connections of tabs that slept; the next one works.
const TRY_AGAIN = ['InvalidStateError', 'AbortError', 'UnknownError'];

export class Store {
  /** 'idb' | 'ls' | 'none': where the last record went. */
  kind = 'idb';
  #db = null; #indexed; #local; #owner; #until; #known = new Map(); #erased = 0;

  /** @param until When the test's time ends by the device's clock, in milliseconds; a week later its records may go. */
  constructor({ indexedDB, localStorage, account, session, until }) {
    this.#indexed = indexedDB; this.#local = localStorage; this.#owner = { account, session }; this.#until = until;
  }

  /** Everything that is kept of this session, of two copies the later one; and where records can be kept. */
  async open(now) {
    let records = [];
    try {
      records = await this.#run('readonly', slots => asked(slots.getAll(this.#range())));
      this.#purge(now).catch(() => {});
    } catch { this.#indexed = null; }
    for (const record of this.#mirrored()) {
      const at = records.findIndex(each => each.slot === record.slot);
      if (at < 0) records.push(record);
      else if (records[at].edit < record.edit) records[at] = record;
    }
    for (const record of records) this.#known.set(record.slot, record);
    this.kind = this.#indexed ? 'idb' : this.#localWorks() ? 'ls' : 'none';
    return records;
  }

  /** @returns Whether the device has it now. */
  async put(record) {
    const whole = { ...record, ...this.#owner, until: this.#until, v: 1 }, erased = this.#erased;
    this.#known.set(record.slot, whole);
    if (this.#indexed) {
      try {
        await this.#write(whole);
        this.kind = 'idb';
        this.#forget(record.slot);
        return true;
      } catch (fault) {
        if (fault.name === 'QuotaExceededError') {
          try {
            await this.#run('readwrite', (_, aside) => asked(aside.clear()));
            await this.#write(whole);
            this.kind = 'idb';
            return true;
          } catch { /* What is left is localStorage. */ }
        }
      }
    }
    if (erased !== this.#erased) return false;
    this.kind = this.#mirror(whole) ? 'ls' : 'none';
    return this.kind === 'ls';
  }

  /** At once, for a page that is about to vanish. */
  mirror(records) { for (const record of records) this.#mirror({ ...record, ...this.#owner, until: this.#until, v: 1 }); }

  async aside(entry) {
    try { await this.#run('readwrite', (_, aside) => asked(aside.add({ ...entry, ...this.#owner, until: this.#until }))); } catch { /* A copy more, not the answer. */ }
  }

  /** Forgets the session. */
  async erase() {
    this.#erased++;
    this.#known.clear();
    for (const { slot } of this.#mirrored()) this.#forget(slot);
    if (!this.#indexed) return;
    try {
      await this.#run('readwrite', async (slots, aside) => {
        slots.delete(this.#range());
        await each(aside, value => value.session === this.#owner.session && value.account === this.#owner.account);
      });
    } catch { /* A week after its end it goes by itself. */ }
  }

  #write(record) {
    return this.#run('readwrite', async slots => {
      await asked(slots.put(record));
      // Emptied under us («очистить данные», eviction): what the page still knows is written again.
      if (await asked(slots.count(this.#range())) < this.#known.size) for (const known of this.#known.values()) slots.put(known);
    });
  }

  async #purge(now) {
    await this.#run('readwrite', async (slots, aside) => {
      await each(slots, value => value.until + WEEK < now);
      await each(aside, value => value.until + WEEK < now);
    });
  }

  #range() {
    const { account, session } = this.#owner;
    return globalThis.IDBKeyRange.bound([account, session, 0], [account, session, 1e6]);
  }

  async #run(mode, work) {
    if (!this.#indexed) throw new DOMException('', 'NotFoundError');
    try {
      return await this.#once(mode, work);
    } catch (fault) {
      if (!TRY_AGAIN.includes(fault?.name)) throw fault;
      this.#db = null;
      return await this.#once(mode, work);
    }
  }

  async #once(mode, work) {
    this.#db ??= await opened(this.#indexed);
    const transaction = this.#db.transaction(['slots', 'aside'], mode, { durability: 'strict' });
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
    try { this.#local.setItem(this.#key(record.slot), JSON.stringify(record)); return true; } catch { return false; }
  }

  #forget(slot) { try { this.#local.removeItem(this.#key(slot)); } catch { /* Nothing there to forget. */ } }

  #mirrored() {
    const found = [];
    try {
      for (let at = 0; at < this.#local.length; at++) {
        const key = this.#local.key(at);
        if (key.startsWith(this.#key(''))) found.push(JSON.parse(this.#local.getItem(key)));
      }
    } catch { /* Refused: then nothing was written either. */ }
    return found;
  }

  #localWorks() {
    try {
      this.#local.setItem('exam:?', '1');
      this.#local.removeItem('exam:?');
      return true;
    } catch { return false; }
  }
}

const asked = request => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

/** Deletes what the question says yes to. */
const each = (store, goes) => new Promise((resolve, reject) => {
  const request = store.openCursor();
  request.onerror = () => reject(request.error);
  request.onsuccess = () => {
    const cursor = request.result;
    if (!cursor) return resolve();
    if (goes(cursor.value)) cursor.delete();
    cursor.continue();
  };
});

const opened = indexed => new Promise((resolve, reject) => {
  // Some browsers neither open nor refuse.
  const never = setTimeout(() => reject(new DOMException('', 'TimeoutError')), OPENING);
  const request = indexed.open(NAME, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore('slots', { keyPath: ['account', 'session', 'slot'] });
    request.result.createObjectStore('aside', { autoIncrement: true });
  };
  request.onerror = () => { clearTimeout(never); reject(request.error); };
  request.onsuccess = () => {
    clearTimeout(never);
    request.result.onversionchange = () => request.result.close();
    resolve(request.result);
  };
});
