import { podsPerMachine } from '@primetrade/scaling-cost';
import { NodePool } from './nodes.js';
import { checkScenario, DEFAULT_METRICS, DEFAULT_STEP, type Scenario } from './scenario.js';
import { Service, type ServiceCourse } from './service.js';
import { type ServiceSummary, summarize } from './summary.js';

export interface SimulatedService extends ServiceSummary {
  name: string;
  course: ServiceCourse;
}

export interface Simulation {
  /** Seconds. */
  step: number;
  steps: number;
  hours: number;
  services: SimulatedService[];
  /** Nodes that were paid, one value a step; null if nodes were not simulated. */
  nodes: { min: number; mean: number; max: number; hours: number; course: Int32Array } | null;
}

/**
 * Lets a workload meet pods, their autoscalers and the nodes below, step by step. The same scenario
 * gives the same result, always.
 *
 * A step is: nodes come and go; each autoscaler decides by samples of the past; pods find places or
 * cause nodes to be ordered; requests are answered by the pods that are ready.
 *
 * @throws ScenarioError if a field of the scenario is wrong
 * @throws InvalidSpecError if the API server would refuse an autoscaler
 */
export function simulate(scenario: Scenario): Simulation {
  checkScenario(scenario);
  const { step = DEFAULT_STEP, metrics = DEFAULT_METRICS, settings } = scenario;
  const steps = scenario.services[0]!.workload.length;
  const nodes = scenario.nodes ? new NodePool(scenario.nodes) : null;
  const services = scenario.services.map(
    (service, i) => new Service(service, step, metrics, settings, nodes, `services[${i}]`),
  );
  const podsOfNode = scenario.services.map(({ request }) =>
    scenario.nodes ? podsPerMachine(request, scenario.nodes.capacity) : Infinity,
  );
  const paid = new Int32Array(steps);
  for (let tick = 0; tick < steps; tick++) {
    const now = tick * step;
    nodes?.advance(now);
    for (const service of services) service.decide(tick);
    let needed = 0;
    for (let i = 0; i < services.length; i++) {
      services[i]!.place(tick);
      needed += services[i]!.pods.waiting / podsOfNode[i]!;
    }
    if (nodes !== null) {
      if (needed > 0) nodes.order(needed, now);
      paid[tick] = nodes.paid;
    }
    for (const service of services) service.answer(tick);
  }
  return {
    step,
    steps,
    hours: (steps * step) / 3600,
    services: services.map((service, i) => ({
      name: scenario.services[i]!.name,
      ...summarize(scenario.services[i]!, service.course, service.waiting, step),
      course: service.course,
    })),
    nodes: nodes && nodesOf(paid, step),
  };
}

function nodesOf(course: Int32Array, step: number): NonNullable<Simulation['nodes']> {
  let min = Infinity;
  let max = 0;
  let sum = 0;
  for (const count of course) {
    min = Math.min(min, count);
    max = Math.max(max, count);
    sum += count;
  }
  return { min, mean: sum / course.length, max, hours: (sum * step) / 3600, course };
}
