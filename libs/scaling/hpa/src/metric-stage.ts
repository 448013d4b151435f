import { proposeFromPods } from './pod-metric.js';
import { failed, type Proposal } from './proposal.js';
import { proposeFromTotal } from './total-metric.js';
import type { Autoscaler, Metric, MetricReading, Observation } from './types.js';

/** What all metrics together ask for. */
export interface MetricStage {
  /** The highest valid proposal; -1 if the autoscaler has to hold. */
  replicas: number;
  /** The metric that decided, as an index; -1 if none did. */
  decidedBy: number;
  /** The first metric that failed, as an index; -1 if none did. */
  firstFailed: number;
  proposals: Proposal[];
}

/** The condition's reason when a metric of this kind has no value. */
export const FAILURE_REASONS: Record<Metric['kind'], string> = {
  Resource: 'FailedGetResourceMetric',
  ContainerResource: 'FailedGetContainerResourceMetric',
  Pods: 'FailedGetPodsMetric',
  Object: 'FailedGetObjectMetric',
  External: 'FailedGetExternalMetric',
};

/** The proposal of one metric. It never throws: a failure is an outcome. */
export function propose(
  autoscaler: Autoscaler,
  metric: Metric,
  reading: MetricReading | undefined,
  { now, pods, specReplicas, statusReplicas }: Observation,
): Proposal {
  const { tolerances, settings } = autoscaler;
  const perPod = metric.kind !== 'Object' && metric.kind !== 'External';
  if (reading?.kind === 'pods' && perPod) {
    return proposeFromPods(metric, reading, pods, specReplicas, now, tolerances, settings);
  }
  if (reading?.kind === 'values' && !perPod) {
    return proposeFromTotal(metric, reading, pods, specReplicas, statusReplicas, tolerances);
  }
  return failed(reading?.kind === 'failed' ? reading.error : 'no reading of this metric');
}

/**
 * The highest proposal of all metrics. With a failed one among them, only what does not scale down
 * counts: a part of the metrics cannot show that fewer pods are enough.
 */
export function runMetricStage(autoscaler: Autoscaler, observation: Observation): MetricStage {
  const { metrics } = autoscaler;
  const proposals: Proposal[] = [];
  let replicas = 0;
  let decidedBy = -1;
  let firstFailed = -1;
  for (let i = 0; i < metrics.length; i++) {
    const proposal = propose(autoscaler, metrics[i]!, observation.readings[i], observation);
    proposals.push(proposal);
    if (proposal.error !== null) {
      if (firstFailed < 0) firstFailed = i;
    } else if (decidedBy < 0 || proposal.replicas > replicas) {
      replicas = proposal.replicas;
      decidedBy = i;
    }
  }
  if (firstFailed >= 0 && (decidedBy < 0 || replicas < observation.specReplicas)) {
    return { replicas: -1, decidedBy: -1, firstFailed, proposals };
  }
  return { replicas, decidedBy, firstFailed, proposals };
}
