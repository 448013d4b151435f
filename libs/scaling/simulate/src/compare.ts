import type { Simulation } from './simulate.js';

/** The figures by which two runs of one workload are compared: lower is better in each. */
export interface Difference {
  service: string;
  sloMinutesMissed: number;
  failed: number;
  podHours: number;
  rescales: number;
  flaps: number;
  /** Seconds. */
  worstP95: number;
}

/**
 * What changes from one run to another, service by service: negative is less in the second.
 *
 * @throws RangeError if the runs are not of the same services and steps
 */
export function compare(first: Simulation, second: Simulation): Difference[] {
  if (first.steps !== second.steps || first.step !== second.step) {
    throw new RangeError('two runs of different lengths cannot be compared');
  }
  return first.services.map((before, i) => {
    const after = second.services[i];
    if (after?.name !== before.name) {
      throw new RangeError(`the second run has no service ${before.name} in this place`);
    }
    return {
      service: before.name,
      sloMinutesMissed: after.sloMinutesMissed - before.sloMinutesMissed,
      failed: after.requests.failed - before.requests.failed,
      podHours: after.podHours - before.podHours,
      rescales: after.rescales - before.rescales,
      flaps: after.flaps - before.flaps,
      worstP95: after.p95.worst - before.p95.worst,
    };
  });
}
