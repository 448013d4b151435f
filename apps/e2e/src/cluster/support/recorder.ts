import { setTimeout as delay } from 'node:timers/promises';
import { kubectl, kubectlJson } from './commands.js';
import {
  componentOf,
  type Deployment,
  type List,
  type Metadata,
  milliCores,
} from './kubernetes.js';
import type { Release, ServiceName } from './release.js';

const EVERY_MS = 2_000;
const METRICS = '/apis/metrics.k8s.io/v1beta1/namespaces';

/** What a service was at one moment. */
export interface Moment {
  /** Seconds since the recording began. */
  at: number;
  /** Pods that the autoscaler wants. */
  replicas: number;
  /** Pods that metrics-server knows, and the milli-cores that they take together. */
  pods: number;
  cpu: number;
  /** Bytes of memory in the mean of these pods. */
  memory: number;
}

interface PodMetrics {
  metadata: Metadata;
  containers: { usage: { cpu: string; memory: string } }[];
}

/** Writes down, every other second, what autoscalers do and what they see. */
export class Recorder {
  private readonly began = performance.now();
  private readonly moments = new Map<ServiceName, Moment[]>();
  private running = true;
  private readonly done: Promise<void>;

  constructor(
    private readonly release: Release,
    services: readonly ServiceName[],
  ) {
    for (const service of services) this.moments.set(service, []);
    this.done = this.record();
    // Whoever ends it hears of the failure.
    this.done.catch(() => undefined);
  }

  /** Seconds since it began. */
  get seconds(): number {
    return (performance.now() - this.began) / 1000;
  }

  of(service: ServiceName): readonly Moment[] {
    return this.moments.get(service)!;
  }

  async stop(): Promise<void> {
    this.running = false;
    await this.done;
  }

  private async record(): Promise<void> {
    const { name, namespace } = this.release;
    const selector = `app.kubernetes.io/instance=${name}`;
    for (;;) {
      // One more after the end: what was waited for belongs to it.
      const last = !this.running;
      const at = this.seconds;
      const [deployments, metrics] = await Promise.all([
        kubectlJson<List<Deployment>>('get', 'deployments', '-n', namespace, '-l', selector),
        kubectl('get', '--raw', `${METRICS}/${namespace}/pods`),
      ]);
      const pods = (JSON.parse(metrics) as List<PodMetrics>).items;
      for (const [service, moments] of this.moments) {
        const own = pods.filter((pod) => componentOf(pod) === service);
        const usage = own.flatMap(({ containers }) => containers.map((each) => each.usage));
        moments.push({
          at,
          replicas: deployments.items.find((each) => componentOf(each) === service)!.spec.replicas,
          pods: own.length,
          cpu: sum(usage.map(({ cpu }) => milliCores(cpu))),
          memory: sum(usage.map(({ memory }) => bytes(memory))) / Math.max(1, own.length),
        });
      }
      if (last) return;
      await delay(EVERY_MS);
    }
  }
}

function bytes(quantity: string): number {
  const [, digits, unit] = /^(\d+)(Ki|Mi|Gi)?$/.exec(quantity)!;
  return Number(digits) * 1024 ** ['', 'Ki', 'Mi', 'Gi'].indexOf(unit ?? '');
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
