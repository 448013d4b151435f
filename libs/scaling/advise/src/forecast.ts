import { costBand, type CostBand, type PriceBook, type Stage } from '@primetrade/scaling-cost';
import type { HpaSpec } from '@primetrade/scaling-hpa';
import { resample, type ServiceModel, simulate } from '@primetrade/scaling-simulate';
import type { ServiceEvidence } from './evidence.js';
import type { Sizing } from './sizing.js';

/** What the past load would have met with the advice. */
export interface Forecast {
  replicas: { min: number; mean: number; max: number };
  sloMinutesMissed: number;
  flaps: number;
}

const STEP = 15;
/** How full a pod is at the points of its curve, as a part of its allowance. */
const SHARES = [0.1, 0.3, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95];

/** Lets the load that was measured meet the advice: the simulator with the real algorithm. */
export function forecastOf(service: ServiceEvidence, sizing: Sizing, slo: number): Forecast {
  const samples = service.points
    .filter(({ rate }) => rate !== null)
    .map(({ time, rate }) => ({ time, rate: rate! }));
  const { services } = simulate({
    step: STEP,
    services: [
      {
        name: service.name,
        workload: resample(samples, STEP),
        model: modelOf(sizing),
        request: sizing.request,
        hpa: specOf(sizing),
        slo,
      },
    ],
  });
  const { replicas, sloMinutesMissed, flaps } = services[0]!;
  return { replicas, sloMinutesMissed, flaps };
}

/** A pod of M/M/1 with the measured processor time of a request, up to its limit. */
export function modelOf({ basis, limit }: Pick<Sizing, 'basis' | 'limit'>): ServiceModel {
  const { cpu, fixed, serviceTime } = basis;
  const allowance = Math.min(limit.cpu, 1000) - cpu.idle;
  return {
    points: SHARES.map((share) => ({
      rate: (share * allowance) / cpu.perRequest,
      p95: fixed + (3 * serviceTime) / (1 - share),
      mean: fixed / 3 + serviceTime / (1 - share),
    })),
    cpu,
    memory: { idle: basis.memory, perRequest: 0 },
    start: { schedule: 3, boot: 4, readiness: 5 },
    timeout: 10,
  };
}

/** As the chart renders it, with its default behavior. */
export function specOf({ hpa }: Pick<Sizing, 'hpa'>): HpaSpec {
  const resource = (name: string, averageUtilization: number) => ({
    type: 'Resource',
    resource: { name, target: { type: 'Utilization', averageUtilization } },
  });
  return {
    minReplicas: hpa.min,
    maxReplicas: hpa.max,
    metrics: [resource('memory', hpa.memory), resource('cpu', hpa.cpu)],
    behavior: {
      scaleUp: {
        stabilizationWindowSeconds: 0,
        policies: [
          { type: 'Percent', value: 100, periodSeconds: 15 },
          { type: 'Pods', value: 4, periodSeconds: 15 },
        ],
      },
      scaleDown: {
        stabilizationWindowSeconds: 300,
        policies: [
          { type: 'Percent', value: 25, periodSeconds: 60 },
          { type: 'Pods', value: 1, periodSeconds: 60 },
        ],
      },
    },
  };
}

/** A month of a phase. */
export interface Cost {
  phase: number;
  title: string;
  /** The day of the prices. */
  date: string;
  currency: string;
  band: CostBand;
}

/** What a phase costs with the advised pods; without any, as the price book has it. */
export function costOfPhase(
  book: PriceBook,
  phase: number,
  sized: readonly { sizing: Sizing; forecast: Forecast }[],
): Cost | null {
  const stage = book.stages.find((each) => each.phase === phase);
  if (stage === undefined) return null;
  const { title } = stage;
  const { date, currency } = book;
  return { phase, title, date, currency, band: bandOf(stage, sized) };
}

function bandOf(stage: Stage, sized: readonly { sizing: Sizing; forecast: Forecast }[]): CostBand {
  const sum = (of: (one: (typeof sized)[number]) => number) =>
    sized.reduce((total, one) => total + of(one), 0);
  const scaling = stage.lines.flatMap(({ parts }) => parts).find(({ scales }) => scales);
  const expected = sum(({ forecast }) => forecast.replicas.mean);
  if (sized.length === 0 || expected === 0) {
    const fixed = stage.lines
      .flatMap(({ parts }) => parts)
      .reduce((total, { item, quantity }) => total + item.price * quantity, 0);
    const machines = scaling?.quantity ?? null;
    const same = (value: number) => ({ floor: value, expected: value, ceiling: value });
    return { fixed, ...same(fixed), machines: machines === null ? null : same(machines) };
  }
  const mean = (resource: 'cpu' | 'memory') =>
    sum(({ sizing, forecast }) => forecast.replicas.mean * sizing.request[resource]) / expected;
  return costBand(stage, {
    pods: {
      floor: sum(({ sizing }) => sizing.hpa.min),
      expected,
      ceiling: sum(({ sizing }) => sizing.hpa.max),
    },
    request: { cpu: mean('cpu'), memory: mean('memory') },
  });
}
