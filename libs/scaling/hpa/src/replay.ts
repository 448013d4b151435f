import { assemble, behaviorOf } from './compile.js';
import { createMemory, recordRecommendation, recordScale } from './memory.js';
import { propose } from './metric-stage.js';
import { limit, reconcile, type Decision } from './reconcile.js';
import { podsAt, readingAt } from './recorded-input.js';
import type {
  BehaviorCase,
  BehaviorResult,
  CalcCase,
  CalcResult,
  Trace,
  TraceResult,
  TraceTick,
} from './recording.js';
import { DEFAULT_SETTINGS } from './settings.js';
import type { Autoscaler, Conditions, Metric, MetricReading, Observation } from './types.js';

const SECOND = 1000;
const MAX_INT32 = 2_147_483_647;
/** The metric of each function that a calc case may name; its target type is the rest of the name. */
const CALC_METRICS: Record<string, Pick<Metric, 'kind' | 'name'>> = {
  cpu: { kind: 'Resource', name: 'cpu' },
  memory: { kind: 'Resource', name: 'memory' },
  pods: { kind: 'Pods', name: 'custom' },
  object: { kind: 'Object', name: 'object' },
  external: { kind: 'External', name: 'external' },
};
const FN = /^(cpu|memory|pods|object|external)(Utilization|AverageValue|Value)$/;

/**
 * Runs one metric stage.
 *
 * @throws RangeError if the case names no function of the controller
 */
export function replayCalc(recorded: CalcCase): CalcResult {
  const [, source, targetType] = FN.exec(recorded.fn) ?? [];
  if (source === undefined) throw new RangeError(`${recorded.id}: there is no fn ${recorded.fn}`);
  const metric: Metric = {
    ...CALC_METRICS[source]!,
    container: null,
    targetType: targetType as Metric['targetType'],
    target: recorded.target,
  };
  const autoscaler: Autoscaler = {
    min: 0,
    max: MAX_INT32,
    metrics: [metric],
    behavior: null,
    tolerances: { up: recorded.toleranceUp, down: recorded.toleranceDown },
    settings: DEFAULT_SETTINGS,
  };
  const now = 0;
  const reading: MetricReading =
    metric.kind === 'External'
      ? { kind: 'values', values: recorded.externalValues ?? [] }
      : metric.kind === 'Object'
        ? { kind: 'values', values: [recorded.objectValue ?? 0] }
        : readingAt(recorded.pods ?? [], now, metric);
  const proposal = propose(autoscaler, metric, reading, {
    now,
    specReplicas: recorded.currentReplicas,
    statusReplicas: recorded.currentReplicas,
    pods: podsAt(recorded.pods ?? [], now),
    readings: [reading],
  });
  return {
    id: recorded.id,
    replicas: proposal.replicas,
    ...(proposal.utilization !== null && { utilization: proposal.utilization }),
    ...(proposal.average !== null && { average: proposal.average }),
    ...(proposal.error !== null && { error: proposal.error }),
  };
}

/**
 * Sends counts of the metrics through stabilisation and policies, from a controller that has just
 * started. What the API server would refuse is not refused here: the recorded controller took it.
 */
export function replayBehavior(recorded: BehaviorCase): BehaviorResult {
  const autoscaler = {
    min: recorded.minReplicas,
    max: recorded.maxReplicas,
    behavior: recorded.behavior ? behaviorOf(recorded.behavior, DEFAULT_SETTINGS) : null,
    settings: DEFAULT_SETTINGS,
  };
  const memory = createMemory();
  const result: BehaviorResult = {
    id: recorded.id,
    replicas: [],
    ableToScale: [],
    scalingLimited: [],
    scalingLimitedReason: [],
  };
  let now = 0;
  let current = recorded.startReplicas;
  for (const { dtSec, metricDesired } of recorded.steps) {
    now += dtSec * SECOND;
    if (memory.recommendations.length === 0) recordRecommendation(memory, -1, now, current);
    const limits = limit(autoscaler, memory, now, current, metricDesired);
    if (limits.replicas !== current && autoscaler.behavior !== null) {
      recordScale(memory, autoscaler.behavior, now, current, limits.replicas);
    }
    current = limits.replicas;
    result.replicas.push(current);
    result.ableToScale.push(limits.stabilizedBy ?? 'ReadyForNewScale');
    result.scalingLimited.push(limits.limitedBy !== null);
    result.scalingLimitedReason.push(limits.limitedBy ?? 'DesiredWithinRange');
  }
  return result;
}

/** Reconciles every tick of a trace, in turn. */
export function replayTrace(trace: Trace): TraceResult {
  const result: TraceResult = { name: trace.name, replicas: [], conditions: [], error: [] };
  for (const { decision } of decisionsOf(trace)) {
    result.replicas.push(decision.replicas);
    result.conditions.push(written(decision.conditions));
    result.error.push(decision.error !== null);
  }
  return result;
}

/** One decision a tick of a trace, with what it was made from: for explanations. */
export function* decisionsOf(trace: Trace): Generator<{
  autoscaler: Autoscaler;
  observation: Observation;
  decision: Decision;
}> {
  const autoscaler = assemble(trace.hpaSpec, DEFAULT_SETTINGS);
  let memory = createMemory();
  let conditions: Conditions = {};
  for (const tick of trace.ticks) {
    if (tick.controllerRestart) memory = createMemory();
    const observation = observationOf(autoscaler, tick);
    const decision = reconcile(autoscaler, memory, observation, conditions);
    conditions = decision.conditions;
    yield { autoscaler, observation, decision };
  }
}

function observationOf({ metrics }: Autoscaler, tick: TraceTick): Observation {
  const now = tick.tSec * SECOND;
  const recorded = tick.pods ?? [];
  return {
    now,
    specReplicas: tick.specReplicas,
    statusReplicas: tick.statusReplicas ?? tick.specReplicas,
    pods: podsAt(recorded, now),
    readings: metrics.map((metric) => {
      const down = tick.metricsDown?.find((api) => namesOf(metric).includes(api.toLowerCase()));
      if (down !== undefined) {
        return { kind: 'failed', error: `no metrics returned from ${down} metrics API` };
      }
      if (metric.kind === 'External') return { kind: 'values', values: tick.externalValues ?? [] };
      if (metric.kind === 'Object') {
        return { kind: 'values', values: tick.objectValue === undefined ? [] : [tick.objectValue] };
      }
      return readingAt(recorded, now, metric);
    }),
  };
}

/** The names under which a recording may say that a metric failed: its API, its kind, itself. */
function namesOf({ kind, name }: Metric): string[] {
  const api = kind === 'External' ? 'external' : kind.endsWith('Resource') ? 'resource' : 'custom';
  return [api, kind.toLowerCase(), name.toLowerCase()];
}

function written(conditions: Conditions): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [type, condition] of Object.entries(conditions) as [
    string,
    Conditions[keyof Conditions],
  ][]) {
    if (condition) texts[type] = `${condition.status}/${condition.reason}`;
  }
  return texts;
}
