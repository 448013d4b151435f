import { requirePositive } from './check.js';

/** What one run at the asked rate showed. */
export type RunOutcome =
  /** The objective was kept. */
  | 'kept'
  /** The objective was missed. */
  | 'missed'
  /** Arrivals were dropped or the generator was saturated: the run says nothing. */
  | 'invalid';

export interface SearchOptions {
  /** Requests a second of the first run. */
  start: number;
  /** The share by which the two ends may still differ. */
  precision?: number;
  /** The highest rate to try; Infinity by default. */
  limit?: number;
  /** How often an invalid run is repeated. */
  retries?: number;
}

/** Where a search is; never changed in place. */
export interface Search {
  phase: 'doubling' | 'bisecting' | 'confirming' | 'done';
  /** The rate of the next run; the capacity once it is done. */
  rate: number;
  /** The highest rate that kept the objective; 0 if none did. */
  low: number;
  /** The lowest rate that missed it. */
  high: number;
  invalidRuns: number;
  /**
   * Why it is done: the capacity lasted the longer run; not even a tiny rate keeps the objective; the
   * generator, or the limit, was reached first, so that the capacity is at least `low`.
   */
  result: 'confirmed' | 'none' | 'generator-limited' | 'limit-reached' | null;
  precision: number;
  limit: number;
  retries: number;
  start: number;
}

/** Below this share of the first rate there is no capacity worth naming. */
const SMALLEST = 1 / 1024;

/**
 * A search for the highest rate that keeps an objective: double until it is missed, bisect until
 * both ends are within 5 %, then confirm the lower end over a longer window.
 *
 * @throws RangeError if the first rate or the precision are not above 0
 */
export function startSearch({
  start,
  precision = 0.05,
  limit = Infinity,
  retries = 1,
}: SearchOptions): Search {
  requirePositive('start', start);
  requirePositive('precision', precision);
  return {
    phase: 'doubling',
    rate: Math.min(start, limit),
    low: 0,
    high: Infinity,
    invalidRuns: 0,
    result: null,
    precision,
    limit,
    retries,
    start,
  };
}

/**
 * The search after a run at its rate; one that is confirming asks for a longer window.
 *
 * @throws RangeError if the search is done
 */
export function nextRun(search: Search, outcome: RunOutcome): Search {
  if (search.phase === 'done') throw new RangeError('the search is done');
  if (outcome === 'invalid') {
    const invalidRuns = search.invalidRuns + 1;
    return invalidRuns > search.retries
      ? done(search, 'generator-limited')
      : { ...search, invalidRuns };
  }
  const { phase, rate } = search;
  if (phase === 'confirming') {
    return outcome === 'kept'
      ? done(search, search.high === Infinity ? 'limit-reached' : 'confirmed')
      : // What it kept for a short while it does not keep for long: look further down.
        bisect({ ...search, high: rate, low: 0, invalidRuns: 0 });
  }
  const next: Search = { ...search, invalidRuns: 0 };
  if (outcome === 'kept') next.low = rate;
  else next.high = rate;
  if (next.high === Infinity) {
    return rate >= next.limit
      ? { ...next, phase: 'confirming', rate }
      : { ...next, rate: Math.min(rate * 2, next.limit) };
  }
  return bisect(next);
}

function bisect(search: Search): Search {
  const { low, high, precision, start } = search;
  if (low > 0 && (high - low) / low <= precision)
    return { ...search, phase: 'confirming', rate: low };
  if (low === 0 && high <= start * SMALLEST) return done(search, 'none');
  // Without a lower end, a step down by the precision would take for ever; after a confirmation that
  // failed, the capacity is not far.
  const rate =
    low > 0 ? (low + high) / 2 : search.phase === 'confirming' ? high / (1 + precision) : high / 2;
  return { ...search, phase: 'bisecting', rate };
}

function done(search: Search, result: NonNullable<Search['result']>): Search {
  return { ...search, phase: 'done', rate: search.low, result };
}
