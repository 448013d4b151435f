import {
  addMemorySample,
  cpuRequest,
  createMemoryHistogram,
  growthWithin,
  hpaTarget,
  memoryAdvice,
  mm1MaxUtilization,
  poolSize,
  totalLag,
} from '@primetrade/scaling-capacity';
import type { Resources } from '@primetrade/scaling-cost';
import { allowanceOf } from './bottleneck.js';
import {
  CHART_SETTINGS,
  type Confidence,
  confidenceOf,
  type Evidence,
  type ServiceEvidence,
} from './evidence.js';
import { type CpuLine, cpuLine, known, quantile } from './statistics.js';
import { cores, mebibytes, milliseconds, moment, number, percent } from './words.js';

/** How a service should be set. */
export interface Sizing {
  request: Resources;
  limit: Resources;
  hpa: { min: number; max: number; cpu: number; memory: number };
  /** Connections of a pod; null for a service without a database. */
  pool: number | null;
  /** What it is made of. */
  basis: Basis;
  /** A line for each decision: the figures that it comes from. */
  evidence: { cpu: string; memory: string; target: string; replicas: string; pool: string | null };
}

interface Basis {
  confidence: Confidence;
  cpu: CpuLine;
  /** Seconds: response time beside the processor's queue. */
  fixed: number;
  /** Seconds of processor time of a request, at the pod's limit. */
  serviceTime: number;
  /** ρmax */
  maxUtilization: number;
  /** Requests a second of a pod at ρmax, and at the autoscaler's target. */
  rateAtMost: number;
  rateAtTarget: number;
  /** G */
  growth: number;
  /** Requests a second of all pods. */
  peak: number;
  /** Bytes of the largest pod on most days. */
  memory: number;
}

const MEBIBYTE = 1024 ** 2;
/** Above it, garbage collection and what else a node does come on top. */
const MOST_BUSY = 0.8;
/** As many as there are zones, as in the chart. */
const MIN_REPLICAS = 3;
const MAX_REPLICAS = 1000;
/** Room for a peak that is half as high again as any so far. */
const PEAK_FACTOR = 1.5;
/** Advice that is nearer than this to what is set leaves it. */
const DEAD_BAND = 0.1;
/** In percent of the request: what pods hold at rest is set to stay well below it. */
const MEMORY_TARGET = 90;
/** Seconds, where no pod's start was measured: image, boot and probe of the services here. */
const ASSUMED_START = { schedule: 3, boot: 4, readiness: 5 };
const SCRAPE = 15;
const SYNC = 15;

/** Why there is no sizing. */
export interface NoSizing {
  reason: string;
}

/**
 * Requests, limits, autoscaler and pool of one service. All come from what a request costs and how
 * many there are, never from how full pods are now: following the advice does not change it.
 *
 * @param slo seconds
 */
export function sizingOf(
  service: ServiceEvidence,
  evidence: Pick<Evidence, 'step' | 'podStart'>,
  slo: number,
): Sizing | NoSizing {
  const { points, settings, load } = service;
  const confidence = confidenceOf(service);
  if (confidence.word === 'none') {
    return {
      reason: `${number(confidence.days)} days with ${confidence.samples} samples; sizes need a day with ${1440}`,
    };
  }
  const measured = cpuLine(points);
  if (measured === null) return { reason: 'no requests, or no processor time, were measured' };
  const memory = memoryOf(service);
  if (memory === null) return { reason: 'no memory was measured for long enough' };

  // What is sized is a pod, also where processes were measured that have no limit.
  const allowance = allowanceOf({ settings: settings ?? CHART_SETTINGS });
  const serviceTime = measured.perRequest / allowance;
  const quiet = quantile(known(points, 'p95'), 0.25) ?? 0;
  const fixed = Math.max(0, quiet - 3 * serviceTime);
  if (fixed >= slo) {
    return {
      reason: `p95 is ${milliseconds(quiet)} even when there is little to do: pods are not why`,
    };
  }
  const within = Math.min(MOST_BUSY, mm1MaxUtilization(serviceTime, slo - fixed));
  if (within === 0) return { reason: 'one request takes longer than the objective' };

  const lab = load === null ? null : cpuRequest(load, slo);
  const byLine = measured.idle + within * Math.max(0, allowance - measured.idle);
  const cpu = settle(settings?.cpuRequest, Math.ceil((lab ?? byLine) / 10) * 10);
  const limitCpu = Math.max(allowance, cpu);
  // The autoscaler sees percent of the request, which is the cpu at ρmax: that is 100 % here.
  const lag = lagOf(evidence.podStart);
  const rates = known(points, 'rate');
  const growth = growthWithin(rates, evidence.step, lag) ?? 1;
  const share = hpaTarget(1, growth);
  const target = settle(
    settings?.hpa?.cpu,
    Math.min(95, Math.max(20, Math.floor((share * 100) / 5) * 5)),
  );
  const rateAt = (milli: number) => Math.max(0, milli - measured.idle) / measured.perRequest;
  const rateAtMost = rateAt(cpu);
  const rateAtTarget = rateAt((cpu * target) / 100);
  const peak = Math.max(...rates);
  const low = quantile(rates, 0.1)!;
  const pods = (rate: number) => (rateAtTarget > 0 ? Math.ceil(rate / rateAtTarget) : MAX_REPLICAS);
  const min = settle(settings?.hpa?.min, clamp(pods(low), MIN_REPLICAS, MAX_REPLICAS));
  const max = settle(
    settings?.hpa?.max,
    clamp(pods(peak * PEAK_FACTOR), Math.max(min, MIN_REPLICAS + 1), MAX_REPLICAS),
  );

  const resting = (memory.peak / (MEMORY_TARGET / 100)) * ((min + 1) / min);
  const request = settle(settings?.memoryRequest, upTo16Mi(Math.max(memory.target, resting)));
  const limitMemory = settle(
    settings?.memoryLimit,
    upTo16Mi(Math.max(memory.high, request * 1.25)),
    request,
  );
  const pool = poolOf(service, rateAtMost);
  const window = `${moment(points[0]!.time)} to ${moment(points[points.length - 1]!.time)}, ${confidence.samples} samples`;
  return {
    request: { cpu, memory: request },
    limit: { cpu: limitCpu, memory: limitMemory },
    hpa: { min, max, cpu: target, memory: MEMORY_TARGET },
    pool: pool && pool.size,
    basis: {
      confidence,
      cpu: measured,
      fixed,
      serviceTime,
      maxUtilization: within,
      rateAtMost,
      rateAtTarget,
      growth,
      peak,
      memory: memory.peak,
    },
    evidence: {
      cpu:
        lab === null
          ? `a request takes ${number(measured.perRequest)} ms of a core, an idle pod ${number(measured.idle)}m; p95 keeps ${milliseconds(slo)} up to ${percent(within)} of ${cores(allowance)} (${window})`
          : `cpu at the highest rate with p95 within ${milliseconds(slo)} in the load run`,
      memory: `the highest of most days is ${mebibytes(memory.peak)}; at rest, pods stay below the autoscaler's ${MEMORY_TARGET} %, so that memory does not hold pods that cpu lets go`,
      target: `load grows by ${number(growth)} within ${number(lag)} s (99th percentile), until a pod helps; the autoscaler tolerates 10 % more`,
      replicas: `${number(low)} requests a second in quiet hours, ${number(peak)} at most, half of that on top; ${number(rateAtTarget)} a pod at the target`,
      pool: pool && pool.evidence,
    },
  };
}

/** Seconds from more load to a pod that takes its share. */
function lagOf(podStart: number | null): number {
  const start = podStart === null ? ASSUMED_START : { schedule: 0, boot: podStart, readiness: 0 };
  return totalLag({ scrape: SCRAPE, sync: SYNC, ...start });
}

function memoryOf({
  points,
}: ServiceEvidence): { peak: number; target: number; high: number } | null {
  const histogram = createMemoryHistogram();
  for (const { time, memory } of points) {
    if (memory !== null) addMemorySample(histogram, time * 1000, memory);
  }
  // The last step of a day is missing in a day of samples.
  const advice = memoryAdvice(histogram, 0.99);
  return advice && { peak: advice.target / 1.15, target: advice.target, high: advice.high };
}

/** Connections for all requests that a pod may get until the autoscaler adds another. */
function poolOf(
  { points, settings }: ServiceEvidence,
  rateAtMost: number,
): { size: number; evidence: string } | null {
  let queries = 0;
  let seconds = 0;
  let requests = 0;
  for (const point of points) {
    if (point.queries === null || point.queryTime === null || point.rate === null) continue;
    queries += point.queries;
    seconds += point.queries * point.queryTime;
    requests += point.rate;
  }
  if (queries === 0 || requests === 0) return null;
  const perRequest = queries / requests;
  const time = seconds / queries;
  const size = Math.max(2, poolSize(perRequest * rateAtMost, time));
  return {
    size: settle(settings?.pool, size),
    evidence: `${number(perRequest)} statements a request of ${milliseconds(time)} each: ${number(perRequest * rateAtMost * time)} connections busy on average at ${number(rateAtMost)} requests a second`,
  };
}

/** What is set, where the advice is near to it; otherwise the advice. */
function settle(current: number | null | undefined, advised: number, least = 0): number {
  const isNear =
    current !== null &&
    current !== undefined &&
    current >= least &&
    Math.abs(advised - current) <= DEAD_BAND * current;
  return isNear ? current : advised;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}

function upTo16Mi(bytes: number): number {
  return Math.ceil(bytes / (16 * MEBIBYTE)) * 16 * MEBIBYTE;
}
