import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../clock.js';

/**
 * Real time that never passes a moment for which someone waits before they are awake: a busy
 * machine makes nobody late.
 */
export function steadyClock(): Clock {
  let time = 0;
  let seen = performance.now();
  const awaited = new Set<{ moment: number }>();
  const now = () => {
    const real = performance.now();
    const limit = Math.min(...[...awaited].map(({ moment }) => Math.max(time, moment)));
    time = Math.min(time + real - seen, limit);
    seen = real;
    return time;
  };
  return {
    now,
    until: async (moment) => {
      const waiter = { moment };
      awaited.add(waiter);
      do await delay(Math.max(0, moment - time));
      while (now() < moment);
      // Whoever is awake now acts at this moment, however long the machine takes for that.
      setImmediate(() => awaited.delete(waiter));
    },
  };
}
