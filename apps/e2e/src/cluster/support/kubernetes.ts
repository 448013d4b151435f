/** The parts of Kubernetes' objects that the tests look at. */
export interface Metadata {
  name: string;
  uid: string;
  labels?: Record<string, string>;
  deletionTimestamp?: string;
  ownerReferences?: { kind: string }[];
}

interface SecurityContext {
  runAsNonRoot?: boolean;
  readOnlyRootFilesystem?: boolean;
  allowPrivilegeEscalation?: boolean;
  capabilities?: { drop?: string[]; add?: string[] };
  seccompProfile?: { type: string };
}

export interface Container {
  name: string;
  securityContext?: SecurityContext;
  volumeMounts?: { name: string; mountPath: string }[];
}

export interface Pod {
  metadata: Metadata;
  spec: {
    nodeName?: string;
    securityContext?: SecurityContext;
    automountServiceAccountToken?: boolean;
    containers: Container[];
    initContainers?: Container[];
    volumes?: { name: string; projected?: { sources: { serviceAccountToken?: object }[] } }[];
  };
  status: {
    phase: string;
    podIP?: string;
    conditions?: { type: string; status: string }[];
    containerStatuses?: {
      name: string;
      restartCount: number;
      lastState: { terminated?: { exitCode: number } };
    }[];
  };
}

export interface Deployment {
  metadata: Metadata & { generation: number };
  spec: { replicas: number };
  status: { readyReplicas?: number; replicas?: number };
}

export interface List<T> {
  items: T[];
}

export const isReady = (pod: Pod): boolean =>
  pod.metadata.deletionTimestamp === undefined &&
  (pod.status.conditions ?? []).some(({ type, status }) => type === 'Ready' && status === 'True');

export const componentOf = ({ metadata }: { metadata: Metadata }): string =>
  metadata.labels?.['app.kubernetes.io/component'] ?? '';

/** Milli-cores of a quantity of cpu, such as 100m, 0.5 or 1234567n. */
export function milliCores(quantity: string): number {
  const [, number, unit] = /^([\d.]+)([num]?)$/.exec(quantity)!;
  return Number(number) * { n: 1e-6, u: 1e-3, m: 1, '': 1000 }[unit as 'n' | 'u' | 'm' | ''];
}
