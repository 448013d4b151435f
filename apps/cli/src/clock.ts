import { performance } from 'node:perf_hooks';
import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';

/** Time as a command sees it; tests put their own in. */
export interface Clock {
  /** Milliseconds. */
  now(): number;
  /** Waits until a moment, at least one turn of the event loop, and never ends early. */
  until(moment: number): Promise<void>;
}

/** What a timer needs at most to be late. */
const TICK_MS = 2;
/** Who waits this long may spend the last tick turning the event loop instead. */
const LONG_WAIT_MS = 10;

export const realClock: Clock = {
  now: () => performance.now(),
  until: async (moment) => {
    const wait = moment - performance.now();
    if (wait >= LONG_WAIT_MS) {
      await delay(wait - TICK_MS);
      while (performance.now() < moment) await turn();
    } else if (wait > 0) {
      // Timers cut fractions off, and a request sent early would look faster than it was.
      await delay(Math.ceil(wait));
      if (performance.now() < moment) await delay(1);
    } else {
      await turn();
    }
  },
};
