import { podsPerMachine, type Resources } from '@primetrade/scaling-cost';
import { type NodeSpec, ScenarioError } from './scenario.js';

/** The system's share of a node, as the price of a phase assumes it. */
const USABLE = 0.9;

interface Node {
  cpu: number;
  memory: number;
  pods: number;
  /** Since when it has had no pods, in seconds. */
  emptySince: number;
}

/**
 * Nodes as a cluster autoscaler keeps them: a new one when pods find no place, less by one when it has
 * been empty for a while. A pod goes to the first node with room, so that the last ones become empty;
 * none is moved.
 */
export class NodePool {
  private readonly nodes: (Node | null)[] = [];
  /** When nodes that have been ordered arrive, in seconds. */
  private arrivals: number[] = [];
  private alive = 0;

  constructor(private readonly spec: NodeSpec) {
    for (let i = 0; i < spec.min; i++) this.add(0);
  }

  /** Nodes that are paid: those that are there and those that are coming. */
  get paid(): number {
    return this.alive + this.arrivals.length;
  }

  /** Lets nodes in that have been ordered, and lets go those that have been empty. */
  advance(now: number): void {
    if (this.arrivals.length > 0 && this.arrivals[0]! <= now) {
      const arrived = this.arrivals.filter((time) => time <= now).length;
      this.arrivals = this.arrivals.slice(arrived);
      for (let i = 0; i < arrived; i++) this.add(now);
    }
    if (this.alive <= this.spec.min) return;
    for (let i = this.nodes.length - 1; i >= 0 && this.alive > this.spec.min; i--) {
      const node = this.nodes[i];
      if (node && node.pods === 0 && now - node.emptySince >= this.spec.idle) {
        this.nodes[i] = null;
        this.alive--;
      }
    }
  }

  /** The node that takes a pod; -1 if none has room. */
  place({ cpu, memory }: Resources): number {
    for (let i = 0; i < this.nodes.length; i++) {
      const node = this.nodes[i];
      if (node && node.cpu >= cpu && node.memory >= memory) {
        node.cpu -= cpu;
        node.memory -= memory;
        node.pods++;
        return i;
      }
    }
    return -1;
  }

  /** As place, for pods that were there before the simulation began. */
  placeAtStart(request: Resources, field: string): number {
    const node = this.place(request);
    if (node >= 0) return node;
    if (this.alive >= this.spec.max) {
      throw new ScenarioError(field, 'do not fit on the nodes at the start');
    }
    podsPerMachine(request, this.spec.capacity);
    this.add(0);
    return this.place(request);
  }

  release(index: number, { cpu, memory }: Resources, now: number): void {
    const node = this.nodes[index]!;
    node.cpu += cpu;
    node.memory += memory;
    node.pods--;
    if (node.pods === 0) node.emptySince = now;
  }

  /**
   * Orders what pods without a place need.
   *
   * @param needed nodes; less than one is one
   */
  order(needed: number, now: number): void {
    const wanted = Math.ceil(needed - 1e-9) - this.arrivals.length;
    const room = this.spec.max - this.paid;
    for (let i = 0; i < Math.min(wanted, room); i++) this.arrivals.push(now + this.spec.provision);
  }

  private add(now: number): void {
    const { cpu, memory } = this.spec.capacity;
    const node = { cpu: cpu * USABLE, memory: memory * USABLE, pods: 0, emptySince: now };
    const free = this.nodes.indexOf(null);
    if (free < 0) this.nodes.push(node);
    else this.nodes[free] = node;
    this.alive++;
  }
}
