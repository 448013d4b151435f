import { floatOf, milliOf } from './quantity.js';
import { DEFAULT_SETTINGS } from './settings.js';
import type {
  BehaviorSpec,
  HpaSpec,
  MetricSpec,
  MetricTargetSpec,
  ScalingRulesSpec,
} from './spec.js';
import type {
  Autoscaler,
  Behavior,
  ControllerSettings,
  Metric,
  MetricKind,
  ScalingPolicy,
  ScalingRules,
  Tolerances,
} from './types.js';
import { InvalidSpecError, validateSpec } from './validation.js';

const SECOND = 1000;
const UP_POLICIES: readonly ScalingPolicy[] = [
  { type: 'Pods', value: 4, period: 15 * SECOND },
  { type: 'Percent', value: 100, period: 15 * SECOND },
];
const DOWN_POLICIES: readonly ScalingPolicy[] = [
  { type: 'Percent', value: 100, period: 15 * SECOND },
];
/** What the API server adds to a spec without metrics. */
const DEFAULT_METRIC: Metric = {
  kind: 'Resource',
  name: 'cpu',
  container: null,
  targetType: 'Utilization',
  target: 80,
};

/**
 * An autoscaling/v2 spec with its defaults (section 1f of the algorithm), quantities as numbers.
 *
 * @param settings flags of the controller that differ from its defaults
 * @throws InvalidSpecError if the API server would refuse the spec
 */
export function compile(spec: HpaSpec, settings: Partial<ControllerSettings> = {}): Autoscaler {
  const flags = { ...DEFAULT_SETTINGS, ...settings };
  const problems = validateSpec(spec, flags);
  if (problems.length > 0) throw new InvalidSpecError(problems);
  return assemble(spec, flags);
}

/** As compile, for a spec that is known to have been accepted by an API server. */
export function assemble(spec: HpaSpec, flags: ControllerSettings): Autoscaler {
  return {
    min: spec.minReplicas ?? 1,
    max: spec.maxReplicas,
    metrics: spec.metrics?.length ? spec.metrics.map(metricOf) : [DEFAULT_METRIC],
    behavior: spec.behavior ? behaviorOf(spec.behavior, flags) : null,
    tolerances: tolerancesOf(spec.behavior ?? {}, flags),
    settings: flags,
  };
}

/** spec.behavior with each direction's defaults: what is given replaces, policies as a whole. */
export function behaviorOf(spec: BehaviorSpec, settings: ControllerSettings): Behavior {
  return {
    up: rulesOf(spec.scaleUp ?? {}, 0, UP_POLICIES),
    down: rulesOf(spec.scaleDown ?? {}, settings.downscaleStabilization, DOWN_POLICIES),
  };
}

function tolerancesOf(spec: BehaviorSpec, settings: ControllerSettings): Tolerances {
  const or = (own: string | number | null | undefined) =>
    own === undefined || own === null ? settings.tolerance : floatOf(own);
  return { up: or(spec.scaleUp?.tolerance), down: or(spec.scaleDown?.tolerance) };
}

function rulesOf(
  spec: ScalingRulesSpec,
  stabilization: number,
  defaults: readonly ScalingPolicy[],
): ScalingRules {
  const seconds = spec.stabilizationWindowSeconds;
  const policies =
    spec.policies?.map(({ type, value, periodSeconds }) => ({
      type: type as ScalingPolicy['type'],
      value,
      period: periodSeconds * SECOND,
    })) ?? defaults;
  return {
    stabilization: seconds === undefined || seconds === null ? stabilization : seconds * SECOND,
    select: (spec.selectPolicy as ScalingRules['select'] | undefined) || 'Max',
    policies,
    longestPeriod: Math.max(0, ...policies.map(({ period }) => period)),
  };
}

function metricOf(spec: MetricSpec): Metric {
  const resource = { Resource: spec.resource, ContainerResource: spec.containerResource }[
    spec.type
  ];
  const custom = { Pods: spec.pods, Object: spec.object, External: spec.external }[spec.type];
  const source = resource ?? custom;
  if (source === undefined) throw new RangeError(`a metric of type ${spec.type} has no source`);
  return {
    kind: spec.type as MetricKind,
    name: resource?.name ?? custom!.metric.name,
    container: (spec.type === 'ContainerResource' && spec.containerResource?.container) || null,
    ...targetOf(source.target),
  };
}

function targetOf(target: MetricTargetSpec): Pick<Metric, 'targetType' | 'target'> {
  if (typeof target.averageUtilization === 'number') {
    return { targetType: 'Utilization', target: target.averageUtilization };
  }
  return target.averageValue !== undefined && target.averageValue !== null
    ? { targetType: 'AverageValue', target: milliOf(target.averageValue) }
    : { targetType: 'Value', target: milliOf(target.value!) };
}
