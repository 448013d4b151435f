import { requirePositive } from './check.js';

/** Load may sit this far above the target without any change: 1 + the autoscaler's tolerance. */
const TOLERANCE_FACTOR = 1.1;

/** What passes between a rise of the load and a pod that takes its share, in seconds, as measured. */
export interface ReactionLag {
  scrape: number;
  sync: number;
  schedule: number;
  boot: number;
  readiness: number;
}

/** Seconds from a rise of the load to a pod that helps. */
export function totalLag({ scrape, sync, schedule, boot, readiness }: ReactionLag): number {
  return scrape + sync + schedule + boot + readiness;
}

/**
 * How much the load grows while help is on its way: the 99th percentile of load(t + lag) ÷ load(t).
 *
 * @param loads at equal steps of time; pairs that begin at 0 are left out
 * @param step seconds between two loads
 * @param lag seconds
 * @returns at least 1; null if the series is not longer than the lag
 */
export function growthWithin(
  loads: readonly number[],
  step: number,
  lag: number,
  percentile = 0.99,
): number | null {
  requirePositive('step', step);
  const distance = Math.ceil(lag / step);
  const ratios: number[] = [];
  for (let i = 0; i + distance < loads.length; i++) {
    if (loads[i]! > 0) ratios.push(loads[i + distance]! / loads[i]!);
  }
  if (ratios.length === 0) return null;
  ratios.sort((a, b) => a - b);
  return Math.max(1, ratios[Math.ceil(percentile * ratios.length) - 1]!);
}

/**
 * The autoscaler's target as a share of the measured capacity of a pod: ρmax ÷ (1.1 × G).
 *
 * @param maxUtilization ρmax by the objective
 * @param growth G
 * @throws RangeError if growth is below 1
 */
export function hpaTarget(maxUtilization: number, growth: number): number {
  if (!(growth >= 1)) throw new RangeError(`growth must be at least 1, not ${growth}`);
  return Math.max(0, maxUtilization) / (TOLERANCE_FACTOR * growth);
}

/** One step of a load run on one pod. */
export interface LoadStep {
  /** Requests a second. */
  rate: number;
  /** Seconds. */
  p95: number;
  /** Milli-cores. */
  cpu: number;
}

/**
 * The cpu request of a pod under an autoscaler: its cpu at the highest rate that keeps the objective.
 * A percentile of the usage would shrink it for ever, as usage at the target is a share of it.
 *
 * @param slo seconds
 * @returns milli-cores; null if no rate keeps the objective
 */
export function cpuRequest(steps: readonly LoadStep[], slo: number): number | null {
  let best: LoadStep | null = null;
  for (const step of steps) {
    if (step.p95 <= slo && (best === null || step.rate > best.rate)) best = step;
  }
  return best && Math.ceil(best.cpu);
}
