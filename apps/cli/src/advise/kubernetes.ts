import type { Settings } from '@primetrade/scaling-advise';
import { type HpaSpec, milliOf, type PodSpecRequests, requestOf } from '@primetrade/scaling-hpa';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { isMapping } from '../fields.js';
import { readText } from '../files.js';
import { CommandError, type Io } from '../io.js';

/** How services are set in a cluster. */
export interface ClusterSettings {
  /** By the component, such as tasks. */
  services: Map<string, Settings>;
  maxConnections: number | null;
  /** Seconds from a pod's creation until it was ready: the median of those that are. */
  podStart: number | null;
}

interface KubernetesObject {
  kind: string;
  metadata: { name: string; labels?: Record<string, string>; creationTimestamp?: string };
  spec?: Record<string, unknown>;
  status?: { conditions?: { type: string; status: string; lastTransitionTime?: string }[] };
}

interface Container {
  name: string;
  args?: string[];
  env?: { name: string; value?: string }[];
  resources?: { limits?: Record<string, string | number> };
}

const KINDS = 'deployments,horizontalpodautoscalers,pods,statefulsets';
const CLUSTERS = 'clusters.postgresql.cnpg.io';
const SELECTOR = 'app.kubernetes.io/name=primetrade';
/** A pod that was not ready for so long failed at something else than starting. */
const LONGEST_START = 300;
const MAX_OUTPUT = 64 * 1024 ** 2;

/** @throws CommandError if kubectl fails */
export async function settingsOfCluster(namespace: string | null): Promise<ClusterSettings> {
  const scope = namespace === null ? [] : ['--namespace', namespace];
  const get = async (kinds: string) => {
    const { stdout } = await promisify(execFile)(
      'kubectl',
      ['get', kinds, '--selector', SELECTOR, '--output', 'json', ...scope],
      { maxBuffer: MAX_OUTPUT },
    );
    return objectsIn(stdout);
  };
  try {
    const objects = await get(KINDS);
    // There is no such kind where the operator is not.
    const clusters = await get(CLUSTERS).catch(() => []);
    return settingsOf([...objects, ...clusters]);
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    throw new CommandError(`kubectl: ${(stderr || message).trim()}`);
  }
}

/**
 * The same from a file: YAML documents or JSON, single objects or lists, as `kubectl get … -o yaml` and
 * `helm template` write them.
 */
export async function settingsOfFile(path: string, io: Io): Promise<ClusterSettings> {
  const objects = objectsIn(await readText(path, io));
  if (objects.length === 0) throw new CommandError(`${path}: no Kubernetes objects`);
  return settingsOf(objects);
}

function objectsIn(text: string): KubernetesObject[] {
  const values = parseAllDocuments(text).flatMap((document) => {
    const value = document.toJS() as unknown;
    return isMapping(value) && Array.isArray(value['items'])
      ? (value['items'] as unknown[])
      : [value];
  });
  return values.filter(
    (value) =>
      isMapping(value) && typeof value['kind'] === 'string' && isMapping(value['metadata']),
  ) as unknown as KubernetesObject[];
}

function settingsOf(objects: readonly KubernetesObject[]): ClusterSettings {
  const services = new Map<string, Settings>();
  for (const object of objects.filter(({ kind }) => kind === 'Deployment')) {
    const component = object.metadata.labels?.['app.kubernetes.io/component'];
    const pod = (object.spec?.['template'] as { spec?: PodSpecRequests } | undefined)?.spec;
    if (component === undefined || pod === undefined) continue;
    services.set(component, settingsOfPod(pod, hpaOf(object.metadata.name, objects)));
  }
  return { services, maxConnections: maxConnectionsOf(objects), podStart: podStartOf(objects) };
}

function settingsOfPod(pod: PodSpecRequests, hpa: Settings['hpa']): Settings {
  const containers = pod.containers as readonly Container[];
  const limit = (resource: string) => {
    const limits = containers.map(({ resources }) => resources?.limits?.[resource]);
    return limits.some((value) => value === undefined)
      ? null
      : limits.reduce<number>((sum, value) => sum + milliOf(value!), 0);
  };
  const bytes = (milli: number | null) => (milli === null ? null : milli / 1000);
  const pool = containers
    .flatMap(({ env = [] }) => env)
    .find(({ name }) => name === 'DATABASE_POOL_MAX')?.value;
  return {
    cpuRequest: requestOf(pod, 'cpu'),
    cpuLimit: limit('cpu'),
    memoryRequest: bytes(requestOf(pod, 'memory')),
    memoryLimit: bytes(limit('memory')),
    hpa,
    pool: pool === undefined ? null : Number(pool),
  };
}

function hpaOf(deployment: string, objects: readonly KubernetesObject[]): Settings['hpa'] {
  const hpa = objects.find(
    ({ kind, spec }) =>
      kind === 'HorizontalPodAutoscaler' &&
      (spec?.['scaleTargetRef'] as { name?: string } | undefined)?.name === deployment,
  );
  if (hpa === undefined) return null;
  const spec = hpa.spec as unknown as HpaSpec;
  const target = (name: string) =>
    spec.metrics?.find(({ resource }) => resource?.name === name)?.resource?.target
      .averageUtilization ?? null;
  return {
    min: spec.minReplicas ?? 1,
    max: spec.maxReplicas,
    cpu: target('cpu'),
    memory: target('memory'),
  };
}

/** Of the chart's own server, or of CloudNativePG's. */
function maxConnectionsOf(objects: readonly KubernetesObject[]): number | null {
  for (const { kind, spec } of objects) {
    if (kind === 'StatefulSet') {
      const pod = (spec?.['template'] as { spec?: { containers: Container[] } } | undefined)?.spec;
      const set = pod?.containers
        .flatMap(({ args = [] }) => args)
        .map((argument) => /^max_connections=(\d+)$/.exec(argument)?.[1])
        .find((value) => value !== undefined);
      if (set !== undefined) return Number(set);
    }
    if (kind === 'Cluster') {
      const { parameters } = (spec?.['postgresql'] ?? {}) as {
        parameters?: Record<string, string>;
      };
      if (parameters?.['max_connections']) return Number(parameters['max_connections']);
    }
  }
  return null;
}

function podStartOf(objects: readonly KubernetesObject[]): number | null {
  const starts = objects
    .filter(
      ({ kind, metadata }) =>
        kind === 'Pod' && /^(gateway|auth|tasks|profile)$/.test(componentOf(metadata)),
    )
    .map(({ metadata, status }) => {
      const ready = status?.conditions?.find(({ type }) => type === 'Ready');
      return ready?.status === 'True'
        ? (Date.parse(ready.lastTransitionTime!) - Date.parse(metadata.creationTimestamp!)) / 1000
        : NaN;
    })
    .filter((seconds) => seconds >= 0 && seconds <= LONGEST_START)
    .sort((a, b) => a - b);
  return starts[Math.floor(starts.length / 2)] ?? null;
}

function componentOf({ labels }: KubernetesObject['metadata']): string {
  return labels?.['app.kubernetes.io/component'] ?? '';
}
