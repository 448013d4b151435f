import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kubectlJson } from './commands.js';
import { primetrade } from './primetrade.js';
import type { Moment } from './recorder.js';
import type { Release, ServiceName } from './release.js';

/** How often the autoscaler decides, in seconds. */
const TICK_S = 15;
/** metrics-server's samples cover so many seconds, and are about as old. */
const SAMPLE_S = 30;

export interface Recording {
  moments: readonly Moment[];
  /** Requests a second that the service answered, one value a second of the recording. */
  rates: readonly number[];
  /** When the load began, when it changed for the first time and when it ended, in seconds. */
  loadAt: number;
  stepAt: number;
  endAt: number;
}

export interface Agreement {
  /** Pods at each tick. */
  real: number[];
  simulated: number[];
  /** Share of the ticks at which both are the same. */
  equal: number;
  /** What the simulator was told of a pod. */
  cpu: { idle: number; perRequest: number };
}

/**
 * Lets `primetrade simulate` meet the load that a service has met. It is told what a pod took before
 * the step and what it takes at rest; what the autoscaler did from the step on is for it to find.
 *
 * Nobody can know within which of 15 seconds an autoscaler decides: that is taken from its first change.
 */
export async function simulated(
  release: Release,
  service: ServiceName,
  { moments, rates, loadAt, stepAt, endAt }: Recording,
): Promise<Agreement> {
  const base = between(moments, loadAt + SAMPLE_S, stepAt);
  const rest = between(moments, endAt + 2 * SAMPLE_S, Infinity);
  const idle = mean(rest.map(({ cpu, replicas }) => cpu / replicas));
  const taken = mean(base.map(({ cpu, replicas }) => cpu - idle * replicas));
  const perRequest = taken / mean(rates.slice(Math.ceil(loadAt + SAMPLE_S), Math.floor(stepAt)));
  const hpa = await kubectlJson<{ spec: object }>(
    ...['get', 'hpa', `${release.name}-${service}`, '--namespace', release.namespace],
  );
  const deployment = await kubectlJson<{
    spec: { template: { spec: { containers: { resources: Resources }[] } } };
  }>(...['get', 'deployment', `${release.name}-${service}`, '--namespace', release.namespace]);
  const { requests, limits } = deployment.spec.template.spec.containers[0]!.resources;
  const most = (milliCores(limits.cpu) - idle) / perRequest;
  const model = {
    // Latency decides nothing here: only that a pod's limit of cpu is what it can do.
    points: [{ rate: most, p95: '150ms' }],
    cpu: { idle: `${idle.toFixed(3)}m`, perRequest },
    memory: { idle: Math.round(mean(base.map(({ memory }) => memory))) },
    request: requests,
  };
  const change = moments.find(({ replicas: now }) => now !== moments[0]!.replicas);
  const phase = (change?.at ?? 0) % TICK_S;
  const replicas = await simulate(hpa.spec, model, rates.slice(Math.round(phase)));
  const real = replicas.map((_, tick) => at(moments, phase + tick * TICK_S));
  const same = replicas.filter((count, tick) => count === real[tick]).length;
  return {
    real,
    simulated: replicas,
    equal: same / replicas.length,
    cpu: { idle, perRequest },
  };
}

interface Resources {
  requests: { cpu: string; memory: string };
  limits: { cpu: string };
}

async function simulate(spec: object, model: object, rates: readonly number[]): Promise<number[]> {
  const folder = await mkdtemp(join(tmpdir(), 'primetrade-simulation-'));
  try {
    const file = async (name: string, content: object) => {
      const path = join(folder, name);
      await writeFile(path, JSON.stringify(content));
      return path;
    };
    const output = await primetrade([
      ...['simulate', '--json'],
      ...['--workload', await file('workload.json', { step: 1, rates })],
      ...['--spec', await file('hpa.json', spec)],
      ...['--model', await file('model.json', model)],
    ]);
    const { runs } = JSON.parse(output) as { runs: { course: { replicas: number[] } }[] };
    return runs[0]!.course.replicas;
  } finally {
    await rm(folder, { recursive: true });
  }
}

function between(moments: readonly Moment[], from: number, to: number): Moment[] {
  const found = moments.filter(({ at: when }) => when >= from && when < to);
  if (found.length === 0) throw new Error(`Nothing was recorded between ${from} and ${to} s.`);
  return found;
}

/** Pods at a moment, in seconds: as they were seen last. */
function at(moments: readonly Moment[], seconds: number): number {
  return (moments.findLast((moment) => moment.at <= seconds) ?? moments[0]!).replicas;
}

function milliCores(quantity: string): number {
  return quantity.endsWith('m') ? Number(quantity.slice(0, -1)) : Number(quantity) * 1000;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
