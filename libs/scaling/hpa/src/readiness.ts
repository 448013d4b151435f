import type { ControllerSettings, PodReading, PodState, Sample } from './types.js';

/** How the pods of a metric divide, with the sums that the ratio is made of (milli-units). */
export interface Tally {
  /** Pods that count with their sample. */
  ready: number;
  /** Pods whose sample does not count yet. */
  unready: number;
  /** Pods without a sample. */
  missing: number;
  /** Pods that are going or have failed. */
  ignored: number;
  /** Σ of the samples of ready pods. */
  usage: number;
  readyRequests: number;
  unreadyRequests: number;
  missingRequests: number;
  /** The first pod that lacks a request, as an index; -1 if none does. */
  withoutRequest: number;
}

/**
 * Whether a cpu sample must not count yet: the pod has not become ready, or the sample covers time
 * before it was. Source: section 1a of the algorithm.
 */
export function isUnready(
  pod: PodState,
  sample: Sample,
  now: number,
  settings: ControllerSettings,
): boolean {
  if (pod.ready === null || pod.startTime === null) return true;
  if (now < pod.startTime + settings.cpuInitializationPeriod) {
    return pod.ready === 'False' || sample.timestamp < pod.readyTransition + sample.window;
  }
  return (
    pod.ready === 'False' && pod.readyTransition < pod.startTime + settings.initialReadinessDelay
  );
}

/**
 * Groups the pods of a metric in one pass.
 *
 * @param cpu whether readiness counts: it does for cpu alone
 * @param withRequests whether requests are summed as well
 */
export function tally(
  pods: readonly PodState[],
  { samples, requests }: PodReading,
  now: number,
  settings: ControllerSettings,
  cpu: boolean,
  withRequests: boolean,
): Tally {
  let ready = 0;
  let unready = 0;
  let missing = 0;
  let ignored = 0;
  let usage = 0;
  let readyRequests = 0;
  let unreadyRequests = 0;
  let missingRequests = 0;
  let withoutRequest = -1;
  for (let i = 0; i < pods.length; i++) {
    const pod = pods[i]!;
    let request = 0;
    if (withRequests) {
      const given = requests[i] ?? null;
      if (given !== null) request = given;
      else if (withoutRequest < 0) withoutRequest = i;
    }
    if (pod.deleted || pod.phase === 'Failed') {
      ignored++;
      continue;
    }
    if (pod.phase === 'Pending') {
      unready++;
      unreadyRequests += request;
      continue;
    }
    const sample = samples[i] ?? null;
    if (sample === null) {
      missing++;
      missingRequests += request;
    } else if (cpu && isUnready(pod, sample, now, settings)) {
      unready++;
      unreadyRequests += request;
    } else {
      ready++;
      usage += sample.value;
      readyRequests += request;
    }
  }
  return {
    ready,
    unready,
    missing,
    ignored,
    usage,
    readyRequests,
    unreadyRequests,
    missingRequests,
    withoutRequest,
  };
}
