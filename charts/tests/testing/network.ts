import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import {
  COMPONENT,
  containersOf,
  INSTANCE,
  type Labels,
  type Manifest,
  matches,
  NAME,
  ofKind,
  type Peer,
  podsOf,
  type PolicySpec,
} from './manifests.js';
import { PRIMETRADE, root } from './render.js';

/** Somebody who calls or is called: pods of a component, or somebody outside. */
interface Party {
  name: string;
  labels: Labels;
  namespace: string;
  /** By name. */
  ports: Record<string, number>;
  /** Outside the cluster's pods. */
  address?: string;
}

const METADATA = 'kubernetes.io/metadata.name';

/** All parties of a rendering: its components, those that call it, and one who may do nothing. */
function partiesOf(manifests: Manifest[], namespace: string): Party[] {
  const components = new Map<string, Party>();
  for (const pod of podsOf(manifests)) {
    const { labels } = pod.metadata;
    const ports = containersOf(pod).flatMap((container) => container.ports ?? []);
    components.set(labels[COMPONENT]!, {
      name: labels[COMPONENT]!,
      labels,
      namespace,
      ports: Object.fromEntries(ports.map((port) => [port.name, port.containerPort])),
    });
  }
  const clusters = ofKind(manifests, 'Cluster').map(({ metadata }) => ({
    name: 'postgresql',
    labels: { 'cnpg.io/cluster': metadata.name },
    namespace,
    ports: { postgresql: 5432, status: 8000, metrics: 9187 },
  }));
  const outside = (name: string, of: string, labels = {}) => ({
    name,
    labels,
    namespace: of,
    ports: {},
  });
  const anyone = [...components.values()][0]!.labels;
  return [
    ...components.values(),
    ...clusters,
    outside('ingress', 'traefik'),
    outside('prometheus', 'monitoring'),
    outside('operator', 'cnpg-system'),
    outside('stranger', 'elsewhere', anyone),
    // In the same namespace, but of another release.
    outside('neighbour', namespace, { ...anyone, [INSTANCE]: 'neighbour' }),
    { ...outside('dns', 'kube-system'), ports: { dns: 53 } },
    {
      ...outside('kubernetes-api', 'none'),
      ports: { 'kubernetes-api': 6443 },
      address: '10.0.0.1',
    },
    { ...outside('database', 'none'), ports: { tls: 6432 }, address: '192.0.2.7' },
    { ...outside('cache', 'none'), ports: { tls: 6380 }, address: '198.51.100.7' },
    {
      ...outside('internet', 'none'),
      ports: { mail: 25, web: 80, tls: 6380, pooler: 6432 },
      address: '203.0.113.7',
    },
  ];
}

/** Whether policies let one party reach a port of another; those of pods are additive. */
function reaches(manifests: Manifest[], from: Party, to: Party, port: number): boolean {
  const policies = ofKind<PolicySpec>(manifests, 'NetworkPolicy').map(({ spec }) => spec);
  const of = (party: Party, type: string) =>
    policies.filter(
      (policy) =>
        isOurs(manifests, party) &&
        policy.policyTypes.includes(type) &&
        matches(policy.podSelector.matchLabels, party.labels),
    );
  const allows = (rules: { peers?: Peer[]; ports?: { port: number }[] }[], other: Party): boolean =>
    rules.some(
      ({ peers, ports }) =>
        (!peers || peers.some((peer) => isPeer(peer, other, manifests))) &&
        (!ports || ports.some((one) => one.port === port)),
    );
  const outgoing = of(from, 'Egress');
  const incoming = of(to, 'Ingress');
  const out = outgoing.flatMap(({ egress = [] }) =>
    egress.map(({ to: peers, ports }) => ({ peers, ports })),
  );
  const into = incoming.flatMap(({ ingress = [] }) =>
    ingress.map(({ from: peers, ports }) => ({ peers, ports })),
  );
  return (
    (outgoing.length === 0 || allows(out, to)) && (incoming.length === 0 || allows(into, from))
  );
}

function isOurs(manifests: Manifest[], { namespace }: Party): boolean {
  return manifests[0]!.metadata.namespace === namespace;
}

function isPeer(peer: Peer, party: Party, manifests: Manifest[]): boolean {
  if (peer.ipBlock) {
    const { cidr } = peer.ipBlock;
    if (cidr === '0.0.0.0/0') return true;
    const network = cidr.split('/')[0]!.split('.').slice(0, 3).join('.');
    return party.address?.startsWith(`${network}.`) ?? false;
  }
  if (party.address) return false;
  const namespace = peer.namespaceSelector
    ? peer.namespaceSelector.matchLabels[METADATA] === party.namespace
    : isOurs(manifests, party);
  return namespace && (!peer.podSelector || matches(peer.podSelector.matchLabels, party.labels));
}

/** Every pair that the policies let talk, as `from -> to:port`. */
export function openEdges(manifests: Manifest[], namespace: string): string[] {
  const parties = partiesOf(manifests, namespace);
  const callers = parties.filter(({ address, name }) => !address && name !== 'dns');
  const foreign = (party: Party) => !isOurs(manifests, party) || party.name === 'neighbour';
  const edges = callers.flatMap((from) =>
    parties
      .filter((to) => !(foreign(from) && foreign(to)))
      .flatMap((to) =>
        Object.entries(to.ports)
          .filter(([, port]) => reaches(manifests, from, to, port))
          .map(([name]) => `${from.name} -> ${to.name}:${name}`),
      ),
  );
  return [...new Set(edges)].sort();
}

interface Edge {
  from: string;
  to: string;
  port: string;
}

export function edgesOfMap(): Edge[] {
  const file = readFileSync(join(root, PRIMETRADE, 'files/edges.yaml'), 'utf8');
  return (parse(file) as { edges: Edge[] }).edges;
}

/** Names of the release's own objects that the default-deny policy must select: all of its pods. */
export function undefendedPods(manifests: Manifest[]): string[] {
  const [denying] = ofKind<PolicySpec>(manifests, 'NetworkPolicy').filter(
    ({ spec }) => !(COMPONENT in spec.podSelector.matchLabels) && !spec.ingress && !spec.egress,
  );
  return podsOf(manifests)
    .filter(
      ({ metadata }) =>
        denying?.spec.policyTypes.join() !== 'Ingress,Egress' ||
        !matches(denying.spec.podSelector.matchLabels, metadata.labels) ||
        !(NAME in denying.spec.podSelector.matchLabels),
    )
    .map(({ owner }) => owner.metadata.name);
}
