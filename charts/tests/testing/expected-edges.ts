import { COMPONENT, type Manifest, ofKind, podsOf } from './manifests.js';
import { edgesOfMap } from './network.js';

/** What files/edges.yaml says of the parties that a rendering has, as `from -> to:port`. */
export function expectedEdges(manifests: Manifest[]): string[] {
  const components = new Set(podsOf(manifests).map(({ metadata }) => metadata.labels[COMPONENT]!));
  const hasOperator = ofKind(manifests, 'Cluster').length > 0;
  const hasNodes = ofKind(manifests, 'Service').some(({ metadata }) =>
    metadata.name.endsWith('-valkey-nodes'),
  );
  if (hasOperator) components.add('postgresql');
  const known = (name: string) =>
    components.has(name) || ['ingress', 'prometheus', 'kubernetes-api'].includes(name);

  const edges = edgesOfMap().flatMap(({ from, to, port }) => {
    if (!known(from)) return [];
    if (known(to)) return [`${from} -> ${to}:${port}`];
    return [to === 'postgresql' ? `${from} -> database:tls` : `${from} -> cache:tls`];
  });
  const datastores = ['postgresql', 'valkey'];
  const names = [...components]
    .filter((name) => !datastores.includes(name))
    .map((name) => `${name} -> dns:dns`);
  return [...edges, ...names, ...(hasOperator ? OPERATED : []), ...(hasNodes ? NODES : [])].sort();
}

/** Instances of CloudNativePG follow each other and read their Cluster; its operator asks them. */
const OPERATED = [
  'operator -> postgresql:postgresql',
  'operator -> postgresql:status',
  'postgresql -> dns:dns',
  'postgresql -> kubernetes-api:kubernetes-api',
  'postgresql -> postgresql:postgresql',
  'postgresql -> postgresql:status',
  'prometheus -> postgresql:metrics',
];

/** Nodes of a Valkey cluster know each other by name, and talk on a bus of their own. */
const NODES = ['valkey -> dns:dns', 'valkey -> valkey:bus', 'valkey -> valkey:valkey'];
