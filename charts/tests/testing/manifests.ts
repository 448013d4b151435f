/** What the tests read of Kubernetes' objects; a rendering has more. */

export type Labels = Record<string, string>;

export interface Manifest<Spec = unknown> {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Labels; annotations?: Labels };
  spec: Spec;
  [key: string]: unknown;
}

export interface Container {
  name: string;
  image: string;
  ports?: { name: string; containerPort: number; hostPort?: number }[];
  env?: EnvEntry[];
  resources?: { requests?: Record<string, unknown>; limits?: Record<string, unknown> };
  securityContext?: {
    allowPrivilegeEscalation?: boolean;
    privileged?: boolean;
    readOnlyRootFilesystem?: boolean;
    runAsUser?: number;
    capabilities?: { add?: string[]; drop?: string[] };
  };
  volumeMounts?: { name: string; mountPath: string }[];
  lifecycle?: { preStop?: { sleep?: { seconds: number } } };
  startupProbe?: Probe;
  livenessProbe?: Probe;
  readinessProbe?: Probe;
}

interface EnvEntry {
  name: string;
  value?: unknown;
  valueFrom?: { secretKeyRef?: { name: string; key: string } };
}

interface Probe {
  httpGet?: { path: string; port: string };
}

interface PodSpec {
  serviceAccountName?: string;
  automountServiceAccountToken?: boolean;
  terminationGracePeriodSeconds?: number;
  hostNetwork?: boolean;
  hostPID?: boolean;
  hostIPC?: boolean;
  securityContext?: {
    runAsNonRoot?: boolean;
    runAsUser?: number;
    seccompProfile?: { type: string };
  };
  topologySpreadConstraints?: {
    topologyKey: string;
    whenUnsatisfiable: string;
    labelSelector: Selector;
    matchLabelKeys?: string[];
  }[];
  initContainers?: Container[];
  containers: Container[];
  volumes?: { name: string; configMap?: { name: string }; [type: string]: unknown }[];
}

export interface Selector {
  matchLabels: Labels;
}

export interface PodTemplate {
  metadata: { labels: Labels; annotations?: Labels };
  spec: PodSpec;
}

/** Of a Deployment, StatefulSet or Job. */
export interface WorkloadSpec {
  replicas?: number;
  selector: Selector;
  strategy: { type: string; rollingUpdate: Record<string, unknown> };
  template: PodTemplate;
  volumeClaimTemplates?: { metadata: { name: string } }[];
}

export interface ServiceSpec {
  selector: Labels;
  ports: { name: string; port: number; targetPort: string | number }[];
}

export interface HpaSpec {
  scaleTargetRef: { kind: string; name: string };
  minReplicas: number;
  maxReplicas: number;
  metrics: { resource: { name: string; target: { averageUtilization: number } } }[];
  behavior: Record<'scaleUp' | 'scaleDown', { stabilizationWindowSeconds: number }>;
}

export interface PdbSpec {
  maxUnavailable?: unknown;
  minAvailable?: unknown;
  unhealthyPodEvictionPolicy?: string;
  selector: Selector;
}

export interface Peer {
  podSelector?: Selector;
  namespaceSelector?: Selector;
  ipBlock?: { cidr: string };
}

export interface PolicySpec {
  podSelector: Selector;
  policyTypes: string[];
  ingress?: { from?: Peer[]; ports?: { port: number }[] }[];
  egress?: { to?: Peer[]; ports?: { port: number }[] }[];
}

export interface RuleSpec {
  groups: { rules: { alert?: string; record?: string; expr: string; labels: Labels }[] }[];
}

export const NAME = 'app.kubernetes.io/name';
export const INSTANCE = 'app.kubernetes.io/instance';
export const COMPONENT = 'app.kubernetes.io/component';

export function ofKind<Spec>(manifests: Manifest[], kind: string): Manifest<Spec>[] {
  return manifests.filter((manifest) => manifest.kind === kind) as Manifest<Spec>[];
}

export function component(manifest: Manifest): string {
  return manifest.metadata.labels?.[COMPONENT] ?? '';
}

/** Kind and name, which no two objects of a namespace share. */
export function identity({ apiVersion, kind, metadata }: Manifest): string {
  return `${apiVersion.split('/').slice(0, -1).join('')} ${kind} ${metadata.name}`.trim();
}

/** A selector without labels selects everything. */
export function matches(selector: Labels | undefined, labels: Labels): boolean {
  return Object.entries(selector ?? {}).every(([name, value]) => labels[name] === value);
}

export interface Pod extends PodTemplate {
  owner: Manifest;
  /** Volumes that a StatefulSet claims for it. */
  claims: string[];
}

/** The pods that the manifests ask for. Those of a CloudNativePG Cluster are made by its operator. */
export function podsOf(manifests: Manifest[]): Pod[] {
  return manifests.flatMap((owner): Pod[] => {
    if (owner.kind === 'Pod') {
      const metadata = { labels: owner.metadata.labels ?? {} };
      return [{ owner, metadata, spec: owner.spec as PodSpec, claims: [] }];
    }
    if (!['Deployment', 'StatefulSet', 'Job'].includes(owner.kind)) return [];
    const { template, volumeClaimTemplates = [] } = owner.spec as WorkloadSpec;
    return [
      { owner, ...template, claims: volumeClaimTemplates.map((claim) => claim.metadata.name) },
    ];
  });
}

export function containersOf({ spec }: PodTemplate): Container[] {
  return [...(spec.initContainers ?? []), ...spec.containers];
}
