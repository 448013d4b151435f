import type { Resources } from '@primetrade/scaling-cost';
import type { PodState } from '@primetrade/scaling-hpa';
import type { NodePool } from './nodes.js';
import type { ServiceModel } from './scenario.js';

const SECOND = 1000;
const HOUR = 3_600_000;

/** A pod and when it reaches its next stages, in seconds. */
interface Pod {
  state: PodState;
  node: number;
  runningAt: number;
  readyAt: number;
}

/**
 * The pods of one service, the oldest first. They become ready in this order, and the newest are the
 * first to go, as a ReplicaSet chooses: without a node before starting before ready, the young ones
 * before the old.
 */
export class Pods {
  /** What the autoscaler sees; kept between steps and changed in place. */
  readonly states: PodState[] = [];
  /** Pods before this one have been ready for longer than a sample lasts. */
  settled = 0;
  private readonly pods: Pod[] = [];
  private readonly spare: Pod[] = [];
  private unplaced = 0;

  constructor(
    private readonly start: ServiceModel['start'],
    private readonly request: Resources,
    private readonly nodes: NodePool | null,
  ) {}

  get count(): number {
    return this.pods.length;
  }

  /** Pods that wait for a node. */
  get waiting(): number {
    return this.unplaced;
  }

  /** Pods that have been ready for an hour when the simulation begins. */
  begin(count: number, field: string): void {
    for (let i = 0; i < count; i++) {
      const pod = this.add();
      pod.node = this.nodes?.placeAtStart(this.request, field) ?? -1;
      const ages = { startTime: -HOUR, readyTransition: -HOUR };
      Object.assign(pod.state, { phase: 'Running', ready: 'True', ...ages });
      pod.runningAt = -HOUR / SECOND;
      pod.readyAt = -HOUR / SECOND;
    }
    this.settled = count;
  }

  scaleTo(count: number, now: number): void {
    while (this.pods.length > count) this.removeLast(now);
    while (this.pods.length < count) {
      this.add();
      this.unplaced++;
    }
    this.settled = Math.min(this.settled, count);
  }

  /** Gives pods their nodes as far as there is room. */
  place(now: number): void {
    const { schedule, boot, readiness } = this.start;
    for (let i = this.pods.length - this.unplaced; i < this.pods.length; i++) {
      const node = this.nodes === null ? -1 : this.nodes.place(this.request);
      if (this.nodes !== null && node < 0) return;
      const pod = this.pods[i]!;
      pod.node = node;
      pod.state.startTime = now * SECOND;
      pod.runningAt = now + schedule;
      pod.readyAt = pod.runningAt + boot + readiness;
      this.unplaced--;
    }
  }

  /**
   * Brings the states of pods up to date.
   *
   * @param sampleAge seconds after which a pod that is ready has a sample like all others
   */
  advance(now: number, sampleAge: number): void {
    for (let i = this.settled; i < this.pods.length; i++) {
      const { state, readyAt, runningAt } = this.pods[i]!;
      if (state.phase === 'Pending' && runningAt <= now) {
        state.phase = 'Running';
        state.ready = 'False';
        state.readyTransition = runningAt * SECOND;
      }
      if (state.ready === 'False' && readyAt <= now) {
        state.ready = 'True';
        state.readyTransition = readyAt * SECOND;
      }
      if (i === this.settled && readyAt + sampleAge <= now) this.settled++;
    }
  }

  /** Pods that take requests between two times; one that becomes ready in between is a part of one. */
  servingWithin(from: number, to: number): number {
    let pods = this.settled;
    for (let i = this.settled; i < this.pods.length; i++) {
      const { readyAt } = this.pods[i]!;
      if (readyAt >= to) break;
      pods += readyAt <= from ? 1 : (to - readyAt) / (to - from);
    }
    return pods;
  }

  /** Since when a pod has used cpu, in seconds; Infinity before. */
  runningSince(index: number): number {
    return this.pods[index]!.runningAt;
  }

  private add(): Pod {
    const pod = this.spare.pop() ?? podOf(this.pods.length);
    this.pods.push(pod);
    this.states.push(pod.state);
    return pod;
  }

  private removeLast(now: number): void {
    const pod = this.pods.pop()!;
    this.states.pop();
    if (this.unplaced > 0) this.unplaced--;
    else if (pod.node >= 0) this.nodes!.release(pod.node, this.request, now);
    reset(pod);
    this.spare.push(pod);
  }
}

function podOf(index: number): Pod {
  const pod: Pod = {
    state: {
      name: `pod-${index}`,
      phase: 'Pending',
      deleted: false,
      ready: null,
      readyTransition: 0,
      startTime: null,
    },
    node: -1,
    runningAt: Infinity,
    readyAt: Infinity,
  };
  reset(pod);
  return pod;
}

function reset(pod: Pod): void {
  pod.state.phase = 'Pending';
  pod.state.ready = null;
  pod.state.readyTransition = 0;
  pod.state.startTime = null;
  pod.node = -1;
  pod.runningAt = Infinity;
  pod.readyAt = Infinity;
}
