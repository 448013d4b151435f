import { drawDays, simulate } from '@primetrade/scaling-simulate';
import { type Evidence, type Point, type ServiceEvidence, UNMEASURED } from '../evidence.js';
import { modelOf, specOf } from '../forecast.js';
import type { Sizing } from '../sizing.js';

export const MEBIBYTE = 1024 ** 2;
/** 2026-11-17T00:00:00Z, a day's beginning. */
const START = 1_794_873_600;
const STEP = 60;
const DAY = 86_400;

/** A quiet service with what the test is about in each step. */
export function points(count: number, more: Partial<Point>, step = 15): Point[] {
  return Array.from({ length: count }, (_, i) => ({
    ...UNMEASURED,
    time: START + i * step,
    processes: 1,
    rate: 100,
    errors: 0,
    p95: 0.02,
    cpu: 200,
    memory: 150 * MEBIBYTE,
    lag: 0.011,
    busy: 1,
    waiting: 0,
    pool: 20,
    queries: 300,
    queryTime: 0.002,
    slowQueries: 0,
    ...more,
  }));
}

export function service(
  given: readonly Point[],
  more: Partial<ServiceEvidence> = {},
): ServiceEvidence {
  return { name: 'tasks', points: given, settings: null, load: null, ...more };
}

export function evidence(
  services: readonly ServiceEvidence[],
  more: Partial<Evidence> = {},
): Evidence {
  return {
    source: 'a test',
    phase: 3,
    step: 15,
    services,
    maxConnections: null,
    podStart: null,
    ...more,
  };
}

/** How pods are set before anybody advised: the chart's defaults. */
export const CHART = {
  cpuRequest: 250,
  cpuLimit: 500,
  memoryRequest: 256 * MEBIBYTE,
  memoryLimit: 512 * MEBIBYTE,
  hpa: { min: 3, max: 20, cpu: 70, memory: 80 },
  pool: 6,
};

/** What is true of a service, whatever anybody sets. */
const TRUTH = {
  cpu: { idle: 15, perRequest: 2.5 },
  fixed: 0.012,
  memory: 140 * MEBIBYTE,
  queriesPerRequest: 3,
  queryTime: 0.002,
};

/**
 * Days of a service with these settings, as Prometheus would have them: the simulator's pods under its
 * autoscaler, so that the settings change what is measured.
 */
export function livedWith(
  name: string,
  settings: NonNullable<ServiceEvidence['settings']>,
  days: number,
  peak: number,
): ServiceEvidence {
  const limit = { cpu: settings.cpuLimit!, memory: settings.memoryLimit! };
  const serviceTime = TRUTH.cpu.perRequest / Math.min(limit.cpu, 1000);
  const basis = { ...TRUTH, serviceTime } as unknown as Sizing['basis'];
  const { min, max, cpu, memory } = settings.hpa!;
  const workload = drawDays({ base: 40, peak, duration: days * DAY, step: 15, noise: 0.05 });
  const { services } = simulate({
    services: [
      {
        name,
        workload,
        model: modelOf({ basis, limit }),
        request: { cpu: settings.cpuRequest!, memory: settings.memoryRequest! },
        hpa: specOf({ hpa: { min, max, cpu: cpu!, memory: memory! } }),
        slo: 0.1,
      },
    ],
  });
  const { course } = services[0]!;
  const lived: Point[] = [];
  for (let i = 0; i + 4 <= workload.length; i += STEP / 15) {
    const processes = course.ready[i]!;
    const rate = course.served[i]! / 15;
    lived.push({
      ...UNMEASURED,
      time: START + i * 15,
      processes,
      rate,
      errors: 0,
      p95: course.p95[i]!,
      cpu: course.cpu[i]! * processes,
      memory: course.memory[i]!,
      lag: 0.011,
      busy: rate * TRUTH.queriesPerRequest * TRUTH.queryTime,
      waiting: 0,
      pool: settings.pool! * processes,
      queries: rate * TRUTH.queriesPerRequest,
      queryTime: TRUTH.queryTime,
      slowQueries: 0,
    });
  }
  return { name, points: lived, settings, load: null };
}
