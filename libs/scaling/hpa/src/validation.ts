import { milliOf } from './quantity.js';
import { DEFAULT_SETTINGS } from './settings.js';
import type {
  BehaviorSpec,
  HpaSpec,
  MetricSpec,
  MetricTargetSpec,
  ScalingRulesSpec,
} from './spec.js';
import type { ControllerSettings } from './types.js';

/** One reason why the API server would refuse an object. */
export interface Problem {
  /** Such as spec.behavior.scaleUp.policies[0].value */
  field: string;
  message: string;
}

/** An autoscaler whose spec the API server would refuse. */
export class InvalidSpecError extends Error {
  constructor(readonly problems: readonly Problem[]) {
    super(problems.map(({ field, message }) => `${field}: ${message}`).join('; '));
    this.name = 'InvalidSpecError';
  }
}

const MAX_INT32 = 2_147_483_647;
/** Where a metric source keeps its fields, and which targets it takes. */
const SOURCES: Record<string, { key: keyof MetricSpec; targets: readonly string[] }> = {
  Resource: { key: 'resource', targets: ['Utilization', 'AverageValue'] },
  ContainerResource: { key: 'containerResource', targets: ['Utilization', 'AverageValue'] },
  Pods: { key: 'pods', targets: ['AverageValue'] },
  Object: { key: 'object', targets: ['Value', 'AverageValue'] },
  External: { key: 'external', targets: ['Value', 'AverageValue'] },
};
const TARGET_FIELDS = {
  Utilization: 'averageUtilization',
  AverageValue: 'averageValue',
  Value: 'value',
} as const;

/**
 * What the API server of Kubernetes 1.35 would refuse in a spec (its bounds: section 1g of the
 * algorithm). An empty list means that it is valid.
 */
export function validateSpec(
  spec: HpaSpec,
  settings: Pick<ControllerSettings, 'scaleToZero'> = DEFAULT_SETTINGS,
): Problem[] {
  const problems: Problem[] = [];
  const refuse = (field: string, message: string) => problems.push({ field, message });
  const { minReplicas, maxReplicas } = spec;
  const lowest = settings.scaleToZero ? 0 : 1;
  if (minReplicas !== undefined && minReplicas !== null) {
    if (!isInt32(minReplicas) || minReplicas < lowest) {
      refuse('spec.minReplicas', `must be a whole number of at least ${lowest}`);
    }
    const onlyPods = !(spec.metrics ?? []).some(
      ({ type }) => type === 'Object' || type === 'External',
    );
    if (minReplicas === 0 && settings.scaleToZero && onlyPods) {
      refuse('spec.metrics', 'needs an Object or External metric to scale from zero');
    }
  }
  if (!isInt32(maxReplicas) || maxReplicas < 1) {
    refuse('spec.maxReplicas', 'must be a whole number greater than 0');
  } else if (maxReplicas < (minReplicas ?? 1)) {
    refuse('spec.maxReplicas', 'must not be less than minReplicas');
  }
  spec.metrics?.forEach((metric, i) => checkMetric(metric, `spec.metrics[${i}]`, refuse));
  problems.push(...validateBehavior(spec.behavior));
  return problems;
}

/** What the API server would refuse in spec.behavior; absent and null are valid. */
export function validateBehavior(behavior: BehaviorSpec | null | undefined): Problem[] {
  const problems: Problem[] = [];
  const refuse = (field: string, message: string) => problems.push({ field, message });
  checkRules(behavior?.scaleUp, 'spec.behavior.scaleUp', refuse);
  checkRules(behavior?.scaleDown, 'spec.behavior.scaleDown', refuse);
  return problems;
}

type Refuse = (field: string, message: string) => void;

function checkMetric(metric: MetricSpec, field: string, refuse: Refuse): void {
  const source = SOURCES[metric.type];
  if (source === undefined) {
    return refuse(`${field}.type`, `must be one of ${Object.keys(SOURCES).join(', ')}`);
  }
  const at = `${field}.${source.key}`;
  const fields = metric[source.key] as
    | { name?: string; container?: string; metric?: { name?: string }; target?: MetricTargetSpec }
    | undefined;
  if (fields === undefined) return refuse(at, `is required by type ${metric.type}`);
  if (!(fields.name ?? fields.metric?.name)) refuse(`${at}.name`, 'is required');
  if (metric.type === 'ContainerResource' && !fields.container) {
    refuse(`${at}.container`, 'is required');
  }
  checkTarget(fields.target ?? {}, `${at}.target`, source.targets, refuse);
}

function checkTarget(
  target: MetricTargetSpec,
  field: string,
  allowed: readonly string[],
  refuse: Refuse,
): void {
  const given = Object.entries(TARGET_FIELDS).filter(
    ([, key]) => target[key] !== undefined && target[key] !== null,
  );
  if (given.length !== 1)
    return refuse(field, 'must set one of averageUtilization, averageValue, value');
  const [type, key] = given[0]!;
  if (!allowed.includes(type))
    return refuse(`${field}.${key}`, `may not be set: use ${allowed.join(' or ')}`);
  if (target.type !== undefined && target.type !== type) {
    return refuse(`${field}.type`, `is ${target.type}, but ${key} is set`);
  }
  const value = target[key]!;
  try {
    if (type === 'Utilization' ? !isInt32(value) || value < 1 : milliOf(value) <= 0) {
      refuse(`${field}.${key}`, 'must be greater than 0');
    }
  } catch (error) {
    refuse(`${field}.${key}`, (error as Error).message);
  }
}

function checkRules(
  rules: ScalingRulesSpec | null | undefined,
  field: string,
  refuse: Refuse,
): void {
  if (rules === undefined || rules === null) return;
  const { stabilizationWindowSeconds: window, selectPolicy, policies, tolerance } = rules;
  if (window !== undefined && window !== null && !isWithin(window, 0, 3600)) {
    refuse(`${field}.stabilizationWindowSeconds`, 'must be between 0 and 3600');
  }
  if (selectPolicy && !['Max', 'Min', 'Disabled'].includes(selectPolicy)) {
    refuse(`${field}.selectPolicy`, 'must be Max, Min or Disabled');
  }
  if (policies?.length === 0) refuse(`${field}.policies`, 'must have at least one policy');
  policies?.forEach((policy, i) => {
    const at = `${field}.policies[${i}]`;
    if (policy.type !== 'Pods' && policy.type !== 'Percent')
      refuse(`${at}.type`, 'must be Pods or Percent');
    if (!isWithin(policy.value, 1, MAX_INT32)) refuse(`${at}.value`, 'must be greater than 0');
    if (!isWithin(policy.periodSeconds, 1, 1800)) {
      refuse(`${at}.periodSeconds`, 'must be between 1 and 1800');
    }
  });
  if (tolerance === undefined || tolerance === null) return;
  try {
    if (milliOf(tolerance) < 0) refuse(`${field}.tolerance`, 'must not be negative');
  } catch (error) {
    refuse(`${field}.tolerance`, (error as Error).message);
  }
}

function isInt32(value: unknown): value is number {
  return Number.isInteger(value) && Math.abs(value as number) <= MAX_INT32;
}

function isWithin(value: unknown, from: number, to: number): boolean {
  return isInt32(value) && value >= from && value <= to;
}
