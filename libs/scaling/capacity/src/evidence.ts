import { requireFraction } from './check.js';

export interface PercentileInterval {
  value: number;
  low: number;
  high: number;
  confidence: number;
}

/**
 * A percentile with its confidence interval by order statistics: the number of samples below the
 * true percentile is binomial, whatever the distribution (Conover, 1999).
 *
 * @param sorted independent samples, ascending
 * @param percentile such as 0.95
 * @returns null if there are too few samples for an interval with this confidence
 * @throws RangeError if percentile or confidence are not between 0 and 1
 */
export function percentileInterval(
  sorted: readonly number[],
  percentile: number,
  confidence = 0.95,
): PercentileInterval | null {
  requireFraction('percentile', percentile);
  requireFraction('confidence', confidence);
  const n = sorted.length;
  const outside = (1 - confidence) / 2;
  // Ranks count from 1: P(B < low) ≤ outside and P(B ≥ high) ≤ outside.
  const low = binomialQuantile(n, percentile, outside);
  const high = binomialQuantile(n, percentile, 1 - outside) + 1;
  if (low < 1 || high > n) return null;
  return {
    value: sorted[Math.max(0, Math.ceil(percentile * n) - 1)]!,
    low: sorted[low - 1]!,
    high: sorted[high - 1]!,
    confidence,
  };
}

/**
 * The share of successful requests that a run without any failure supports: (1 − confidence)^(1/n),
 * about 1 − 3/n at 95 %. It is about requests, not about uptime.
 */
export function supportedSuccess(requests: number, confidence = 0.95): number {
  requireFraction('confidence', confidence);
  return requests > 0 ? (1 - confidence) ** (1 / requests) : 0;
}

/** How many requests in a row must succeed to support a share: 2,995 for 99.9 % at 95 %. */
export function requestsToSupport(success: number, confidence = 0.95): number {
  requireFraction('success', success);
  requireFraction('confidence', confidence);
  return Math.ceil(Math.log(1 - confidence) / Math.log(success));
}

/** The smallest k with P(B ≤ k) ≥ probability. */
function binomialQuantile(n: number, p: number, probability: number): number {
  const logP = Math.log(p);
  const logQ = Math.log(1 - p);
  // Terms further from the mean than this add less than a rounding error.
  const first = Math.max(0, Math.floor(n * p - 40 * Math.sqrt(n * p * (1 - p)) - 40));
  let sum = 0;
  for (let k = first; k < n; k++) {
    sum += Math.exp(
      logFactorial(n) - logFactorial(k) - logFactorial(n - k) + k * logP + (n - k) * logQ,
    );
    if (sum >= probability) return k;
  }
  return n;
}

/** ln n!, by Stirling's series where that is exact to a double. */
function logFactorial(n: number): number {
  if (n < 30) {
    let log = 0;
    for (let i = 2; i <= n; i++) log += Math.log(i);
    return log;
  }
  const x = n + 1;
  return (
    (x - 0.5) * Math.log(x) -
    x +
    0.5 * Math.log(2 * Math.PI) +
    1 / (12 * x) -
    1 / (360 * x ** 3) +
    1 / (1260 * x ** 5)
  );
}
