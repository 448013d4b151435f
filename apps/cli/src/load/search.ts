import { nextRun, type RunOutcome, type Search, startSearch } from '@primetrade/scaling-capacity';
import type { LoadReport, ReportPoint, Setup } from './report.js';
import type { Judgement, Slo } from './verdict.js';

const SEARCH_KIND = 'primetrade-load-search';
const SEARCH_VERSION = 1;

export interface SearchRun {
  phase: Search['phase'];
  rate: number;
  seconds: number;
  outcome: RunOutcome;
  stoppedEarly: boolean;
  judgement: Judgement;
  point: ReportPoint;
}

export interface Capacity {
  /** The highest rate that kept the objective; 0 if none did. */
  rate: number;
  result: NonNullable<Search['result']>;
  /**
   * Between which rates the capacity lies with 95 % confidence: at the lower one the percentile
   * kept the objective, at the upper one it missed it, each with its whole confidence interval.
   * `high` is null if no run missed it for certain.
   */
  interval: { low: number; high: number | null; confidence: number };
}

/** What `load search` found, as `--json` writes it; docs/load.md documents it. */
export interface SearchReport {
  kind: typeof SEARCH_KIND;
  version: typeof SEARCH_VERSION;
  startedAt: string;
  target: Setup['target'];
  slo: Slo;
  maxErrors: number;
  capacity: Capacity;
  runs: SearchRun[];
  /** One a rate, the last valid run of it, in the order of the rates. */
  points: ReportPoint[];
}

export interface SearchSettings {
  from: number;
  to?: number;
  slo: Slo;
  maxErrors: number;
  seconds: number;
  /** Of the run that confirms. */
  confirmSeconds: number;
  /** A run at a rate. */
  measure: (rate: number, seconds: number) => Promise<LoadReport>;
  onRun?: (run: SearchRun) => void;
}

const CONFIDENCE = 0.95;
/** With fewer requests a run has no percentile worth the name. */
export const MIN_REQUESTS = 20;

/** The highest rate of open arrivals that keeps an objective. */
export async function findCapacity(settings: SearchSettings): Promise<SearchReport> {
  const startedAt = new Date().toISOString();
  const runs: SearchRun[] = [];
  let target: Setup['target'] = { url: '' };
  let search = startSearch({ start: settings.from, limit: settings.to });
  while (search.phase !== 'done') {
    const { rate, phase } = search;
    const seconds = phase === 'confirming' ? settings.confirmSeconds : settings.seconds;
    const report = await settings.measure(rate, seconds);
    target = report.target;
    const outcome = outcomeOf(report);
    const { judgement, stoppedEarly } = report;
    const run = {
      phase,
      rate,
      seconds,
      outcome,
      stoppedEarly,
      judgement,
      point: report.points[0]!,
    };
    runs.push(run);
    settings.onRun?.(run);
    search = nextRun(search, outcome);
    const measurable = search.rate * settings.seconds >= MIN_REQUESTS;
    if (search.phase !== 'done' && search.low === 0 && !measurable) {
      search = { ...search, phase: 'done', rate: 0, result: 'none' };
    }
  }
  return {
    kind: SEARCH_KIND,
    version: SEARCH_VERSION,
    startedAt,
    target,
    slo: settings.slo,
    maxErrors: settings.maxErrors,
    capacity: {
      rate: search.rate,
      result: search.result!,
      interval: { ...intervalOf(runs), confidence: CONFIDENCE },
    },
    runs,
    points: pointsOf(runs),
  };
}

function outcomeOf({ judgement }: LoadReport): RunOutcome {
  if (!judgement.valid) return 'invalid';
  return judgement.errors.kept && judgement.slos.every(({ kept }) => kept) ? 'kept' : 'missed';
}

function intervalOf(runs: readonly SearchRun[]): { low: number; high: number | null } {
  const high = Math.min(...runs.filter(missedForCertain).map(({ rate }) => rate));
  const low = runs.filter((run) => run.rate < high && keptForCertain(run)).map(({ rate }) => rate);
  return { low: Math.max(0, ...low), high: high === Infinity ? null : high };
}

function keptForCertain({ outcome, judgement }: SearchRun): boolean {
  return (
    outcome === 'kept' &&
    judgement.slos.every(({ intervalMs, limitMs }) => intervalMs && intervalMs.high <= limitMs)
  );
}

function missedForCertain({ outcome, stoppedEarly, judgement }: SearchRun): boolean {
  if (outcome !== 'missed') return false;
  return (
    stoppedEarly ||
    !judgement.errors.kept ||
    judgement.slos.some(({ intervalMs, limitMs }) => intervalMs && intervalMs.low > limitMs)
  );
}

/** A run that was stopped early has seen the fastest answers alone: it is no point of a curve. */
function pointsOf(runs: readonly SearchRun[]): ReportPoint[] {
  const points = new Map<number, ReportPoint>();
  for (const { rate, outcome, stoppedEarly, point } of runs) {
    if (outcome !== 'invalid' && !stoppedEarly) points.set(rate, point);
  }
  return [...points.values()].sort((a, b) => a.rate - b.rate);
}
