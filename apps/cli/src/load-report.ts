import type { LoadPoint } from '@primetrade/scaling-simulate';
import { isMapping } from './fields.js';
import { CommandError } from './io.js';

/** What a load run says of the process that it asked. */
export interface LoadCurve {
  /** By good answers a second, in rising order. */
  points: LoadPoint[];
  /** A straight line through the processor time that was used; null if it was not measured. */
  cpu: { idle: number; perRequest: number } | null;
  /** Cpu at each point in milli-cores, where it was measured. */
  cpuAt: (number | null)[];
  /** Bytes at the most; null if it was not measured. */
  memory: number | null;
}

/** More failures than this, and a point shows an overload rather than an answer time. */
const FAILED_SHARE = 0.01;

/**
 * Whether a file is what `primetrade load --json` writes: it has points with a rate and latencyMs.
 * Fields beyond those that are read here may come and go.
 */
export function isLoadReport(parsed: Record<string, unknown>): boolean {
  const { points } = parsed;
  return Array.isArray(points) && points.some((point) => isMapping(point) && 'latencyMs' in point);
}

/**
 * The points of a load run, each a rate that was held: `good` answers in `seconds`, latencyMs.p95 and
 * .mean, serverCpuCores, serverMemoryBytes. Those with dropped or many failed requests are left out.
 *
 * @throws CommandError if the run was invalid, or has no point that can be used
 */
export function loadCurveOf(report: Record<string, unknown>, path: string): LoadCurve {
  const { judgement } = report;
  if (isMapping(judgement) && judgement['valid'] === false) {
    throw new CommandError(`${path}: the load run was invalid and says nothing of the server`);
  }
  const usable = (report['points'] as unknown[])
    .filter(isMapping)
    .map(pointOf)
    .filter((point) => point !== null)
    .sort((a, b) => a.rate - b.rate)
    // Of two points with one rate, the one with the longer answer times counts.
    .filter(({ rate }, i, all) => rate !== all[i + 1]?.rate);
  if (usable.length === 0) throw new CommandError(`${path}: no point without failures`);
  const known = usable.filter(({ cpu }) => cpu !== null);
  const memories = usable.map(({ memory }) => memory).filter((memory) => memory !== null);
  return {
    points: usable.map(({ rate, p95, mean }) => ({ rate, p95, ...(mean !== null && { mean }) })),
    cpu: known.length >= 2 ? lineThrough(known.map(({ rate, cpu }) => [rate, cpu!])) : null,
    cpuAt: usable.map(({ cpu }) => cpu),
    memory: memories.length > 0 ? Math.max(...memories) : null,
  };
}

interface Point {
  rate: number;
  p95: number;
  mean: number | null;
  cpu: number | null;
  memory: number | null;
}

function pointOf(point: Record<string, unknown>): Point | null {
  const latency = isMapping(point['latencyMs']) ? point['latencyMs'] : {};
  const number = (value: unknown) => (typeof value === 'number' && value > 0 ? value : null);
  const seconds = number(point['seconds']);
  const good = number(point['good']);
  const rate = seconds && good ? good / seconds : number(point['rate']);
  const p95 = number(latency['p95']);
  const failed = number(point['failed']) ?? 0;
  const sent = number(point['sent']) ?? good ?? 1;
  if (rate === null || p95 === null || number(point['dropped']) !== null) return null;
  if (failed / sent > FAILED_SHARE) return null;
  const cores = number(point['serverCpuCores']);
  const mean = number(latency['mean']);
  return {
    rate,
    p95: p95 / 1000,
    mean: mean === null ? null : mean / 1000,
    cpu: cores === null ? null : cores * 1000,
    memory: number(point['serverMemoryBytes']),
  };
}

/** Least squares; what it takes without requests is at least 0. */
function lineThrough(points: [number, number][]): { idle: number; perRequest: number } {
  const mean = (of: 0 | 1) => points.reduce((sum, point) => sum + point[of], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const slope =
    points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0) /
    points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
  const perRequest = Math.max(0, Math.min(slope, y / x));
  return { idle: y - perRequest * x, perRequest };
}
