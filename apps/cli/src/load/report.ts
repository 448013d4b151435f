import {
  checkLittle,
  type LittleCheck,
  type PercentileInterval,
} from '@primetrade/scaling-capacity';
import type { Generator } from '../meter.js';
import type { Bar, LatencySummary } from './latencies.js';
import type { Stage } from './plan.js';
import { type Failures, failuresOf, type Tally } from './recorder.js';
import type { Recording, Usage } from './run.js';
import { type Judgement, judge, type Objectives } from './verdict.js';

const REPORT_KIND = 'primetrade-load';
const REPORT_VERSION = 1;

/** What was asked for; docs/load.md says what each field is. */
export interface Setup {
  target: {
    url: string;
    method?: string;
    /** Weights of the requests of a journey. */
    journey?: Record<string, number>;
    accounts?: number;
  };
  plan: {
    stages: readonly Stage[];
    arrivals: 'even' | 'random';
    seed: number;
    warmupSeconds: number;
    timeoutMs: number;
    connections: number;
  };
}

/** How the server did at about one rate. */
export interface ReportPoint {
  fromRate: number;
  toRate: number;
  /** Requests that were due a second. */
  rate: number;
  seconds: number;
  sent: number;
  dropped: number;
  good: number;
  failed: number;
  failures: Failures;
  latencyMs: LatencySummary;
  /** Mean of the requests under way. */
  concurrency: number;
  /** Cores that the server used; null when it was not asked. */
  serverCpuCores: number | null;
  /** Bytes at the end; null when it was not asked. */
  serverMemoryBytes: number | null;
}

interface ReportWindow {
  /** Begin, in seconds. */
  at: number;
  sent: number;
  dropped: number;
  answered: number;
  failures: Failures;
  inFlight: number;
  p50Ms: number | null;
  p95Ms: number | null;
  p99Ms: number | null;
}

/** A load run as `--json` writes it; docs/load.md documents it. */
export interface LoadReport extends Setup {
  kind: typeof REPORT_KIND;
  version: typeof REPORT_VERSION;
  startedAt: string;
  seconds: number;
  /** Ended as soon as the objective was missed for certain. */
  stoppedEarly: boolean;
  requests: { planned: number; sent: number; dropped: number; good: number; failed: number };
  failures: Failures;
  statuses: Record<string, number>;
  rate: { offered: number; throughput: number };
  latencyMs: LatencySummary;
  /** Of the 95th percentile; null with too few answers. */
  p95IntervalMs: PercentileInterval | null;
  distribution: Bar[];
  /** HdrHistogram V2, compressed, base64; microseconds. */
  histogram: string;
  little: LittleCheck | null;
  generator: Generator & { latenessMs: { p50: number; p99: number; max: number } };
  points: ReportPoint[];
  kinds: { name: string; sent: number; failed: number; latencyMs: LatencySummary }[];
  windowSeconds: number;
  windows: ReportWindow[];
  judgement: Judgement;
}

/** Lateness that a timer explains: the generator is not to blame for it. */
const TIMER_TICK_MS = 1;
const BARS = 48;

export function reportOf(
  setup: Setup,
  recording: Recording,
  objectives: Objectives,
  startedAt: Date,
): LoadReport {
  const { recorder, seconds } = recording;
  const total = recorder.total();
  const { p50, p99, max } = recorder.lateness.summary();
  const unjudged = {
    kind: REPORT_KIND,
    version: REPORT_VERSION,
    startedAt: startedAt.toISOString(),
    ...setup,
    seconds,
    stoppedEarly: recording.stoppedEarly,
    requests: {
      planned: recording.planned,
      sent: total.sent,
      dropped: total.dropped,
      good: total.good,
      failed: failuresOf(total),
    },
    failures: total.failures,
    statuses: recorder.statuses,
    rate: rateOf(recording, total),
    latencyMs: total.latencies.summary(),
    p95IntervalMs: total.latencies.interval(95),
    distribution: total.latencies.bars(BARS),
    histogram: total.latencies.encode(),
    little: littleOf(recording, total),
    generator: { ...recording.generator, latenessMs: { p50, p99, max } },
    points: recording.stages.map((stage, i) =>
      pointOf(stage, recorder.stages[i]!, recording.usage?.slice(i, i + 2) ?? null),
    ),
    kinds: kindsOf(recording),
    windowSeconds: recorder.windowSeconds,
    windows: windowsOf(recording),
  } as const;
  return { ...unjudged, judgement: judge(unjudged, objectives, total.latencies) };
}

function kindsOf({ recorder }: Recording): LoadReport['kinds'] {
  const kinds = [...recorder.kinds].map(([name, tally]) => ({
    name,
    sent: tally.sent,
    failed: failuresOf(tally),
    latencyMs: tally.latencies.summary(),
  }));
  return kinds.sort((a, b) => b.sent - a.sent);
}

function rateOf({ stages, planned, seconds }: Recording, { good }: Tally): LoadReport['rate'] {
  const asked = stages.reduce((sum, stage) => sum + stage.seconds, 0);
  return { offered: planned / asked, throughput: good / seconds };
}

/**
 * Little's law between what was under way and rate × latency since requests were due: they agree
 * unless the generator was late itself.
 */
function littleOf(recording: Recording, total: Tally): LittleCheck | null {
  const { recorder, seconds, concurrency, stoppedEarly } = recording;
  const finished = total.good + failuresOf(total);
  // What was given up at an early end was under way, and has no latency.
  if (finished === 0 || concurrency === 0 || stoppedEarly) return null;
  const tick = Math.min(TIMER_TICK_MS, recorder.latenessSum / finished);
  const latency = (total.sinceDue / finished - tick) / 1000;
  return latency > 0 ? checkLittle(finished / seconds, latency, concurrency) : null;
}

function pointOf(
  { from, to, seconds }: Stage,
  tally: Tally,
  usage: (Usage & { at: number })[] | null,
): ReportPoint {
  const [before, after] = usage ?? [];
  const cpu =
    before && after && before.cpuSeconds !== null && after.cpuSeconds !== null
      ? (after.cpuSeconds - before.cpuSeconds) / (after.at - before.at)
      : null;
  return {
    fromRate: from,
    toRate: to,
    rate: (from + to) / 2,
    seconds,
    sent: tally.sent,
    dropped: tally.dropped,
    good: tally.good,
    failed: failuresOf(tally),
    failures: tally.failures,
    latencyMs: tally.latencies.summary(),
    concurrency: tally.underWay / 1000 / seconds,
    serverCpuCores: cpu,
    serverMemoryBytes: after?.resident ?? null,
  };
}

function windowsOf({ recorder }: Recording): ReportWindow[] {
  const { windows, windowSeconds } = recorder;
  return windows.map((window, i) => {
    const percentile = (percent: number) =>
      window.latencies.count > 0 ? window.latencies.percentile(percent) : null;
    return {
      at: i * windowSeconds,
      sent: window.sent,
      dropped: window.dropped,
      answered: window.answered,
      failures: window.failures,
      inFlight: window.inFlight,
      p50Ms: percentile(50),
      p95Ms: percentile(95),
      p99Ms: percentile(99),
    };
  });
}
