import {
  COMPONENT,
  component,
  identity,
  INSTANCE,
  type Labels,
  type Manifest,
  matches,
  NAME,
  ofKind,
  type PdbSpec,
  podsOf,
  type ServiceSpec,
  type HpaSpec,
  type Selector,
  type WorkloadSpec,
} from './manifests.js';
import { twice } from './pod-checks.js';

/**
 * Longest names. A StatefulSet's leaves room for the label with its revision, a Cluster's for what its
 * operator appends, a Job's for its pods.
 */
const LONGEST: Record<string, number> = { StatefulSet: 52, Cluster: 50 };

/** Names and labels that Kubernetes would refuse, names that come twice, and objects without a home. */
export function wrongNames(manifests: Manifest[], namespace: string): string[] {
  return [
    ...twice(manifests.map(identity)).map((name) => `${name} comes twice`),
    ...manifests.flatMap((manifest) => {
      const { name, labels = {} } = manifest.metadata;
      const values = Object.entries(labels);
      return [
        name.length > (LONGEST[manifest.kind] ?? 63) && 'has too long a name',
        !/^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(name) && 'has no name of DNS',
        manifest.metadata.namespace !== namespace && 'has another namespace, or none',
        !labels[COMPONENT] && 'says of no component',
        ...values
          .filter(([, value]) => typeof value !== 'string' || value.length > 63)
          .map(([key]) => `has a label ${key} that is none`),
      ]
        .filter((text) => text !== false)
        .map((text) => `${identity(manifest)} ${text}`);
    }),
  ];
}

const SELECTORS = [NAME, INSTANCE, COMPONENT];

/** Selectors that could change, that select nothing, or that select somebody else's pods. */
export function wrongSelectors(manifests: Manifest[]): string[] {
  const pods = podsOf(manifests);
  const operated = ofKind(manifests, 'Cluster').map(({ metadata }) => metadata.name);
  const found = selectorsOf(manifests).flatMap(([manifest, selector]) => {
    // The operator's pods have its own labels.
    if (operated.includes(selector['cnpg.io/cluster'] ?? '')) return [];
    const selected = pods.filter(({ metadata }) => matches(selector, metadata.labels));
    return [
      Object.keys(selector).sort().join() !== [...SELECTORS].sort().join() &&
        `selects by ${Object.keys(selector).join(', ')}`,
      selected.length === 0 && 'selects nothing',
      selected.some(({ owner }) => component(owner) !== component(manifest)) &&
        "selects another component's pods",
    ]
      .filter((text) => text !== false)
      .map((text) => `${identity(manifest)} ${text}`);
  });
  return [...found, ...unequalTemplates(manifests)];
}

function selectorsOf(manifests: Manifest[]): [Manifest, Labels][] {
  const services = ofKind<ServiceSpec>(manifests, 'Service');
  const others = ['Deployment', 'StatefulSet', 'PodDisruptionBudget'].flatMap((kind) =>
    ofKind<{ selector: Selector }>(manifests, kind),
  );
  return [
    ...services.map((service): [Manifest, Labels] => [service, service.spec.selector]),
    ...others.map((other): [Manifest, Labels] => [other, other.spec.selector.matchLabels]),
  ];
}

/** A workload whose selector its own pods don't have is refused by the API server. */
function unequalTemplates(manifests: Manifest[]): string[] {
  return ['Deployment', 'StatefulSet']
    .flatMap((kind) => ofKind<WorkloadSpec>(manifests, kind))
    .filter(({ spec }) => !matches(spec.selector.matchLabels, spec.template.metadata.labels))
    .map((workload) => `${identity(workload)} does not select its own pods`);
}

/** HPAs of nothing, replicas that fight an HPA, and disruption budgets that hold up a drain. */
export function wrongScaling(manifests: Manifest[]): string[] {
  const deployments = ofKind<WorkloadSpec>(manifests, 'Deployment');
  const hpas = ofKind<HpaSpec>(manifests, 'HorizontalPodAutoscaler');
  const scaled = hpas.map(({ spec }) => spec.scaleTargetRef.name);
  return [
    ...scaled
      .filter((name) => !deployments.some(({ metadata }) => metadata.name === name))
      .map((name) => `an HPA scales ${name}, which is not there`),
    ...deployments
      .filter(
        ({ metadata, spec }) => scaled.includes(metadata.name) === (spec.replicas !== undefined),
      )
      .map((one) => `${identity(one)} has replicas and an HPA, or neither`),
    ...hpas
      .filter(
        ({ spec }) => spec.metrics.map(({ resource }) => resource.name).join() !== 'memory,cpu',
      )
      .map((hpa) => `${identity(hpa)} does not list memory, then cpu`),
    ...ofKind<PdbSpec>(manifests, 'PodDisruptionBudget')
      .filter(
        ({ spec }) =>
          spec.maxUnavailable !== 1 ||
          spec.minAvailable !== undefined ||
          spec.unhealthyPodEvictionPolicy !== 'AlwaysAllow',
      )
      .map((pdb) => `${identity(pdb)} may hold up a drain`),
  ];
}
