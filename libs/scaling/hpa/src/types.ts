/**
 * What the autoscaler sees, remembers and decides. Times are milliseconds on the caller's clock;
 * amounts are milli-units (0.25 cores are 250, 1 byte is 1,000), as the controller holds them.
 */

export type PodPhase = 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown';
export type ConditionStatus = 'True' | 'False' | 'Unknown';

/** A pod that the scale target's selector finds. */
export interface PodState {
  name: string;
  phase: PodPhase;
  /** A deletion timestamp is set. */
  deleted: boolean;
  /** The status of the condition Ready; null if the pod has no such condition. */
  ready: ConditionStatus | null;
  /** When the condition Ready last changed. */
  readyTransition: number;
  /** When the kubelet took the pod; null before. */
  startTime: number | null;
}

/** One pod's use of one metric. */
export interface Sample {
  /** Milli-units. */
  value: number;
  /** The end of the window. */
  timestamp: number;
  /** The length of time that the sample covers, in milliseconds. */
  window: number;
}

/** What a metrics API answered for a Resource, ContainerResource or Pods metric. */
export interface PodReading {
  kind: 'pods';
  /** One a pod, in the order of the observation's pods; null for a pod without a sample. */
  samples: readonly (Sample | null)[];
  /** Samples of pods that the selector does not find. */
  strangers: readonly Sample[];
  /** The request of each pod in milli-units, null where a container has none. Utilization alone needs it. */
  requests: readonly (number | null)[];
}

/** What a metrics API answered for an Object metric (one value) or an External one (its series). */
export interface ValueReading {
  kind: 'values';
  /** Milli-units. */
  values: readonly number[];
}

/** The metrics API did not answer. */
export interface FailedReading {
  kind: 'failed';
  error: string;
}

export type MetricReading = PodReading | ValueReading | FailedReading;

/** Everything that one reconcile reads. */
export interface Observation {
  now: number;
  /** scale.spec.replicas */
  specReplicas: number;
  /** scale.status.replicas */
  statusReplicas: number;
  pods: readonly PodState[];
  /** One for each metric of the spec, in its order. */
  readings: readonly MetricReading[];
}

/** Flags of the controller manager. */
export interface ControllerSettings {
  /** --horizontal-pod-autoscaler-tolerance */
  tolerance: number;
  /** --horizontal-pod-autoscaler-cpu-initialization-period, milliseconds */
  cpuInitializationPeriod: number;
  /** --horizontal-pod-autoscaler-initial-readiness-delay, milliseconds */
  initialReadinessDelay: number;
  /** --horizontal-pod-autoscaler-downscale-stabilization, milliseconds */
  downscaleStabilization: number;
  /** The feature gate HPAScaleToZero, which is alpha in 1.35. */
  scaleToZero: boolean;
}

/** How far from 1 the ratio of use to target may be without any change. */
export interface Tolerances {
  up: number;
  down: number;
}

export type MetricKind = 'Resource' | 'ContainerResource' | 'Pods' | 'Object' | 'External';

/** A metric of the spec with its target as a number. */
export interface Metric {
  kind: MetricKind;
  /** Of the resource or the metric. */
  name: string;
  container: string | null;
  targetType: 'Utilization' | 'AverageValue' | 'Value';
  /** Percent of the request for Utilization, milli-units otherwise. */
  target: number;
}

export interface ScalingPolicy {
  type: 'Pods' | 'Percent';
  value: number;
  /** Milliseconds. */
  period: number;
}

export interface ScalingRules {
  /** Milliseconds. */
  stabilization: number;
  select: 'Max' | 'Min' | 'Disabled';
  policies: readonly ScalingPolicy[];
  /** The longest period of the policies. */
  longestPeriod: number;
}

/** spec.behavior with the defaults filled in. */
export interface Behavior {
  up: ScalingRules;
  down: ScalingRules;
}

/** A HorizontalPodAutoscaler that is ready to be reconciled. */
export interface Autoscaler {
  min: number;
  max: number;
  metrics: readonly Metric[];
  /** null if the field is absent, which is not the same as empty. */
  behavior: Behavior | null;
  tolerances: Tolerances;
  settings: ControllerSettings;
}

/** A scale that was written. */
export interface ScaleEvent {
  time: number;
  /** Pods added, or removed: always positive. */
  change: number;
  outdated: boolean;
}

/** What the metrics asked for at a time, before anything limited it. */
export interface Recommendation {
  time: number;
  replicas: number;
}

/** What the controller holds in memory for one autoscaler: a restart loses it. */
export interface ControllerMemory {
  recommendations: Recommendation[];
  upEvents: ScaleEvent[];
  downEvents: ScaleEvent[];
}

export interface Condition {
  status: 'True' | 'False';
  reason: string;
}

/** Kept in the status of the object: what a reconcile does not set stays as it was. */
export interface Conditions {
  AbleToScale?: Condition;
  ScalingActive?: Condition;
  ScalingLimited?: Condition;
}
