import { ceilCount } from './integers.js';
import { failed, isWithin, type Outcome, type Proposal } from './proposal.js';
import type { Metric, PodState, Tolerances, ValueReading } from './types.js';

/**
 * The proposal of an Object or External metric: sections 1b (Value) and 1c (AverageValue) of the
 * algorithm.
 *
 * @param current scale.spec.replicas
 * @param running scale.status.replicas
 */
export function proposeFromTotal(
  metric: Metric,
  reading: ValueReading,
  pods: readonly PodState[],
  current: number,
  running: number,
  tolerances: Tolerances,
): Proposal {
  if (reading.values.length === 0) {
    return failed(
      `no metrics returned from ${metric.kind === 'External' ? 'external' : 'custom'} metrics API`,
    );
  }
  let total = 0;
  for (const value of reading.values) total += value;
  return metric.targetType === 'Value'
    ? fromValue(total, metric.target, pods, current, tolerances)
    : fromAverage(total, metric.target, running, tolerances);
}

function fromValue(
  total: number,
  target: number,
  pods: readonly PodState[],
  current: number,
  tolerances: Tolerances,
): Proposal {
  const ratio = total / target;
  if (current === 0) {
    // From zero there are no pods to multiply with, and no tolerance.
    const raw = ceilCount(ratio);
    return proposal(raw, 'scaled', ratio, 1, raw, total, 0);
  }
  let ready = 0;
  for (const pod of pods) if (pod.phase === 'Running' && pod.ready === 'True') ready++;
  const raw = ceilCount(ratio * ready);
  if (isWithin(ratio, tolerances)) {
    return proposal(current, 'within-tolerance', ratio, ready, raw, total, ready);
  }
  if (pods.length === 0) {
    return failed(
      'unable to calculate ready pods: no pods returned by selector while calculating replica count',
    );
  }
  return proposal(raw, 'scaled', ratio, ready, raw, total, ready);
}

function fromAverage(
  total: number,
  target: number,
  running: number,
  tolerances: Tolerances,
): Proposal {
  const ratio = total / (target * running);
  const raw = ceilCount(total / target);
  const within = isWithin(ratio, tolerances);
  const average = running === 0 ? total : Math.ceil(total / running);
  return proposal(
    within ? running : raw,
    within ? 'within-tolerance' : 'scaled',
    ratio,
    running,
    raw,
    average,
    0,
  );
}

function proposal(
  replicas: number,
  outcome: Outcome,
  ratio: number,
  counted: number,
  raw: number,
  average: number,
  ready: number,
): Proposal {
  return {
    replicas,
    outcome,
    ratio,
    filledRatio: ratio,
    counted,
    raw,
    utilization: null,
    average,
    ready,
    unready: 0,
    missing: 0,
    ignored: 0,
    error: null,
  };
}
