import type { LoadPoint, ServiceModel } from './scenario.js';

/** What happened to the requests of one step. */
export interface Step {
  /** Requests that were answered. */
  served: number;
  /** Requests that gave up, or found nobody. */
  failed: number;
  /** Requests that wait at the end of the step. */
  waiting: number;
  /** 95th percentile of the response time, in seconds; 0 without requests. */
  p95: number;
  /** Requests a second of one pod. */
  perPod: number;
}

/** Requests a second that one pod can do. */
export function capacityOf({ points }: ServiceModel): number {
  return points[points.length - 1]!.rate;
}

/**
 * A value of the load run between its points: straight lines, and the ends as they are.
 *
 * @param rate requests a second of one pod
 */
export function interpolate(
  points: readonly LoadPoint[],
  rate: number,
  of: (point: LoadPoint) => number,
): number {
  let i = 0;
  while (i < points.length && points[i]!.rate < rate) i++;
  if (i === 0) return of(points[0]!);
  if (i === points.length) return of(points[i - 1]!);
  const low = points[i - 1]!;
  const high = points[i]!;
  const share = (rate - low.rate) / (high.rate - low.rate);
  return of(low) + share * (of(high) - of(low));
}

export const p95Of = (point: LoadPoint): number => point.p95;
export const meanOf = ({ mean, p95 }: LoadPoint): number => mean ?? p95 / 3;

/**
 * The requests of a step on pods that share them evenly. What is more than the pods can do waits for
 * the next step, and fails when it would wait longer than the timeout.
 *
 * @param rate requests a second that arrive
 * @param waiting requests left over from the step before
 * @param pods that take requests; a part of one was ready for a part of the step
 * @param step seconds
 * @param result overwritten
 */
export function serve(
  model: ServiceModel,
  rate: number,
  waiting: number,
  pods: number,
  step: number,
  result: Step,
): void {
  const offered = rate * step + waiting;
  const capacity = pods * capacityOf(model);
  const served = Math.min(offered, capacity * step);
  const left = offered - served;
  const kept = Math.min(left, model.timeout * capacity);
  result.served = served;
  result.failed = left - kept;
  result.waiting = kept;
  result.perPod = pods > 0 ? served / step / pods : 0;
  if (offered === 0) result.p95 = 0;
  else if (pods === 0) result.p95 = model.timeout;
  else result.p95 = interpolate(model.points, result.perPod, p95Of) + kept / capacity;
}
