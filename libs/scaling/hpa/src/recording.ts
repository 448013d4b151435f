import type { BehaviorSpec, HpaSpec } from './spec.js';
import type { ConditionStatus, PodPhase } from './types.js';

/**
 * The formats in which runs of the real controller are recorded. What is expected of a replay is in
 * the same files in fields named expected…, ableToScaleReason and scalingLimited…: a replay does
 * not read them.
 */

export interface RecordedSample {
  valueMilli: number;
  /** Seconds since the end of the window. */
  ageSec: number;
  windowSec: number;
}

export interface RecordedPod {
  name: string;
  phase: PodPhase;
  deleted?: boolean;
  ready?: ConditionStatus | null;
  startAgeSec?: number | null;
  readyTransitionAgeSec?: number | null;
  cpuRequestMilli?: number | null;
  memRequestMilli?: number | null;
  cpu?: RecordedSample | null;
  memory?: RecordedSample | null;
  custom?: RecordedSample | null;
}

/** One run of the metric stage. */
export interface CalcCase {
  id: string;
  /** Such as cpuUtilization or externalAverageValue. */
  fn: string;
  currentReplicas: number;
  /** Percent or milli-units. */
  target: number;
  toleranceDown: number;
  toleranceUp: number;
  pods: RecordedPod[];
  objectValue?: number;
  externalValues?: number[];
}

export interface CalcResult {
  id: string;
  replicas: number;
  utilization?: number;
  /** Milli-units. */
  average?: number;
  error?: string;
}

/** Counts of the metrics on their way through stabilisation and policies. */
export interface BehaviorCase {
  id: string;
  minReplicas: number;
  maxReplicas: number;
  startReplicas: number;
  /** null stands for an absent field. */
  behavior?: BehaviorSpec | null;
  steps: { dtSec: number; metricDesired: number }[];
}

export interface BehaviorResult {
  id: string;
  replicas: number[];
  ableToScale: string[];
  scalingLimited: boolean[];
  scalingLimitedReason: string[];
}

/** One whole reconcile. */
export interface TraceTick {
  tSec: number;
  specReplicas: number;
  statusReplicas?: number;
  pods?: RecordedPod[];
  /** The series of the External metrics. */
  externalValues?: number[];
  /** The value of the Object metrics. */
  objectValue?: number;
  /** The metrics APIs that fail: resource, custom, external. */
  metricsDown?: string[];
  /** All memory is lost before this tick. */
  controllerRestart?: boolean;
}

export interface Trace {
  name: string;
  hpaSpec: HpaSpec;
  ticks: TraceTick[];
}

export interface TraceResult {
  name: string;
  replicas: number[];
  /** As "Status/Reason"; a condition that was never set is absent. */
  conditions: Record<string, string>[];
  error: boolean[];
}
