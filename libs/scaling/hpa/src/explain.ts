import { explainMetric, percent, pods, type ExplainedMetric } from './explain-metric.js';
import type { LimitedCount } from './limited-count.js';
import type { Decision } from './reconcile.js';
import type { Autoscaler, ScalingPolicy } from './types.js';

/** What changed the count on its way from the metrics to the scale, or kept it. */
export interface ExplainedStep {
  stage: 'metrics' | 'stabilization' | 'policy' | 'bounds' | 'hold' | 'disabled';
  from: number;
  to: number;
  /** As in the object's conditions. */
  reason: string;
  words: string;
}

export interface Explanation {
  current: number;
  replicas: number;
  /** One sentence. */
  summary: string;
  metrics: ExplainedMetric[];
  /** In the order of the algorithm; steps that changed nothing are left out. */
  steps: ExplainedStep[];
}

/** Why a reconcile decided as it did, in words and as data. */
export function explain(autoscaler: Autoscaler, decision: Decision): Explanation {
  const { current, replicas } = decision;
  const metrics = (decision.metrics?.proposals ?? []).map((proposal, i) =>
    explainMetric(autoscaler.metrics[i]!, proposal, current, autoscaler.tolerances),
  );
  const steps = stepsOf(autoscaler, decision, metrics);
  const verb =
    replicas === current ? `stays at ${pods(current)}` : `${current} → ${pods(replicas)}`;
  return {
    current,
    replicas,
    summary: `${verb}: ${steps.map(({ words }) => words).join('; ')}.`,
    metrics,
    steps,
  };
}

function stepsOf(
  autoscaler: Autoscaler,
  decision: Decision,
  metrics: readonly ExplainedMetric[],
): ExplainedStep[] {
  const { course, current, replicas } = decision;
  const { min, max } = autoscaler;
  switch (course) {
    case 'disabled':
      return [
        {
          stage: 'disabled',
          from: 0,
          to: 0,
          reason: 'ScalingDisabled',
          words: 'the target has no pods, and minReplicas is not 0',
        },
      ];
    case 'above-max':
      return [
        {
          stage: 'bounds',
          from: current,
          to: replicas,
          reason: 'TooManyReplicas',
          words: `${current} is above maxReplicas ${max}; metrics, windows and policies do not count`,
        },
      ];
    case 'below-min':
      return [
        {
          stage: 'bounds',
          from: current,
          to: replicas,
          reason: 'TooFewReplicas',
          words: `${current} is below minReplicas ${min}; metrics, windows and policies do not count`,
        },
      ];
    case 'hold':
      return [holdStep(decision, metrics)];
    case 'metrics':
      return limitedSteps(autoscaler, decision, metrics, decision.limits!);
  }
}

function holdStep(
  { metrics: stage, current, conditions }: Decision,
  metrics: readonly ExplainedMetric[],
): ExplainedStep {
  const failures = metrics.filter(({ error }) => error !== null);
  const names = failures.map(({ name, error }) => `${name} (${error})`).join(', ');
  const all = failures.length === stage!.proposals.length;
  return {
    stage: 'hold',
    from: current,
    to: current,
    reason: conditions.ScalingActive!.reason,
    words: all
      ? `no metric has a value: ${names}`
      : `nothing is scaled down on a part of the metrics; without a value: ${names}`,
  };
}

function limitedSteps(
  autoscaler: Autoscaler,
  { current, metrics: stage }: Decision,
  metrics: readonly ExplainedMetric[],
  limits: LimitedCount,
): ExplainedStep[] {
  const desired = stage!.replicas;
  const steps: ExplainedStep[] = [
    {
      stage: 'metrics',
      from: current,
      to: desired,
      reason: 'ValidMetricFound',
      words: metrics[stage!.decidedBy]!.words,
    },
  ];
  if (limits.stabilizedBy !== null) {
    steps.push({
      stage: 'stabilization',
      from: desired,
      to: limits.stabilized,
      reason: limits.stabilizedBy,
      words: stabilizationWords(autoscaler, desired, limits),
    });
  }
  if (limits.limitedBy !== null) {
    const byBound = limits.limitedBy === 'TooFewReplicas' || limits.limitedBy === 'TooManyReplicas';
    steps.push({
      stage: byBound ? 'bounds' : 'policy',
      from: limits.stabilized,
      to: limits.replicas,
      reason: limits.limitedBy,
      words: byBound
        ? `${limits.limitedBy === 'TooFewReplicas' ? 'minReplicas' : 'maxReplicas'} makes ${limits.stabilized} into ${limits.replicas}`
        : policyWords(autoscaler, limits),
    });
  }
  return steps;
}

function stabilizationWords(
  { behavior, settings }: Autoscaler,
  desired: number,
  { stabilized }: LimitedCount,
): string {
  // The reason in the condition goes by the direction of the metrics, not by the window that acted.
  const raised = stabilized > desired;
  const window = behavior
    ? (raised ? behavior.down : behavior.up).stabilization
    : settings.downscaleStabilization;
  return (
    `within the last ${window / 1000} s the metrics asked for ` +
    `${raised ? 'more' : 'fewer'} pods, so ${desired} becomes ${stabilized}`
  );
}

function policyWords({ behavior }: Autoscaler, limits: LimitedCount): string {
  const { limitedBy, stabilized, replicas, policy } = limits;
  const changed = `so ${stabilized} becomes ${replicas}`;
  if (behavior === null) return `at most max(2 × current, 4) pods in one sync, ${changed}`;
  const isUp = limitedBy === 'ScaleUpLimit';
  const { select, policies } = isUp ? behavior.up : behavior.down;
  const direction = isUp ? 'scaleUp' : 'scaleDown';
  if (select === 'Disabled') return `${direction} is disabled, ${changed}`;
  return `the ${direction} policy ${policyText(policies[policy]!)} allows no more, ${changed}`;
}

function policyText({ type, value, period }: ScalingPolicy): string {
  return `${type === 'Percent' ? percent(value) : pods(value)} in ${period / 1000} s`;
}
