import type { Clock } from '../../clock.js';
import type { Reply, Send } from '../sender.js';

const GOOD: Reply = { status: 200, failure: null, body: '' };

/**
 * A server that works on some requests at a time, each for the same time, and lets the others wait
 * in order: its capacity is workers ÷ service time.
 *
 * @param serviceMs time of a request without waiting
 */
export function simulatedServer(clock: Clock, workers: number, serviceMs: number): Send {
  const free = new Array<number>(workers).fill(0);
  return async () => {
    const worker = free.indexOf(Math.min(...free));
    const done = Math.max(free[worker]!, clock.now()) + serviceMs;
    free[worker] = done;
    await clock.until(done);
    return GOOD;
  };
}
