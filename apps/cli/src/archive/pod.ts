/** The parts of Kubernetes' objects that a pod of ours is made of. */
export interface EnvEntry {
  name: string;
  value?: string;
  valueFrom?: object;
}

interface Container {
  name: string;
  env?: EnvEntry[];
  [field: string]: unknown;
}

interface PodTemplate {
  metadata?: { labels?: Record<string, string> };
  spec: { containers: Container[]; [field: string]: unknown };
}

export interface Job {
  metadata: { name: string; creationTimestamp: string; labels?: Record<string, string> };
  spec: { template: PodTemplate };
}

export interface Pod {
  status?: {
    phase?: string;
    conditions?: { message?: string }[];
    containerStatuses?: { state?: { waiting?: { reason?: string; message?: string } } }[];
  };
}

const INSTANCE = 'app.kubernetes.io/instance';
/** Of the Job's controller, which would take the pod for its own. */
const CONTROLLER = /^(?:batch\.kubernetes\.io\/|controller-uid$|job-name$)/;
/** A pod whose command was killed ends by itself after this. */
const LONGEST_SECONDS = 6 * 3600;
/** Waits for commands to be run beside it. */
const WAIT = `process.on('SIGTERM', () => process.exit()); setTimeout(() => {}, ${LONGEST_SECONDS * 1000})`;

export function releaseOf({ metadata }: Job): string {
  return metadata.labels?.[INSTANCE] ?? '';
}

/**
 * A pod like those of a Job, which only waits. It has the labels that the policies of the network
 * go by.
 *
 * @param secret one more entry of its environment
 */
export function podOf(job: Job, name: string, secret: EnvEntry | undefined): object {
  const { metadata, spec } = job.spec.template;
  const labels = Object.entries(metadata?.labels ?? {}).filter(([key]) => !CONTROLLER.test(key));
  const containers = spec.containers.map(({ args: _, ...container }) => ({
    ...container,
    command: ['node', '-e', WAIT],
    env: [...(container.env ?? []), ...(secret === undefined ? [] : [secret])],
  }));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: Object.fromEntries(labels) },
    spec: {
      ...spec,
      containers,
      restartPolicy: 'Never',
      activeDeadlineSeconds: LONGEST_SECONDS,
      terminationGracePeriodSeconds: 5,
    },
  };
}

/** How auth gets AUTH_SECRET: as it says itself, so that an existing Secret is found too. */
export function secretEntryOf({
  items,
}: {
  items: { spec: { template: PodTemplate } }[];
}): EnvEntry | undefined {
  return items
    .flatMap(({ spec }) => spec.template.spec.containers)
    .flatMap(({ env = [] }) => env)
    .find(({ name }) => name === 'AUTH_SECRET');
}
