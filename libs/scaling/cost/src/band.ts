import type { Resources, Stage } from './price-book.js';
import { costOf, toCents } from './table.js';

/** The same measure at the least, on a usual day, and at the most. */
export interface Band {
  floor: number;
  expected: number;
  ceiling: number;
}

export interface CostBand extends Band {
  /** What does not follow the number of pods. */
  fixed: number;
  /** The machines that the pods need; null if nothing of the stage scales. */
  machines: Band | null;
}

export interface PodDemand {
  /** minReplicas, the mean of a simulated day, and maxReplicas, over all services. */
  pods: Band;
  /** Requests of one pod. */
  request: Resources;
}

/** What the system's own pods and the kubelet take of a machine. */
const RESERVED_SHARE = 0.1;

/**
 * How many pods fit on a machine by their requests.
 *
 * @throws RangeError if not one does
 */
export function podsPerMachine(request: Resources, capacity: Resources): number {
  const usable = 1 - RESERVED_SHARE;
  const fit = Math.floor(
    Math.min((capacity.cpu * usable) / request.cpu, (capacity.memory * usable) / request.memory),
  );
  if (fit < 1) {
    throw new RangeError(
      'no pod fits on a machine: its requests are above 90 % of what the machine has',
    );
  }
  return fit;
}

/**
 * What a stage costs a month between its fewest and its most pods. Machines are paid whole.
 *
 * @throws RangeError if the band of pods is not in order, or a pod fits on no machine
 */
export function costBand(stage: Stage, { pods, request }: PodDemand): CostBand {
  const { floor, expected, ceiling } = pods;
  if (!(floor >= 0 && floor <= expected && expected <= ceiling && Number.isFinite(ceiling))) {
    throw new RangeError('pods must be in order: floor, expected, ceiling');
  }
  const parts = stage.lines.flatMap((line) => line.parts);
  const fixed = costOf(parts.filter(({ scales }) => !scales));
  const scaling = parts.find(({ scales }) => scales);
  if (scaling === undefined) {
    return { fixed, floor: fixed, expected: fixed, ceiling: fixed, machines: null };
  }
  const perMachine = podsPerMachine(request, scaling.item.capacity!);
  const machines: Band = {
    floor: Math.ceil(floor / perMachine),
    expected: Math.ceil(expected / perMachine),
    ceiling: Math.ceil(ceiling / perMachine),
  };
  const cost = (count: number) => toCents(fixed + scaling.item.price * count);
  return {
    fixed,
    floor: cost(machines.floor),
    expected: cost(machines.expected),
    ceiling: cost(machines.ceiling),
    machines,
  };
}
