/** The middle of some values with their extremes. */
export interface Spread {
  median: number;
  min: number;
  max: number;
}

/** @throws Error without values */
export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1];
  const high = sorted[Math.floor(middle)];
  if (low === undefined || high === undefined) throw new Error('There is nothing to summarise.');
  return { median: (low + high) / 2, min: sorted[0]!, max: sorted.at(-1)! };
}

/**
 * Ratios of measurements that were taken one right after the other, so that what slows the machine
 * for a while slows both.
 */
export function pairedRatios(ours: readonly number[], theirs: readonly number[]): Spread {
  return spread(ours.slice(0, theirs.length).map((value, i) => value / theirs[i]!));
}

/**
 * Little's law, L = λW: by how much the concurrency that rate and latency imply differs from the
 * one that was there, as a fraction. A generator that cannot keep up leaves a gap.
 *
 * @param rate per second
 * @param latency mean, in seconds
 */
export function littleDeviation(concurrency: number, rate: number, latency: number): number {
  return Math.abs(rate * latency - concurrency) / concurrency;
}
