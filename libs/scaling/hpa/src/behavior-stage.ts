import type { LimitedCount } from './limited-count.js';
import { changeWithin, recordRecommendation } from './memory.js';
import type { Behavior, ControllerMemory, ScalingPolicy, ScalingRules } from './types.js';

const MAX_INT32 = 2_147_483_647;

/**
 * What becomes of the metrics' count with spec.behavior: section 1f of the algorithm. The count is
 * remembered as it came in.
 */
export function applyBehavior(
  memory: ControllerMemory,
  behavior: Behavior,
  now: number,
  current: number,
  desired: number,
  min: number,
  max: number,
): LimitedCount {
  const stabilized = stabilize(memory, behavior, now, current, desired);
  const outcome: LimitedCount = {
    replicas: stabilized,
    stabilized,
    stabilizedBy: null,
    limitedBy: null,
    rateLimit: null,
    policy: -1,
  };
  if (stabilized !== desired) {
    outcome.stabilizedBy = desired >= current ? 'ScaleUpStabilized' : 'ScaleDownStabilized';
  }
  if (stabilized > current) {
    const rate = upLimit(memory, behavior.up, now, current, outcome);
    const allowed = Math.min(max, rate);
    if (stabilized > allowed) {
      outcome.replicas = allowed;
      outcome.limitedBy = max > rate ? 'ScaleUpLimit' : 'TooManyReplicas';
    }
  } else if (stabilized < current) {
    const rate = downLimit(memory, behavior.down, now, current, outcome);
    const allowed = Math.max(min, rate);
    if (stabilized < allowed) {
      outcome.replicas = allowed;
      outcome.limitedBy = min < rate ? 'ScaleDownLimit' : 'TooFewReplicas';
    }
  }
  return outcome;
}

/** Keeps the current count between the lowest of the up window and the highest of the down window. */
function stabilize(
  memory: ControllerMemory,
  { up, down }: Behavior,
  now: number,
  current: number,
  desired: number,
): number {
  const upCutoff = now - up.stabilization;
  const downCutoff = now - down.stabilization;
  const { recommendations } = memory;
  let lowest = desired;
  let highest = desired;
  let obsolete = -1;
  for (let i = 0; i < recommendations.length; i++) {
    const { time, replicas } = recommendations[i]!;
    if (time > upCutoff && replicas < lowest) lowest = replicas;
    if (time > downCutoff && replicas > highest) highest = replicas;
    if (time < upCutoff && time < downCutoff) obsolete = i;
  }
  recordRecommendation(memory, obsolete, now, desired);
  return Math.min(Math.max(current, lowest), highest);
}

/** The count at the start of the policy's period, by the events that are still remembered. */
function startOf(
  { upEvents, downEvents }: ControllerMemory,
  now: number,
  current: number,
  period: number,
): number {
  return current - changeWithin(upEvents, now, period) + changeWithin(downEvents, now, period);
}

function upLimit(
  memory: ControllerMemory,
  { select, policies }: ScalingRules,
  now: number,
  current: number,
  outcome: LimitedCount,
): number {
  let limit = current;
  if (select !== 'Disabled') {
    let found = false;
    for (let i = 0; i < policies.length; i++) {
      const policy = policies[i]!;
      const proposed = upProposal(policy, startOf(memory, now, current, policy.period));
      if (!found || (select === 'Min' ? proposed < limit : proposed > limit)) {
        limit = proposed;
        outcome.policy = i;
        found = true;
      }
    }
  }
  return (outcome.rateLimit = Math.max(limit, current));
}

function downLimit(
  memory: ControllerMemory,
  { select, policies }: ScalingRules,
  now: number,
  current: number,
  outcome: LimitedCount,
): number {
  let limit = current;
  if (select !== 'Disabled') {
    let found = false;
    for (let i = 0; i < policies.length; i++) {
      const policy = policies[i]!;
      const proposed = downProposal(policy, startOf(memory, now, current, policy.period));
      // The smallest change leaves the most pods.
      if (!found || (select === 'Min' ? proposed > limit : proposed < limit)) {
        limit = proposed;
        outcome.policy = i;
        found = true;
      }
    }
  }
  return (outcome.rateLimit = Math.min(limit, current));
}

function upProposal({ type, value }: ScalingPolicy, start: number): number {
  // In this order: a percentage of a percentage rounds otherwise.
  const proposed = type === 'Pods' ? start + value : Math.ceil(start * (1 + value / 100));
  return Math.min(proposed, MAX_INT32);
}

function downProposal({ type, value }: ScalingPolicy, start: number): number {
  return type === 'Pods' ? start - value : Math.trunc(start * (1 - value / 100));
}
