import { applyBehavior } from './behavior-stage.js';
import { applyLegacyRules } from './legacy-stage.js';
import type { LimitedCount } from './limited-count.js';
import { recordRecommendation, recordScale } from './memory.js';
import { FAILURE_REASONS, runMetricStage, type MetricStage } from './metric-stage.js';
import type {
  Autoscaler,
  Condition,
  Conditions,
  ControllerMemory,
  Metric,
  Observation,
} from './types.js';

/** Which way through the algorithm a reconcile took. */
export type Course =
  /** The target has no pods and the autoscaler may not start any. */
  | 'disabled'
  /** The count was outside its bounds: corrected without a look at the metrics. */
  | 'above-max'
  | 'below-min'
  /** Metrics failed and nothing proves that the count may change. */
  | 'hold'
  /** The metrics decided, within the limits. */
  | 'metrics';

export interface Decision {
  course: Course;
  /** scale.spec.replicas before. */
  current: number;
  /** scale.spec.replicas after. */
  replicas: number;
  /** null where the metrics were not read. */
  metrics: MetricStage | null;
  /** null where no count of the metrics was limited. */
  limits: LimitedCount | null;
  conditions: Conditions;
  /** What the reconcile reports; a scale may have been written all the same. */
  error: string | null;
}

const condition = (status: Condition['status'], reason: string): Condition =>
  Object.freeze({ status, reason });
const GOT_SCALE = condition('True', 'SucceededGetScale');
const READY = condition('True', 'ReadyForNewScale');
const STABILIZED = {
  ScaleUpStabilized: condition('True', 'ScaleUpStabilized'),
  ScaleDownStabilized: condition('True', 'ScaleDownStabilized'),
};
const RESCALED = condition('True', 'SucceededRescale');
const ACTIVE = condition('True', 'ValidMetricFound');
const DISABLED = condition('False', 'ScalingDisabled');
const WITHIN_RANGE = condition('False', 'DesiredWithinRange');
const LIMITED = {
  ScaleUpLimit: condition('True', 'ScaleUpLimit'),
  ScaleDownLimit: condition('True', 'ScaleDownLimit'),
  TooManyReplicas: condition('True', 'TooManyReplicas'),
  TooFewReplicas: condition('True', 'TooFewReplicas'),
};
const FAILED = Object.fromEntries(
  Object.entries(FAILURE_REASONS).map(([kind, reason]) => [kind, condition('False', reason)]),
) as Record<Metric['kind'], Condition>;

/**
 * One sync of the controller: section 1 of the algorithm.
 *
 * @param memory changed in place; a new one stands for a controller that has restarted
 * @param previous the conditions in the object's status
 */
export function reconcile(
  autoscaler: Autoscaler,
  memory: ControllerMemory,
  observation: Observation,
  previous: Conditions = {},
): Decision {
  const { now, specReplicas: current } = observation;
  const { min, max, behavior } = autoscaler;
  if (memory.recommendations.length === 0) recordRecommendation(memory, -1, now, current);

  const conditions: Conditions = {
    AbleToScale: GOT_SCALE,
    ScalingActive: previous.ScalingActive,
    ScalingLimited: previous.ScalingLimited,
  };
  const decision: Decision = {
    course: 'metrics',
    current,
    replicas: current,
    metrics: null,
    limits: null,
    conditions,
    error: null,
  };
  if (current === 0 && min !== 0) {
    decision.course = 'disabled';
    conditions.ScalingActive = DISABLED;
    return decision;
  }
  if (current > max || current < min) {
    decision.course = current > max ? 'above-max' : 'below-min';
    decision.replicas = current > max ? max : min;
  } else {
    decideByMetrics(autoscaler, memory, observation, decision);
  }
  if (decision.replicas !== current) {
    conditions.AbleToScale = RESCALED;
    if (behavior !== null) recordScale(memory, behavior, now, current, decision.replicas);
  }
  return decision;
}

function decideByMetrics(
  autoscaler: Autoscaler,
  memory: ControllerMemory,
  observation: Observation,
  decision: Decision,
): void {
  const stage = runMetricStage(autoscaler, observation);
  const { conditions } = decision;
  decision.metrics = stage;
  if (stage.firstFailed >= 0) decision.error = errorOf(stage);
  if (stage.replicas < 0) {
    decision.course = 'hold';
    conditions.ScalingActive = FAILED[autoscaler.metrics[stage.firstFailed]!.kind];
    return;
  }
  conditions.ScalingActive = ACTIVE;
  const limits = limit(autoscaler, memory, observation.now, decision.current, stage.replicas);
  decision.limits = limits;
  decision.replicas = limits.replicas;
  conditions.AbleToScale = limits.stabilizedBy === null ? READY : STABILIZED[limits.stabilizedBy];
  conditions.ScalingLimited = limits.limitedBy === null ? WITHIN_RANGE : LIMITED[limits.limitedBy];
}

/** Stabilisation, policies and bounds on a count that the metrics ask for. */
export function limit(
  { min, max, behavior, settings }: Pick<Autoscaler, 'min' | 'max' | 'behavior' | 'settings'>,
  memory: ControllerMemory,
  now: number,
  current: number,
  desired: number,
): LimitedCount {
  return behavior === null
    ? applyLegacyRules(memory, now, current, desired, min, max, settings.downscaleStabilization)
    : applyBehavior(memory, behavior, now, current, desired, min, max);
}

function errorOf({ proposals, firstFailed }: MetricStage): string {
  let invalid = 0;
  for (const { error } of proposals) if (error !== null) invalid++;
  return `invalid metrics (${invalid} invalid out of ${proposals.length}), first error is: ${proposals[firstFailed]!.error}`;
}
