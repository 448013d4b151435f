import { ceilCount, mulDiv } from './integers.js';
import { failed, isWithin, type Outcome, type Proposal } from './proposal.js';
import { tally, type Tally } from './readiness.js';
import type {
  ControllerSettings,
  Metric,
  PodReading,
  PodState,
  Sample,
  Tolerances,
} from './types.js';

const NO_PODS = 'no pods returned by selector while calculating replica count';
const NO_SAMPLES = 'did not receive metrics for targeted pods (pods might be unready)';
const NO_KNOWN_PODS = 'no metrics returned matched known pods';

/**
 * The proposal of a Resource, ContainerResource or Pods metric: section 1a of the algorithm.
 *
 * @param current scale.spec.replicas
 */
export function proposeFromPods(
  metric: Metric,
  reading: PodReading,
  pods: readonly PodState[],
  current: number,
  now: number,
  tolerances: Tolerances,
  settings: ControllerSettings,
): Proposal {
  if (pods.length === 0) return failed(NO_PODS);
  const cpu = metric.kind !== 'Pods' && metric.name === 'cpu';
  const byRequest = metric.targetType === 'Utilization';
  const sums = tally(pods, reading, now, settings, cpu, byRequest);
  if (byRequest && sums.withoutRequest >= 0) {
    return failed(`missing request for ${metric.name} in Pod ${pods[sums.withoutRequest]!.name}`);
  }
  const strangers = reading.strangers.length;
  if (sums.ready + strangers === 0) return failed(NO_SAMPLES);

  const { target } = metric;
  let used: number;
  let average: number;
  // Samples of pods that the selector does not find have no request, so they are in a mean only.
  const usage = byRequest ? sums.usage : sums.usage + sumOf(reading.strangers);
  if (byRequest) {
    if (sums.readyRequests === 0) return failed(NO_KNOWN_PODS);
    used = mulDiv(usage, 100, sums.readyRequests);
    average = Math.trunc(usage / sums.ready);
  } else {
    used = Math.trunc(usage / (sums.ready + strangers));
    average = used;
  }
  const ratio = used / target;
  const fillUnready = sums.unready > 0 && ratio > 1;
  let filledRatio = ratio;
  let counted = sums.ready;
  let outcome: Outcome;
  let replicas: number;
  if (!fillUnready && sums.missing === 0) {
    outcome = isWithin(ratio, tolerances) ? 'within-tolerance' : 'scaled';
    replicas = outcome === 'scaled' ? ceilCount(ratio * counted) : current;
  } else {
    const fillMissing = sums.missing > 0 && ratio !== 1;
    counted =
      sums.ready + strangers + (fillMissing ? sums.missing : 0) + (fillUnready ? sums.unready : 0);
    const filled = byRequest
      ? filledUtilization(metric, reading, pods, sums, ratio, fillMissing, fillUnready)
      : Math.trunc((usage + (ratio < 1 && fillMissing ? target * sums.missing : 0)) / counted);
    filledRatio = filled / target;
    const wanted = ceilCount(filledRatio * counted);
    if (isWithin(filledRatio, tolerances)) outcome = 'within-tolerance';
    else if ((ratio < 1 && filledRatio > 1) || (ratio > 1 && filledRatio < 1)) {
      outcome = 'direction-flipped';
    } else if ((filledRatio < 1 && wanted > current) || (filledRatio > 1 && wanted < current)) {
      outcome = 'count-flipped';
    } else outcome = 'scaled';
    replicas = outcome === 'scaled' ? wanted : current;
  }
  return {
    replicas,
    outcome,
    ratio,
    filledRatio,
    counted,
    raw: ceilCount(filledRatio * counted),
    utilization: byRequest ? used : null,
    average,
    ready: sums.ready,
    unready: sums.unready,
    missing: sums.missing,
    ignored: sums.ignored,
    error: null,
  };
}

/** The utilization with missing pods at max(100 %, target) on the way down, at 0 on the way up. */
function filledUtilization(
  { target }: Metric,
  { samples, requests }: PodReading,
  pods: readonly PodState[],
  sums: Tally,
  ratio: number,
  fillMissing: boolean,
  fillUnready: boolean,
): number {
  let usage = sums.usage;
  if (fillMissing && ratio < 1) {
    const percent = Math.max(100, target);
    // Each pod's share loses its fraction by itself.
    if (percent === 100) usage += sums.missingRequests;
    else {
      for (let i = 0; i < pods.length; i++) {
        if (isMissing(pods[i]!, samples[i] ?? null)) usage += mulDiv(requests[i]!, percent, 100);
      }
    }
  }
  return mulDiv(
    usage,
    100,
    sums.readyRequests +
      (fillMissing ? sums.missingRequests : 0) +
      (fillUnready ? sums.unreadyRequests : 0),
  );
}

function isMissing(pod: PodState, sample: Sample | null): boolean {
  return sample === null && !pod.deleted && pod.phase !== 'Failed' && pod.phase !== 'Pending';
}

function sumOf(samples: readonly Sample[]): number {
  let sum = 0;
  for (const { value } of samples) sum += value;
  return sum;
}
