import type { Clock } from '../clock.js';
import { Latencies, type LatencySummary } from './latencies.js';
import type { Order, Send } from './sender.js';

/** What a server does with a fixed number of requests in flight. */
export interface ClosedPoint {
  /** Requests in flight. */
  concurrency: number;
  /** Good answers a second. */
  throughput: number;
  seconds: number;
  good: number;
  failed: number;
  latencyMs: LatencySummary;
}

export interface ClosedOptions {
  concurrency: number;
  seconds: number;
  /** Not measured. */
  warmupSeconds: number;
  next: () => Order;
  send: Send;
  clock: Clock;
  /** Whether the user wants no more of it. */
  interrupted?: () => boolean;
}

/** A pause after a failure, so that a server that refuses everything is not asked in a tight loop. */
const PAUSE_MS = 20;

/**
 * Keeps a number of requests in flight: each caller sends the next one when its last is answered.
 * This finds the throughput at a concurrency, for the Universal Scalability Law; its latencies are
 * not those of users, who do not wait for each other.
 */
export async function runClosedLoop(options: ClosedOptions): Promise<ClosedPoint> {
  const { concurrency, seconds, warmupSeconds, next, send, clock } = options;
  const latencies = Latencies.empty();
  const from = clock.now() + warmupSeconds * 1000;
  const to = from + seconds * 1000;
  let good = 0;
  let failed = 0;
  const caller = async () => {
    for (let now = clock.now(); now < to && !options.interrupted?.();) {
      const sentAt = now;
      const { failure } = await send(next());
      now = clock.now();
      if (now >= from && now < to) {
        if (failure === null) {
          good += 1;
          latencies.record(now - sentAt);
        } else failed += 1;
      }
      if (failure !== null) await clock.until(now + PAUSE_MS);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, caller));
  return {
    concurrency,
    throughput: good / seconds,
    seconds,
    good,
    failed,
    latencyMs: latencies.summary(),
  };
}
