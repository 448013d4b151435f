import {
  drawDays,
  drawSpike,
  drawStep,
  type RateSample,
  resample,
} from '@primetrade/scaling-simulate';
import { readText } from '../files.js';
import { CommandError, EXIT, type Io } from '../io.js';
import { Prometheus } from '../prometheus.js';

export interface WorkloadOptions {
  workload?: string;
  prometheus?: string;
  query: string;
  window: number;
  until?: number;
  draw?: 'day' | 'spike' | 'step';
  base: number;
  peak: number;
  duration?: number;
  at?: number;
  noise: number;
  seed: number;
}

export interface Workload {
  /** In words. */
  title: string;
  /** Requests a second, one value a step. */
  rates: Float64Array;
}

const DAY = 86_400;
const HOUR = 3600;

/**
 * The requests a second of a file, of Prometheus, or of a drawing.
 *
 * @param step seconds
 * @throws CommandError if there is none, or not one source
 */
export async function workloadOf(
  options: WorkloadOptions,
  step: number,
  io: Io,
): Promise<Workload> {
  const { workload, prometheus, draw } = options;
  const sources = [workload, prometheus, draw].filter((source) => source !== undefined);
  if (sources.length !== 1) {
    throw new CommandError('give one of --workload, --prometheus and --draw', EXIT.usage);
  }
  if (draw !== undefined) return drawn(draw, options, step);
  const samples =
    workload !== undefined
      ? samplesOf(await readText(workload, io), workload)
      : await recorded(prometheus!, options);
  try {
    return {
      title: workload ?? `${options.query} at ${prometheus}`,
      rates: resample(samples, step),
    };
  } catch (error) {
    throw new CommandError(`${workload ?? prometheus}: ${(error as Error).message}`);
  }
}

function drawn(
  draw: NonNullable<WorkloadOptions['draw']>,
  options: WorkloadOptions,
  step: number,
): Workload {
  const { base, peak, noise, seed } = options;
  const duration = options.duration ?? (draw === 'day' ? DAY : 2 * HOUR);
  const common = { base, peak, duration, step, noise, seed };
  const at = options.at ?? duration / 4;
  try {
    const rates =
      draw === 'day'
        ? drawDays(common)
        : draw === 'spike'
          ? drawSpike({ ...common, at, rise: 60, hold: duration / 8 })
          : drawStep({ ...common, at });
    return { title: `a ${draw} drawn from ${base} to ${peak} requests a second`, rates };
  } catch (error) {
    throw new CommandError((error as Error).message, EXIT.usage);
  }
}

async function recorded(url: string, options: WorkloadOptions): Promise<RateSample[]> {
  const to = options.until ?? Math.floor(Date.now() / 1000);
  const step = Math.max(15, Math.ceil(options.window / 10_000));
  const series = await new Prometheus(url).range(options.query, to - options.window, to, step);
  if (series.length === 0) throw new CommandError(`${url}: ${options.query} has no series`);
  const sums = new Map<number, number>();
  for (const { points } of series) {
    for (const { time, value } of points) sums.set(time, (sums.get(time) ?? 0) + value);
  }
  return [...sums].sort(([a], [b]) => a - b).map(([time, rate]) => ({ time, rate }));
}

/**
 * CSV with lines of time and requests a second, or JSON: an array of {time, rate}, of pairs, or
 * {step, rates}. A time is in seconds, or a date such as 2026-11-24T08:00:00Z.
 */
function samplesOf(text: string, path: string): RateSample[] {
  const samples = /^\s*[[{]/.test(text) ? samplesOfJson(text, path) : samplesOfCsv(text, path);
  samples.forEach(({ time, rate }, i) => {
    if (!Number.isFinite(time)) throw new CommandError(`${path}: sample ${i + 1} has no time`);
    if (!(rate >= 0 && Number.isFinite(rate))) {
      throw new CommandError(`${path}: sample ${i + 1} has no rate of at least 0`);
    }
  });
  return samples;
}

function samplesOfCsv(text: string, path: string): RateSample[] {
  const rows = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(/[,;\t]/).map((cell) => cell.trim()));
  // Names of columns, where the first line has no number.
  if (rows.length > 0 && Number.isNaN(Number(rows[0]![1]))) rows.shift();
  return rows.map(([time, rate], i) => {
    if (rate === undefined || rate === '') {
      throw new CommandError(`${path}: sample ${i + 1} is not a time and a rate`);
    }
    return { time: timeOf(time!), rate: Number(rate) };
  });
}

function samplesOfJson(text: string, path: string): RateSample[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new CommandError(`${path}: not JSON: ${(error as Error).message}`);
  }
  if (Array.isArray(parsed)) {
    return parsed.map((item: unknown) => {
      const [time, rate] = Array.isArray(item)
        ? (item as unknown[])
        : [(item as { time?: unknown })?.time, (item as { rate?: unknown })?.rate];
      return { time: timeOf(time), rate: Number(rate) };
    });
  }
  const { step, rates } = parsed as { step?: unknown; rates?: unknown };
  if (!(Number(step) > 0) || !Array.isArray(rates)) {
    throw new CommandError(`${path}: neither a list of {time, rate} nor {step, rates}`);
  }
  // A rate holds for its step: it is put in the middle, and the ends are kept.
  const values = rates.map(Number);
  const middle = values.map((rate, i) => ({ time: (i + 0.5) * Number(step), rate }));
  return [
    { time: 0, rate: values[0]! },
    ...middle,
    { time: values.length * Number(step), rate: values.at(-1)! },
  ];
}

function timeOf(value: unknown): number {
  if (typeof value === 'number') return value;
  const text = String(value);
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : Date.parse(text) / 1000;
}
