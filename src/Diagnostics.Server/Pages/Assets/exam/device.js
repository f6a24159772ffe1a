// The exam's time on a device whose own clock means nothing, and which of several tabs may write.

/** Time left by the server's word. `performance.now` stops in sleep and `Date.now` jumps: where they differ, the server is asked. */
export class Clock {
  #perf; #wall; #left = null; #since = 0; #running = false; #seen;

  constructor(perf, wall) {
    this.#perf = perf; this.#wall = wall;
    this.#seen = { perf: perf(), wall: wall() };
  }

  /** @param sent When the question left, by `perf`: half the way there and back is over already. */
  set(secondsLeft, running, sent) {
    const now = this.#perf();
    this.#left = secondsLeft; this.#running = running; this.#since = now - (now - sent) / 2;
  }

  /** Seconds left, never below 0; null where no time is known. */
  get left() {
    if (this.#left === null || this.#left === undefined) return null;
    return Math.max(0, this.#left - (this.#running ? (this.#perf() - this.#since) / 1000 : 0));
  }

  get running() { return this.#running; }

  /** Whether the device slept or its clock was set since the last look. */
  jumped() {
    const now = { perf: this.#perf(), wall: this.#wall() };
    const apart = Math.abs((now.wall - this.#seen.wall) - (now.perf - this.#seen.perf));
    this.#seen = now;
    return apart > 2000;
  }
}

/**
 * One tab of a browser leads and writes; the others show and wait until it closes or yields. Without Web Locks every tab leads,
 * and the server's revisions guard the answers.
 */
export class Turns {
  #locks; #channel; #id; #lead; #follow; #flush; #release = null; #waiting = null;

  /** @param flush Called before the tab yields: what it has must be on the device by then. */
  constructor({ locks, channel, id, lead, follow, flush }) {
    this.#locks = locks; this.#channel = channel; this.#id = `exam-${id}`;
    this.#lead = lead; this.#follow = follow; this.#flush = flush;
    if (channel) channel.onmessage = ({ data }) => { if (data === 'yield') this.#yield(); };
  }

  async start() {
    if (!this.#locks) return this.#lead();
    await new Promise(decided => {
      this.#ask({ ifAvailable: true }, () => decided(), () => { decided(); this.#wait(); });
    });
  }

  /** The person wants to go on here. */
  async takeOver() {
    if (this.#release) return;
    this.#channel?.postMessage('yield');
    await new Promise(resolve => setTimeout(resolve, 3000));
    if (this.#release) return;
    this.#waiting?.abort();
    this.#ask({ steal: true });
  }

  #wait() {
    this.#follow();
    this.#waiting = new AbortController();
    this.#ask({ signal: this.#waiting.signal });
  }

  #ask(options, got = () => {}, none = () => {}) {
    let mine = null;
    this.#locks.request(this.#id, options, lock => {
      if (!lock) return none();
      const held = new Promise(resolve => { this.#release = mine = resolve; });
      this.#lead();
      got();
      return held;
    }).catch(() => {
      // Another tab took the turn by force; or this one stopped waiting in order to take it, and has nothing to give up.
      if (!mine || this.#release !== mine) return;
      this.#release = null;
      this.#wait();
    });
  }

  async #yield() {
    if (!this.#release) return;
    this.#follow();
    await this.#flush();
    const release = this.#release;
    this.#release = null;
    release?.();
    this.#wait();
  }
}
