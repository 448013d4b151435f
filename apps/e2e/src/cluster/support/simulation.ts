import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kubectlJson } from './commands.js';
import { milliCores } from './kubernetes.js';
import { primetrade } from './primetrade.js';
import type { Moment } from './recorder.js';
import type { Release, ServiceName } from './release.js';

/** How often the autoscaler decides, in seconds. */
const TICK_S = 15;
/** metrics-server's samples cover about so many seconds, and ended about so many ago. */
const SAMPLE_S = 15;
const SAMPLE_AGE_S = 10;

export interface Recording {
  moments: readonly Moment[];
  /** Requests a second that the service answered, one value a second of the recording. */
  rates: readonly number[];
  /** When the load began, in seconds of the recording. */
  loadAt: number;
}

export interface Agreement {
  /** Pods at each tick. */
  real: number[];
  simulated: number[];
  /** What the simulator was told of a pod. */
  cpu: { idle: number; perRequest: number };
}

/**
 * Lets `primetrade simulate` meet the load that a service has met, with what its pods took meanwhile:
 * what is compared is what the autoscaler makes of it, and when.
 *
 * Nobody can know within which of 15 seconds an autoscaler decides: that is taken from its first change.
 */
export async function simulated(
  release: Release,
  service: ServiceName,
  { moments, rates, loadAt }: Recording,
): Promise<Agreement> {
  const loaded = moments.filter(({ at: when }) => when >= loadAt + SAMPLE_S);
  const { idle, perRequest } = costOf(loaded, rates);
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
    memory: { idle: Math.round(mean(loaded.map(({ memory }) => memory))) },
    request: requests,
  };
  const change = moments.find(({ replicas: now }) => now !== moments[0]!.replicas);
  const phase = (change?.at ?? 0) % TICK_S;
  const replicas = await simulate(hpa.spec, model, rates.slice(Math.round(phase)));
  const real = replicas.map((_, tick) => at(moments, phase + tick * TICK_S));
  return { real, simulated: replicas, cpu: { idle, perRequest } };
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

/**
 * What pods take: least squares of cpu = idle × pods + perRequest × rate, as the advisor does it.
 * A sample covers the time before it.
 */
function costOf(moments: readonly Moment[], rates: readonly number[]) {
  let [pp, pr, rr, pc, rc] = [0, 0, 0, 0, 0];
  for (const { at: when, pods, cpu } of moments) {
    const until = Math.max(1, Math.round(when - SAMPLE_AGE_S));
    const rate = mean(rates.slice(Math.max(0, until - SAMPLE_S), until));
    pp += pods * pods;
    pr += pods * rate;
    rr += rate * rate;
    pc += pods * cpu;
    rc += rate * cpu;
  }
  const determinant = pp * rr - pr * pr;
  return {
    idle: (pc * rr - rc * pr) / determinant,
    perRequest: (rc * pp - pc * pr) / determinant,
  };
}

/** Pods at a moment, in seconds: as they were seen last. */
function at(moments: readonly Moment[], seconds: number): number {
  return (moments.findLast((moment) => moment.at <= seconds) ?? moments[0]!).replicas;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
