/** The parts of autoscaling/v2 HorizontalPodAutoscalerSpec that decide a replica count. */

export interface MetricTargetSpec {
  type?: string;
  averageUtilization?: number | null;
  averageValue?: string | number | null;
  value?: string | number | null;
}

export interface MetricIdentifierSpec {
  name: string;
  selector?: unknown;
}

export interface MetricSpec {
  type: string;
  resource?: { name: string; target: MetricTargetSpec };
  containerResource?: { name: string; container: string; target: MetricTargetSpec };
  pods?: { metric: MetricIdentifierSpec; target: MetricTargetSpec };
  object?: { metric: MetricIdentifierSpec; target: MetricTargetSpec; describedObject?: unknown };
  external?: { metric: MetricIdentifierSpec; target: MetricTargetSpec };
}

export interface PolicySpec {
  type: string;
  value: number;
  periodSeconds: number;
}

export interface ScalingRulesSpec {
  stabilizationWindowSeconds?: number | null;
  selectPolicy?: string | null;
  policies?: readonly PolicySpec[] | null;
  tolerance?: string | number | null;
}

export interface BehaviorSpec {
  scaleUp?: ScalingRulesSpec | null;
  scaleDown?: ScalingRulesSpec | null;
}

export interface HpaSpec {
  minReplicas?: number | null;
  maxReplicas: number;
  metrics?: readonly MetricSpec[] | null;
  behavior?: BehaviorSpec | null;
}
