import type { Clock } from '../clock.js';
import { type Generator, type Meter, realMeter } from '../meter.js';
import { type Arrival, type Stage, totalRequests, totalSeconds } from './plan.js';
import { failuresOf, Recorder } from './recorder.js';
import type { Order, Send } from './sender.js';

/** What a server says of itself. */
export interface Usage {
  /** Processor time so far, in seconds. */
  cpuSeconds: number | null;
  /** Bytes. */
  resident: number | null;
}

export interface RunOptions {
  stages: readonly Stage[];
  /** When requests are due, in order. */
  arrivals: Iterable<Arrival>;
  /** What the next arrival sends. */
  next: () => Order;
  send: Send;
  clock: Clock;
  /** Requests under way at most: what is due then is dropped. */
  connections: number;
  /** Tried first, not measured. */
  warmup?: { arrivals: Iterable<Arrival>; seconds: number };
  /** Asked at the beginning and the end of each stage. */
  usage?: () => Promise<Usage>;
  /** Ends the run as soon as the rest cannot change its result. */
  stop?: StopRule;
  /** Gives up what is under way, at an early end. */
  cancel?: () => void;
  /** Whether the user wants no more of it. */
  interrupted?: () => boolean;
  meter?: Meter;
  onProgress?: (progress: Progress) => void;
}

/** More slow answers than this, or more failures, and the run has missed its objective. */
export interface StopRule {
  limitMs: number;
  slow: number;
  failed: number;
}

export interface Progress {
  /** Seconds of the plan, without the warm-up. */
  seconds: number;
  of: number;
  sent: number;
  failed: number;
  inFlight: number;
  p95: number;
}

/** All that a run saw. */
export interface Recording {
  recorder: Recorder;
  stages: readonly Stage[];
  planned: number;
  /** From the first due moment to the last answer. */
  seconds: number;
  /** Mean of the requests under way, over these seconds. */
  concurrency: number;
  generator: Generator;
  /** One more than stages; null where it was not to be had. */
  usage: (Usage & { at: number })[] | null;
  stoppedEarly: boolean;
}

const PROGRESS_MS = 500;
const STOP_CHECK_MS = 50;
/** So many requests that are late go out before answers are looked at. */
const BURST = 64;

/** Sends what a plan says when it says so, whatever becomes of it. */
export async function runOpenLoop(options: RunOptions): Promise<Recording> {
  const { stages, clock } = options;
  if (options.warmup !== undefined) await warmUp(options, options.warmup);
  const recorder = new Recorder(stages);
  const seconds = totalSeconds(stages);
  const flights = new Flights(clock);
  const planned = totalRequests(stages);
  const meter = (options.meter ?? realMeter)();
  const usages: Promise<Usage & { at: number }>[] = [];
  const begin = clock.now();
  const sinceBegin = () => clock.now() - begin;
  const ask = () => {
    const at = sinceBegin() / 1000;
    if (options.usage) usages.push(options.usage().then((usage) => ({ ...usage, at })));
  };
  let failed = 0;
  let slow = 0;
  let stopped = false;

  const fire = async (at: number, stage: number) => {
    const sentAt = sinceBegin();
    const flight = flights.begin(at);
    recorder.send(at, sentAt, stage, flights.count);
    const order = options.next();
    const reply = await options.send(order);
    flights.end(flight);
    // What was given up at an early end was neither good nor bad.
    if (stopped) return;
    const endedAt = sinceBegin();
    recorder.finish(order.kind, { at, sentAt, endedAt }, stage, reply);
    if (reply.failure !== null) failed += 1;
    if (reply.failure === null || reply.failure === 'timeout') {
      if (endedAt - at > (options.stop?.limitMs ?? Infinity)) slow += 1;
    }
  };
  const decided = () => {
    const { stop } = options;
    if (stop === undefined) return false;
    const late = flights.olderThan(sinceBegin() - stop.limitMs);
    return failed > stop.failed || slow + late > stop.slow;
  };

  let stageNow = -1;
  const enter = (stage: number) => {
    for (; stageNow < stage; stageNow += 1) ask();
  };
  let nextCheck = 0;
  let nextProgress = 0;
  const look = () => {
    const now = sinceBegin();
    if (now >= nextCheck) {
      nextCheck = now + STOP_CHECK_MS;
      if (decided() || options.interrupted?.()) stopped = true;
    }
    if (now >= nextProgress && options.onProgress) {
      nextProgress = now + PROGRESS_MS;
      options.onProgress(progressOf(recorder, now / 1000, seconds, flights.count));
    }
  };
  let burst = 0;
  for (const { at, stage } of options.arrivals) {
    enter(stage);
    await waitFor(at);
    if (stopped) break;
    if (flights.count >= options.connections) recorder.drop(at, stage);
    else void fire(at, stage);
  }
  await waitFor(seconds * 1000);
  enter(stages.length);
  // Every request ends by its own time limit, if not before.
  while (flights.count > 0 && !stopped) await waitFor(sinceBegin() + STOP_CHECK_MS);
  if (stopped) options.cancel?.();
  const whole = sinceBegin() / 1000;
  return {
    recorder,
    stages,
    planned,
    seconds: whole,
    concurrency: flights.total() / 1000 / whole,
    generator: meter(),
    usage: usages.length > 0 && !stopped ? await Promise.all(usages) : null,
    stoppedEarly: stopped,
  };

  /** Waits for a moment of the plan, and looks around on the way there. */
  async function waitFor(at: number): Promise<void> {
    for (;;) {
      look();
      if (stopped) return;
      const now = sinceBegin();
      if (now >= at) {
        burst += 1;
        if (burst % BURST === 0) await clock.until(0);
        return;
      }
      burst = 0;
      await clock.until(begin + Math.min(at, Math.max(now, nextCheck)));
    }
  }
}

/** Requests under way, the oldest first, and their integral over time. */
class Flights {
  private readonly dues = new Set<{ at: number }>();
  private sum = 0;
  private since: number;

  constructor(private readonly clock: Clock) {
    this.since = clock.now();
  }

  get count(): number {
    return this.dues.size;
  }

  begin(at: number): { at: number } {
    this.total();
    const flight = { at };
    this.dues.add(flight);
    return flight;
  }

  end(flight: { at: number }): void {
    this.total();
    this.dues.delete(flight);
  }

  /** Request-milliseconds until now. */
  total(): number {
    const now = this.clock.now();
    this.sum += this.dues.size * (now - this.since);
    this.since = now;
    return this.sum;
  }

  /** How many were due before a moment. */
  olderThan(moment: number): number {
    let count = 0;
    for (const { at } of this.dues) {
      if (at >= moment) break;
      count += 1;
    }
    return count;
  }
}

/** Requests that open connections and fill caches. The first measured one waits for none of them. */
async function warmUp(
  { next, send, clock, connections, interrupted }: RunOptions,
  { arrivals, seconds }: { arrivals: Iterable<Arrival>; seconds: number },
): Promise<void> {
  const begin = clock.now();
  let open = 0;
  for (const { at } of arrivals) {
    if (at > seconds * 1000 || interrupted?.()) break;
    if (begin + at > clock.now()) await clock.until(begin + at);
    if (open >= connections) continue;
    open += 1;
    void send(next()).then(() => (open -= 1));
  }
  while (open > 0 && !interrupted?.()) await clock.until(clock.now() + STOP_CHECK_MS);
}

function progressOf(recorder: Recorder, now: number, of: number, inFlight: number): Progress {
  const total = recorder.total();
  const latest = recorder.windows.findLast(({ latencies }) => latencies.count > 0);
  return {
    seconds: Math.min(now, of),
    of,
    sent: total.sent,
    failed: failuresOf(total),
    inFlight,
    p95: latest?.latencies.percentile(95) ?? 0,
  };
}
