import type { ServiceScenario } from './scenario.js';
import type { ServiceCourse } from './service.js';

/** A change of direction within this many seconds is a flap. */
const FLAP_WINDOW = 600;

/** A service's run in a few figures. */
export interface ServiceSummary {
  requests: {
    offered: number;
    served: number;
    failed: number;
    /** At the end. */
    waiting: number;
  };
  /** Seconds: the p95 of half of all steps, of 95 % of them, and of the worst. */
  p95: { half: number; most: number; worst: number };
  /** Minutes in which p95 was above the objective or requests failed. */
  sloMinutesMissed: number;
  replicas: { min: number; mean: number; max: number };
  podHours: number;
  /** Times that the count changed. */
  rescales: number;
  /** Times that it changed the other way within 10 minutes. */
  flaps: number;
}

/**
 * @param waiting requests that were left at the end
 * @param step seconds
 */
export function summarize(
  { workload, slo }: Pick<ServiceScenario, 'workload' | 'slo'>,
  course: ServiceCourse,
  waiting: number,
  step: number,
): ServiceSummary {
  const { replicas, p95, served, failed } = course;
  const ticks = replicas.length;
  const requests = { offered: 0, served: 0, failed: 0, waiting };
  const counts = { min: Infinity, mean: 0, max: 0 };
  let missed = 0;
  for (let i = 0; i < ticks; i++) {
    requests.offered += workload[i]! * step;
    requests.served += served[i]!;
    requests.failed += failed[i]!;
    if (p95[i]! > slo || failed[i]! > 0) missed++;
    const count = replicas[i]!;
    counts.min = Math.min(counts.min, count);
    counts.max = Math.max(counts.max, count);
    counts.mean += count;
  }
  const podHours = (counts.mean * step) / 3600;
  counts.mean /= ticks;
  const sorted = Float64Array.from(p95).sort();
  const at = (share: number) => sorted[Math.ceil(share * ticks) - 1]!;
  return {
    requests,
    p95: { half: at(0.5), most: at(0.95), worst: at(1) },
    sloMinutesMissed: (missed * step) / 60,
    replicas: counts,
    podHours,
    ...changesOf(replicas, step),
  };
}

function changesOf(replicas: Int32Array, step: number): { rescales: number; flaps: number } {
  let rescales = 0;
  let flaps = 0;
  let direction = 0;
  let last = 0;
  for (let i = 1; i < replicas.length; i++) {
    const change = Math.sign(replicas[i]! - replicas[i - 1]!);
    if (change === 0) continue;
    rescales++;
    if (change === -direction && (i - last) * step <= FLAP_WINDOW) flaps++;
    direction = change;
    last = i;
  }
  return { rescales, flaps };
}
