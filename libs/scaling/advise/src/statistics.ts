import type { Point } from './evidence.js';

/** The numbers of a column that are known. */
export function known(points: readonly Point[], column: keyof Point): number[] {
  const values: number[] = [];
  for (const point of points) {
    const value = point[column];
    if (value !== null) values.push(value);
  }
  return values;
}

/** @returns null of nothing */
export function mean(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** @returns null of nothing */
export function quantile(values: readonly number[], share: number): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
}

/** The steps with the most requests: one in fifty, and at least three. */
export function busiest(points: readonly Point[]): Point[] {
  const loaded = points.filter(({ rate }) => rate !== null && rate > 0);
  const count = Math.max(3, Math.ceil(loaded.length / 50));
  return loaded.sort((a, b) => b.rate! - a.rate!).slice(0, count);
}

/** What cpu a process takes without requests, and for each request a second; milli-cores. */
export interface CpuLine {
  idle: number;
  perRequest: number;
}

/**
 * The cpu of all processes as idle × processes + perRequest × requests a second, by least squares. It
 * does not depend on how many pods there are or how full an autoscaler keeps them, so that advice that
 * was followed does not change what it is made of.
 *
 * @returns null without requests
 */
export function cpuLine(points: readonly Point[]): CpuLine | null {
  let pp = 0;
  let pr = 0;
  let rr = 0;
  let pc = 0;
  let rc = 0;
  let rates = 0;
  let cpus = 0;
  for (const { processes, rate, cpu } of points) {
    if (rate === null || cpu === null || processes === 0) continue;
    pp += processes * processes;
    pr += processes * rate;
    rr += rate * rate;
    pc += processes * cpu;
    rc += rate * cpu;
    rates += rate;
    cpus += cpu;
  }
  if (rates === 0) return null;
  const determinant = pp * rr - pr * pr;
  // Rates in proportion to processes tell nothing apart: then all counts as the requests'.
  if (determinant > 1e-6 * pp * rr) {
    const idle = (pc * rr - rc * pr) / determinant;
    const perRequest = (rc * pp - pc * pr) / determinant;
    if (idle >= 0 && perRequest > 0) return { idle, perRequest };
  }
  return { idle: 0, perRequest: cpus / rates };
}
