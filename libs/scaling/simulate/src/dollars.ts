import { costBand, type CostBand, type Resources, type Stage } from '@primetrade/scaling-cost';
import type { NodeSpec, Scenario } from './scenario.js';
import type { Simulation } from './simulate.js';

/** 365.25 days ÷ 12. */
const HOURS_A_MONTH = 730.5;

/** What a run costs in a stage of the price book, in the book's currency. */
export interface Dollars {
  /** The time that was simulated. */
  run: number;
  /** A month that goes on like it. */
  month: number;
  /** Between minReplicas and maxReplicas all month; expected is the mean of the run. */
  band: CostBand;
}

/** The nodes of a stage: what the price book lets follow the number of pods; null if nothing does. */
export function machineOf(stage: Stage): { capacity: Resources; price: number } | null {
  const part = stage.lines.flatMap(({ parts }) => parts).find(({ scales }) => scales);
  return part ? { capacity: part.item.capacity!, price: part.item.price } : null;
}

/** Nodes of a stage's kind, as many as are needed. */
export function nodesOfStage(
  stage: Stage,
  { min, max, provision, idle }: Omit<NodeSpec, 'capacity'>,
): NodeSpec | null {
  const machine = machineOf(stage);
  return machine && { capacity: machine.capacity, min, max, provision, idle };
}

/** @throws RangeError if a pod fits on no machine of the stage */
export function dollarsOf(scenario: Scenario, simulation: Simulation, stage: Stage): Dollars {
  const { services, nodes, hours } = simulation;
  const sum = (of: (index: number) => number) =>
    services.reduce((total, _, index) => total + of(index), 0);
  const spec = (index: number) => scenario.services[index]!;
  const expected = sum((i) => services[i]!.replicas.mean);
  // Pods differ from service to service: the band has one of the mean size.
  const mean = (resource: keyof Resources) =>
    expected > 0
      ? sum((i) => services[i]!.replicas.mean * spec(i).request[resource]) / expected
      : spec(0).request[resource];
  const floor = sum((i) => Math.min(spec(i).hpa.minReplicas ?? 1, services[i]!.replicas.min));
  const ceiling = sum((i) => Math.max(spec(i).hpa.maxReplicas, services[i]!.replicas.max));
  const band = costBand(stage, {
    pods: { floor, expected, ceiling },
    request: { cpu: mean('cpu'), memory: mean('memory') },
  });
  const machine = machineOf(stage);
  const month = machine && nodes ? toCents(band.fixed + machine.price * nodes.mean) : band.expected;
  return { run: toCents((month * hours) / HOURS_A_MONTH), month, band };
}

function toCents(amount: number): number {
  return Math.round(amount * 100) / 100;
}
