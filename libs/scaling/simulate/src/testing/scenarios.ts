import type { HpaSpec } from '@primetrade/scaling-hpa';
import type { Scenario, ServiceModel, ServiceScenario } from '../scenario.js';

export const MEBIBYTE = 1024 ** 2;

/** A pod that does 100 requests a second, with 250 milli-cores at 90 of them. */
export const MODEL: ServiceModel = {
  points: [
    { rate: 20, p95: 0.02 },
    { rate: 90, p95: 0.08 },
    { rate: 100, p95: 0.2 },
  ],
  cpu: { idle: 16, perRequest: 2.6 },
  memory: { idle: 100 * MEBIBYTE, perRequest: 10_000 },
  start: { schedule: 2, boot: 6, readiness: 4 },
  timeout: 5,
};

/** An autoscaler for cpu at 70 %, with what the test is about. */
export function hpa(more: Partial<HpaSpec> = {}): HpaSpec {
  return {
    minReplicas: 2,
    maxReplicas: 20,
    metrics: [
      {
        type: 'Resource',
        resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } },
      },
    ],
    ...more,
  };
}

/** One service with what the test is about. */
export function scenario(
  service: Partial<ServiceScenario> & { workload: ArrayLike<number> },
  more: Partial<Scenario> = {},
): Scenario {
  return {
    services: [
      {
        name: 'tasks',
        model: MODEL,
        request: { cpu: 250, memory: 256 * MEBIBYTE },
        hpa: hpa(),
        slo: 0.1,
        ...service,
      },
    ],
    ...more,
  };
}
