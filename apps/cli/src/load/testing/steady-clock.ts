import { performance } from 'node:perf_hooks';
import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../../clock.js';

const STEP_MS = 1;

/**
 * Real time without the pauses of a busy machine: whatever happens between two turns of the event
 * loop counts as a millisecond at most.
 */
export function steadyClock(): Clock {
  let time = 0;
  let seen = performance.now();
  const now = () => {
    const real = performance.now();
    time += Math.min(STEP_MS, real - seen);
    seen = real;
    return time;
  };
  return {
    now,
    until: async (moment) => {
      do await turn();
      while (now() < moment);
    },
  };
}
