import { Latencies } from './latencies.js';
import { type Stage, totalSeconds } from './plan.js';
import type { FailureClass, Reply } from './sender.js';

export type Failures = Partial<Record<FailureClass, number>>;

/** Counts of requests that belong together. */
export interface Tally {
  sent: number;
  /** Not sent, as too many were under way. */
  dropped: number;
  good: number;
  failures: Failures;
  latencies: Latencies;
  /** Milliseconds from sending to the end, of all answers together: for Little's law. */
  underWay: number;
  /** Milliseconds from when they were due to the end. */
  sinceDue: number;
}

/** A stretch of time in a chart. */
export interface Window extends Tally {
  /** Good answers that came in it, whenever they were due. */
  answered: number;
  /** The most requests that were under way at once. */
  inFlight: number;
}

const MAX_WINDOWS = 120;
const WINDOW_SECONDS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600];

/** Counts what becomes of each request: by stage, by kind of request and over time. */
export class Recorder {
  readonly stages: Tally[];
  readonly kinds = new Map<string, Tally>();
  readonly windows: Window[] = [];
  readonly windowSeconds: number;
  readonly statuses: Record<string, number> = {};
  /** How much later than due requests were sent. */
  readonly lateness = Latencies.empty();
  /** Milliseconds of lateness, of all requests together. */
  latenessSum = 0;

  constructor(stages: readonly Stage[]) {
    this.stages = stages.map(emptyTally);
    const seconds = totalSeconds(stages);
    this.windowSeconds =
      WINDOW_SECONDS.find((size) => seconds / size <= MAX_WINDOWS) ?? Math.ceil(seconds / 120);
  }

  drop(at: number, stage: number): void {
    this.stages[stage]!.dropped += 1;
    this.windowAt(at).dropped += 1;
  }

  /** @param at when it was due, in milliseconds from the beginning, as all times here */
  send(at: number, sentAt: number, stage: number, inFlight: number): void {
    const late = Math.max(0, sentAt - at);
    this.lateness.record(late);
    this.latenessSum += late;
    this.stages[stage]!.sent += 1;
    const window = this.windowAt(at);
    window.sent += 1;
    window.inFlight = Math.max(window.inFlight, inFlight);
  }

  finish(
    kind: string,
    { at, sentAt, endedAt }: { at: number; sentAt: number; endedAt: number },
    stage: number,
    { status, failure }: Reply,
  ): void {
    if (status !== null) this.statuses[status] = (this.statuses[status] ?? 0) + 1;
    let ofKind = this.kinds.get(kind);
    if (ofKind === undefined) this.kinds.set(kind, (ofKind = emptyTally()));
    ofKind.sent += 1;
    for (const tally of [this.stages[stage]!, ofKind, this.windowAt(at)]) {
      tally.underWay += endedAt - sentAt;
      tally.sinceDue += endedAt - at;
      if (failure === null) tally.good += 1;
      else tally.failures[failure] = (tally.failures[failure] ?? 0) + 1;
      // A failure that comes fast must not make the server look fast; one that never came is at
      // least as slow as the wait for it.
      if (failure === null || failure === 'timeout') tally.latencies.record(endedAt - at);
    }
    if (failure === null) this.windowAt(endedAt).answered += 1;
  }

  /** All stages as one. */
  total(): Tally {
    const failures: Failures = {};
    for (const stage of this.stages) {
      for (const [name, count] of Object.entries(stage.failures) as [FailureClass, number][]) {
        failures[name] = (failures[name] ?? 0) + count;
      }
    }
    const sum = (key: 'sent' | 'dropped' | 'good' | 'underWay' | 'sinceDue') =>
      this.stages.reduce((total, stage) => total + stage[key], 0);
    return {
      sent: sum('sent'),
      dropped: sum('dropped'),
      good: sum('good'),
      underWay: sum('underWay'),
      sinceDue: sum('sinceDue'),
      failures,
      latencies: Latencies.merged(this.stages.map(({ latencies }) => latencies)),
    };
  }

  private windowAt(at: number): Window {
    const index = Math.max(0, Math.floor(at / 1000 / this.windowSeconds));
    while (this.windows.length <= index) {
      this.windows.push({ ...emptyTally(), answered: 0, inFlight: 0 });
    }
    return this.windows[index]!;
  }
}

function emptyTally(): Tally {
  return {
    sent: 0,
    dropped: 0,
    good: 0,
    failures: {},
    latencies: Latencies.empty(),
    underWay: 0,
    sinceDue: 0,
  };
}

export function failuresOf({ failures }: { failures: Failures }): number {
  return Object.values(failures).reduce((sum, count) => sum + count, 0);
}
