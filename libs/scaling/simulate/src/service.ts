import {
  type Autoscaler,
  compile,
  type ControllerMemory,
  createMemory,
  type Observation,
  reconcile,
} from '@primetrade/scaling-hpa';
import type { NodePool } from './nodes.js';
import { Pods } from './pods.js';
import { type Past, Readings } from './readings.js';
import type { Scenario, ServiceScenario } from './scenario.js';
import { interpolate, meanOf, serve, type Step } from './traffic.js';

const SECOND = 1000;

/** What happened to a service, one value a step. */
export interface ServiceCourse {
  /** scale.spec.replicas */
  replicas: Int32Array;
  /** Pods that took requests; a part of one did so for a part of the step. */
  ready: Float64Array;
  /** Seconds. */
  p95: Float64Array;
  served: Float64Array;
  failed: Float64Array;
  /** Milli-cores of a ready pod. */
  cpu: Float64Array;
  /** Bytes of a ready pod. */
  memory: Float64Array;
  /** Pods that wait for a node. */
  withoutNode: Int32Array;
}

/** One service while it is simulated. */
export class Service {
  readonly course: ServiceCourse;
  readonly pods: Pods;
  /** Requests that wait. */
  waiting = 0;
  private replicas: number;
  private readonly autoscaler: Autoscaler;
  private readonly memory: ControllerMemory = createMemory();
  private readonly readings: Readings;
  private readonly past: Past;
  private readonly observation: Observation;
  private readonly result: Step = { served: 0, failed: 0, waiting: 0, p95: 0, perPod: 0 };

  constructor(
    private readonly scenario: ServiceScenario,
    private readonly step: number,
    metrics: { delay: number; window: number },
    settings: Scenario['settings'],
    nodes: NodePool | null,
    field: string,
  ) {
    const { workload, model, request, hpa } = scenario;
    this.autoscaler = compile(hpa, settings);
    this.replicas = scenario.replicas ?? this.autoscaler.min;
    this.pods = new Pods(model.start, request, nodes);
    this.pods.begin(this.replicas, `${field}.replicas`);
    this.readings = new Readings(this.autoscaler, model, request, step, metrics, field);
    this.course = courseOf(workload.length);
    const { cpu, memory } = this.course;
    this.past = { cpu, memory, perPod: new Float64Array(workload.length), rate: workload };
    this.observation = {
      now: 0,
      specReplicas: 0,
      statusReplicas: 0,
      pods: this.pods.states,
      readings: this.readings.list,
    };
    // The first sample is of a load that has been as it is in the first step.
    this.answer(0);
    this.waiting = 0;
  }

  /** The autoscaler's decision at the beginning of a step. */
  decide(tick: number): void {
    const now = tick * this.step;
    const { pods, observation } = this;
    pods.advance(now, this.readings.sampleAge);
    this.readings.update(tick, pods, this.past);
    observation.now = now * SECOND;
    observation.specReplicas = this.replicas;
    observation.statusReplicas = pods.count;
    this.replicas = reconcile(this.autoscaler, this.memory, observation).replicas;
    pods.scaleTo(this.replicas, now);
  }

  /** Puts pods on nodes as far as there is room; called for each service in turn. */
  place(tick: number): void {
    if (this.pods.waiting > 0) this.pods.place(tick * this.step);
  }

  /** The requests of a step. */
  answer(tick: number): void {
    const { scenario, step, course, past, result } = this;
    const { model, workload } = scenario;
    const from = tick * step;
    const ready = this.pods.servingWithin(from, from + step);
    serve(model, workload[tick]!, this.waiting, ready, step, result);
    this.waiting = result.waiting;
    const { perPod } = result;
    const inFlight = perPod * interpolate(model.points, perPod, meanOf);
    course.replicas[tick] = this.replicas;
    course.ready[tick] = ready;
    course.p95[tick] = result.p95;
    course.served[tick] = result.served;
    course.failed[tick] = result.failed;
    course.cpu[tick] = model.cpu.idle + model.cpu.perRequest * perPod;
    course.memory[tick] = model.memory.idle + model.memory.perRequest * inFlight;
    course.withoutNode[tick] = this.pods.waiting;
    past.perPod[tick] = perPod;
  }
}

function courseOf(ticks: number): ServiceCourse {
  return {
    replicas: new Int32Array(ticks),
    ready: new Float64Array(ticks),
    p95: new Float64Array(ticks),
    served: new Float64Array(ticks),
    failed: new Float64Array(ticks),
    cpu: new Float64Array(ticks),
    memory: new Float64Array(ticks),
    withoutNode: new Int32Array(ticks),
  };
}
