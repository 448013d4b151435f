import { milliOf } from './quantity.js';

interface ContainerSpec {
  name: string;
  restartPolicy?: string;
  resources?: { requests?: Record<string, string | number> };
}

/** The parts of a Kubernetes pod's spec that hold its requests. */
export interface PodSpecRequests {
  resources?: { requests?: Record<string, string | number> };
  containers: readonly ContainerSpec[];
  initContainers?: readonly ContainerSpec[];
}

/**
 * What a pod requests of a resource, in milli-units; null if it, or one of its containers, has no
 * such request. Source: section 1a of the algorithm.
 *
 * @param container the container of a ContainerResource metric; null for the whole pod
 */
export function requestOf(
  spec: PodSpecRequests,
  resource: string,
  container: string | null = null,
): number | null {
  const ofPod = spec.resources?.requests;
  if (container === null && ofPod !== undefined && Object.keys(ofPod).length > 0) {
    const request = ofPod[resource];
    return request === undefined ? null : milliOf(request);
  }
  const sidecars = (spec.initContainers ?? []).filter((init) => init.restartPolicy === 'Always');
  const counted = [...spec.containers, ...sidecars].filter(
    ({ name }) => container === null || name === container,
  );
  if (container !== null && counted.length === 0) return null;
  let sum = 0;
  for (const { resources } of counted) {
    const request = resources?.requests?.[resource];
    if (request === undefined) return null;
    sum += milliOf(request);
  }
  return sum;
}
