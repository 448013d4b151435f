import type { HpaSpec } from '../spec.js';
import type { Observation, PodReading, PodState } from '../types.js';

/** The time of all scenes, so that an age of an hour is not before the clock began. */
export const NOW = 10_000_000;
const CPU_REQUEST = 250;

/** An autoscaler for cpu at 70 %, with what the test is about. */
export function cpuSpec(more: Partial<HpaSpec> = {}): HpaSpec {
  return {
    minReplicas: 1,
    maxReplicas: 100,
    metrics: [
      {
        type: 'Resource',
        resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } },
      },
    ],
    ...more,
  };
}

/** A pod that has been ready for an hour, unless said otherwise. */
export function pod(index: number, more: Partial<PodState> = {}): PodState {
  return {
    name: `p${index}`,
    phase: 'Running',
    deleted: false,
    ready: 'True',
    readyTransition: NOW - 3_600_000,
    startTime: NOW - 3_600_000,
    ...more,
  };
}

/** A fresh sample of each value in milli-units; null for a pod without one. */
export function reading(values: readonly (number | null)[], request = CPU_REQUEST): PodReading {
  return {
    kind: 'pods',
    samples: values.map((value) =>
      value === null ? null : { value, timestamp: NOW - 5_000, window: 15_000 },
    ),
    strangers: [],
    requests: values.map(() => request),
  };
}

/** Old, ready pods with these uses of cpu at a time. */
export function scene(
  values: readonly (number | null)[],
  more: Partial<Observation> = {},
): Observation {
  return {
    now: NOW,
    specReplicas: values.length,
    statusReplicas: values.length,
    pods: values.map((_, i) => pod(i)),
    readings: [reading(values)],
    ...more,
  };
}
