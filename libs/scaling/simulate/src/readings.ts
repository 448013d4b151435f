import type { Resources } from '@primetrade/scaling-cost';
import type {
  Autoscaler,
  Metric,
  MetricReading,
  PodReading,
  Sample,
} from '@primetrade/scaling-hpa';
import type { Pods } from './pods.js';
import { ScenarioError, type ServiceModel } from './scenario.js';

const SECOND = 1000;
const NOBODY: readonly Sample[] = [];

/** What pods did in each step so far. */
export interface Past {
  /** Milli-cores of a ready pod. */
  cpu: Float64Array;
  /** Bytes of a ready pod. */
  memory: Float64Array;
  /** Requests a second of a ready pod. */
  perPod: Float64Array;
  /** Requests a second of all pods. */
  rate: ArrayLike<number>;
}

/** A metric of the autoscaler with where its values come from. */
interface Source {
  reading: PodReading | { kind: 'values'; values: number[] };
  column: keyof Past;
  /** Milli-units of one unit of the column. */
  factor: number;
  settled: Sample;
  young: Sample;
}

/**
 * Makes what a metrics API would answer: all pods that have been ready long enough have the same
 * sample, as requests are shared evenly; younger ones have that of an idle pod, or none yet.
 */
export class Readings {
  readonly list: MetricReading[];
  private readonly sources: Source[];
  /** Shares of the steps before this one in a sample, the latest first. */
  private readonly shares: number[];

  constructor(
    autoscaler: Autoscaler,
    model: ServiceModel,
    private readonly request: Resources,
    private readonly step: number,
    private readonly metrics: { delay: number; window: number },
    field: string,
  ) {
    const window = metrics.window * SECOND;
    this.sources = autoscaler.metrics.map((metric) => sourceOf(metric, model, window, field));
    this.list = this.sources.map(({ reading }) => reading);
    this.shares = sharesOf(step, metrics);
  }

  /** Seconds after readiness from which on a sample covers a ready pod alone. */
  get sampleAge(): number {
    return this.metrics.delay + this.metrics.window;
  }

  /**
   * The readings at the beginning of a step.
   *
   * @param tick number of the step
   */
  update(tick: number, pods: Pods, past: Past): void {
    const end = tick * this.step - this.metrics.delay;
    const timestamp = end * SECOND;
    const beginning = end - this.metrics.window;
    for (const source of this.sources) {
      const value = Math.round(this.mean(past[source.column], tick) * source.factor);
      const { reading } = source;
      if (reading.kind === 'values') {
        reading.values[0] = value;
        continue;
      }
      source.settled.value = value;
      source.settled.timestamp = timestamp;
      source.young.timestamp = timestamp;
      const samples = reading.samples as (Sample | null)[];
      const requests = reading.requests as (number | null)[];
      const amount = source.column === 'memory' ? this.request.memory * SECOND : this.request.cpu;
      const { count, settled } = pods;
      while (requests.length < count) requests.push(amount);
      samples.length = count;
      requests.length = count;
      for (let i = 0; i < settled; i++) samples[i] = source.settled;
      for (let i = settled; i < count; i++) {
        samples[i] = pods.runningSince(i) <= beginning ? source.young : null;
      }
    }
  }

  /** A column over the time of a sample; before the first step all was as the column begins. */
  private mean(column: ArrayLike<number>, tick: number): number {
    let sum = 0;
    let weight = 0;
    for (let j = 0; j < this.shares.length; j++) {
      const at = Math.max(tick - 1 - j, 0);
      sum += column[at]! * this.shares[j]!;
      weight += this.shares[j]!;
    }
    return sum / weight;
  }
}

function sourceOf(metric: Metric, model: ServiceModel, window: number, field: string): Source {
  const sample = { value: 0, timestamp: 0, window };
  const perPod = metric.kind !== 'Object' && metric.kind !== 'External';
  const column = columnOf(metric, perPod);
  if (column === null) {
    throw new ScenarioError(
      `${field}.hpa`,
      `has the metric ${metric.name}, which is not simulated: there are cpu, memory and, for Pods, Object and External, requests a second`,
    );
  }
  const idle = column === 'cpu' ? model.cpu.idle : column === 'memory' ? model.memory.idle : 0;
  const factor = column === 'cpu' ? 1 : SECOND;
  return {
    reading: perPod
      ? { kind: 'pods', samples: [], strangers: NOBODY, requests: [] }
      : { kind: 'values', values: [0] },
    column,
    factor,
    settled: { ...sample },
    young: { ...sample, value: Math.round(idle * factor) },
  };
}

function columnOf({ kind, name }: Metric, perPod: boolean): keyof Past | null {
  if (kind === 'Resource' || kind === 'ContainerResource') {
    return name === 'cpu' || name === 'memory' ? name : null;
  }
  if (!/req|rps|qps/i.test(name)) return null;
  return perPod ? 'perPod' : 'rate';
}

/** How much of each step before now lies in [now − delay − window, now − delay]. */
function sharesOf(step: number, { delay, window }: { delay: number; window: number }): number[] {
  const shares: number[] = [];
  for (let j = 0; j * step < delay + window; j++) {
    const overlap = Math.min((j + 1) * step, delay + window) - Math.max(j * step, delay);
    shares.push(Math.max(0, overlap) / window);
  }
  return shares;
}
