/**
 * How long it takes to simulate a week of 50 services at 15 s, on nodes that they share: each has days
 * of its own height, cpu and memory as metrics, and policies for scaling down.
 *
 *   npm run build && npm run bench -w @primetrade/scaling-simulate
 */
import { drawDays, simulate } from '@primetrade/scaling-simulate';

const SERVICES = 50;
const STEP = 15;
const WEEK = 7 * 86_400;
const MEBIBYTE = 1024 ** 2;

const resource = (name, averageUtilization) => ({
  type: 'Resource',
  resource: { name, target: { type: 'Utilization', averageUtilization } },
});
const hpa = {
  minReplicas: 2,
  maxReplicas: 60,
  metrics: [resource('cpu', 70), resource('memory', 80)],
  behavior: {
    scaleDown: { policies: [{ type: 'Percent', value: 25, periodSeconds: 60 }] },
  },
};
const model = {
  points: [
    { rate: 20, p95: 0.02 },
    { rate: 80, p95: 0.05 },
    { rate: 100, p95: 0.12 },
  ],
  cpu: { idle: 15, perRequest: 2.4 },
  memory: { idle: 110 * MEBIBYTE, perRequest: 50_000 },
  start: { schedule: 3, boot: 6, readiness: 5 },
  timeout: 10,
};

const scenario = {
  step: STEP,
  nodes: {
    capacity: { cpu: 4000, memory: 16_384 * MEBIBYTE },
    min: 10,
    max: 500,
    provision: 120,
    idle: 600,
  },
  services: Array.from({ length: SERVICES }, (_, i) => ({
    name: `service-${i}`,
    workload: drawDays({
      base: 20 + i,
      peak: 300 + 30 * i,
      duration: WEEK,
      step: STEP,
      noise: 0.1,
      seed: i + 1,
    }),
    model,
    request: { cpu: 250, memory: 256 * MEBIBYTE },
    hpa,
    slo: 0.15,
  })),
};

for (let round = 1; round <= 3; round++) {
  const wall = performance.now();
  const before = process.cpuUsage();
  const { services, steps, nodes } = simulate(scenario);
  const { user, system } = process.cpuUsage(before);
  const pods = services.reduce((sum, { replicas }) => sum + replicas.mean, 0);
  console.log(
    `${services.length} services × ${steps} steps: ${((user + system) / 1e6).toFixed(2)} s of processor time, ${((performance.now() - wall) / 1000).toFixed(2)} s; ${pods.toFixed(0)} pods on ${nodes.mean.toFixed(0)} nodes on average`,
  );
}
