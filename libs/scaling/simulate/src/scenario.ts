import type { Resources } from '@primetrade/scaling-cost';
import type { ControllerSettings, HpaSpec } from '@primetrade/scaling-hpa';

/** One step of a load run on one pod. */
export interface LoadPoint {
  /** Requests a second. */
  rate: number;
  /** 95th percentile of the response time, in seconds. */
  p95: number;
  /** Mean response time in seconds; a third of p95 if it is not given, as for an exponential time. */
  mean?: number;
}

/** How one pod of a service behaves. */
export interface ServiceModel {
  /** Rates in rising order. The last one is what the pod can do: above it, requests queue. */
  points: readonly LoadPoint[];
  cpu: {
    /** Milli-cores without any request. */
    idle: number;
    /** Milli-cores that one request a second takes. */
    perRequest: number;
  };
  memory: {
    /** Bytes without any request. */
    idle: number;
    /** Bytes of a request that is being answered. */
    perRequest: number;
  };
  /** What a new pod passes through, in seconds. */
  start: {
    /** From its place on a node to a started container: the image is pulled here. */
    schedule: number;
    /** From there until the process can answer. */
    boot: number;
    /** From there until a probe has seen it and requests arrive. */
    readiness: number;
  };
  /** Seconds that a request may queue until it fails. */
  timeout: number;
}

export interface ServiceScenario {
  name: string;
  /** Requests a second, one value a step. */
  workload: ArrayLike<number>;
  model: ServiceModel;
  /** Requests of a pod. */
  request: Resources;
  hpa: HpaSpec;
  /** The objective for the 95th percentile, in seconds. */
  slo: number;
  /** Pods at the start; minReplicas if it is not given. */
  replicas?: number;
}

/** Nodes that come when pods find no place, and go when they are empty. */
export interface NodeSpec {
  /** What a node has; a tenth of it is the system's. */
  capacity: Resources;
  min: number;
  max: number;
  /** Seconds from a pod without a place to a node that takes it. */
  provision: number;
  /** Seconds that a node is empty before it goes. */
  idle: number;
}

export interface Scenario {
  services: readonly ServiceScenario[];
  /** Seconds of a step, which is the autoscaler's sync period too; 15 if it is not given. */
  step?: number;
  /** Shared by all services; without them each pod finds a place at once. */
  nodes?: NodeSpec | null;
  /** What the autoscaler reads: samples over `window` seconds that ended `delay` seconds ago. */
  metrics?: { delay: number; window: number };
  /** Flags of the controller that differ from its defaults. */
  settings?: Partial<ControllerSettings>;
}

export const DEFAULT_STEP = 15;
/** metrics-server asks every 15 s: a sample is half of that old on average, and the kubelet's older. */
export const DEFAULT_METRICS = { delay: 10, window: 15 } as const;

/** A scenario that cannot be simulated; `field` is where. */
export class ScenarioError extends Error {
  constructor(
    readonly field: string,
    problem: string,
  ) {
    super(`${field} ${problem}`);
    this.name = 'ScenarioError';
  }
}

/** @throws ScenarioError that names the first field which is wrong */
export function checkScenario(scenario: Scenario): void {
  const { services, step = DEFAULT_STEP, nodes, metrics = DEFAULT_METRICS } = scenario;
  requireAbove('step', step, 0);
  requireAtLeast('metrics.delay', metrics.delay, 0);
  requireAbove('metrics.window', metrics.window, 0);
  if (services.length === 0) throw new ScenarioError('services', 'is empty');
  const ticks = services[0]!.workload.length;
  if (ticks === 0) throw new ScenarioError('services[0].workload', 'is empty');
  services.forEach((service, i) => {
    const field = `services[${i}]`;
    if (service.workload.length !== ticks) {
      throw new ScenarioError(`${field}.workload`, 'is not as long as that of the first service');
    }
    for (let k = 0; k < ticks; k++) {
      requireAtLeast(`${field}.workload[${k}]`, service.workload[k]!, 0);
    }
    requireAbove(`${field}.request.cpu`, service.request.cpu, 0);
    requireAbove(`${field}.request.memory`, service.request.memory, 0);
    requireAbove(`${field}.slo`, service.slo, 0);
    if (service.replicas !== undefined) requireCount(`${field}.replicas`, service.replicas, 0);
    checkModel(service.model, `${field}.model`);
  });
  if (nodes) checkNodes(nodes);
}

/** @throws ScenarioError that names the first field which is wrong */
export function checkModel(model: ServiceModel, field = 'model'): void {
  if (model.points.length === 0) throw new ScenarioError(`${field}.points`, 'is empty');
  let before = 0;
  model.points.forEach(({ rate, p95, mean }, i) => {
    if (!(rate > before) || !Number.isFinite(rate)) {
      throw new ScenarioError(`${field}.points[${i}].rate`, `is not above ${before}`);
    }
    before = rate;
    requireAbove(`${field}.points[${i}].p95`, p95, 0);
    if (mean !== undefined) requireAbove(`${field}.points[${i}].mean`, mean, 0);
  });
  for (const [part, values] of Object.entries({
    cpu: model.cpu,
    memory: model.memory,
    start: model.start,
  })) {
    for (const [name, value] of Object.entries(values as Record<string, number>)) {
      requireAtLeast(`${field}.${part}.${name}`, value, 0);
    }
  }
  requireAbove(`${field}.timeout`, model.timeout, 0);
}

function checkNodes({ capacity, min, max, provision, idle }: NodeSpec): void {
  requireAbove('nodes.capacity.cpu', capacity.cpu, 0);
  requireAbove('nodes.capacity.memory', capacity.memory, 0);
  requireCount('nodes.min', min, 0);
  requireCount('nodes.max', max, Math.max(1, min));
  requireAtLeast('nodes.provision', provision, 0);
  requireAtLeast('nodes.idle', idle, 0);
}

function requireAbove(field: string, value: number, bound: number): void {
  if (!(value > bound) || !Number.isFinite(value)) {
    throw new ScenarioError(field, `is not a number above ${bound}`);
  }
}

function requireAtLeast(field: string, value: number, bound: number): void {
  if (!(value >= bound) || !Number.isFinite(value)) {
    throw new ScenarioError(field, `is not a number of at least ${bound}`);
  }
}

function requireCount(field: string, value: number, bound: number): void {
  if (!Number.isInteger(value) || value < bound) {
    throw new ScenarioError(field, `is not a whole number of at least ${bound}`);
  }
}
