import {
  component,
  type Container,
  containersOf,
  type Manifest,
  ofKind,
  type Pod,
  podsOf,
} from './manifests.js';

/** Kinds of volumes that the restricted pod security standard knows. */
const VOLUMES = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
];

/** What the restricted pod security standard, and this chart beyond it, find wrong in the pods. */
export function insecurePods(manifests: Manifest[]): string[] {
  return podsOf(manifests).flatMap((pod) => {
    const { securityContext = {}, hostNetwork, hostPID, hostIPC, volumes = [] } = pod.spec;
    const wrong = [
      securityContext.runAsNonRoot !== true && 'may run as root',
      securityContext.runAsUser === 0 && 'runs as root',
      securityContext.seccompProfile?.type !== 'RuntimeDefault' && 'has no seccomp profile',
      (hostNetwork || hostPID || hostIPC) && 'shares something with its node',
      ...volumes
        .filter((volume) => !VOLUMES.some((type) => type in volume))
        .map(({ name }) => `has a volume ${name} that is not allowed`),
      ...containersOf(pod).flatMap(insecureContainer),
    ];
    return wrong.filter((text) => text !== false && text !== undefined).map(of(pod));
  });
}

function insecureContainer({ name, securityContext = {}, ports = [] }: Container) {
  const { capabilities = {}, runAsUser } = securityContext;
  return [
    securityContext.allowPrivilegeEscalation !== false && `${name} may get privileges`,
    securityContext.privileged && `${name} is privileged`,
    securityContext.readOnlyRootFilesystem !== true && `${name} may write to its image`,
    !capabilities.drop?.includes('ALL') && `${name} keeps capabilities`,
    (capabilities.add?.length ?? 0) > 0 && `${name} gets capabilities`,
    runAsUser === 0 && `${name} runs as root`,
    ports.some(({ hostPort }) => hostPort) && `${name} takes a port of its node`,
  ];
}

/** Images without a tag of their own, which change under a running release, and missing resources. */
export function unboundedContainers(manifests: Manifest[]): string[] {
  return podsOf(manifests).flatMap((pod) =>
    containersOf(pod).flatMap(({ name, image, resources = {} }) => {
      const { requests = {}, limits = {} } = resources;
      const missing = ['cpu', 'memory'].filter((key) => !(requests[key] && limits[key]));
      const pinned = /@sha256:[0-9a-f]{64}$/.test(image) || /:[\w.-]+$/.test(image);
      return [
        (!pinned || image.endsWith(':latest')) && `${name} runs ${image}`,
        missing.length > 0 && `${name} has no request and limit of ${missing.join(', ')}`,
      ]
        .filter((text) => text !== false)
        .map(of(pod));
    }),
  );
}

/** Secrets in what is rendered: it is readable in the release, in Git and in the API. */
export function literalSecrets(manifests: Manifest[]): string[] {
  const objects = ofKind(manifests, 'Secret').map(({ metadata }) => `Secret ${metadata.name}`);
  const variables = podsOf(manifests).flatMap((pod) =>
    containersOf(pod).flatMap(({ env = [] }) =>
      env
        .filter(
          ({ name, value }) =>
            value !== undefined &&
            (/PASSWORD|_SECRET$|TOKEN|AUTH$/.test(name) || hasPassword(value)),
        )
        .map(({ name }) => `${name} is written down`)
        .map(of(pod)),
    ),
  );
  return [...objects, ...variables];
}

function hasPassword(value: unknown): boolean {
  return /:\/\/[^/@\s]*:[^/@\s]*@/.test(String(value));
}

/** What pods name and nothing gives them, and names that come twice, which server-side apply refuses. */
export function brokenReferences(manifests: Manifest[]): string[] {
  const named = (kind: string) => new Set(ofKind(manifests, kind).map((one) => one.metadata.name));
  const configMaps = named('ConfigMap');
  const accounts = named('ServiceAccount');
  return podsOf(manifests).flatMap((pod) => {
    const { volumes = [], serviceAccountName = 'default' } = pod.spec;
    const given = [...volumes.map(({ name }) => name), ...pod.claims];
    const own = serviceAccountName.startsWith(pod.metadata.labels['app.kubernetes.io/instance']!);
    return [
      ...volumes
        .filter(({ configMap }) => configMap && !configMaps.has(configMap.name))
        .map(({ configMap }) => `needs ConfigMap ${configMap!.name}`),
      ...(own && !accounts.has(serviceAccountName)
        ? [`needs ServiceAccount ${serviceAccountName}`]
        : []),
      ...twice(given).map((name) => `has two volumes ${name}`),
      ...containersOf(pod).flatMap(({ name, env = [], volumeMounts = [], ports = [] }) => [
        ...twice(env.map((entry) => entry.name)).map((variable) => `${name} has ${variable} twice`),
        ...twice(ports.map((port) => port.name)).map((port) => `${name} has port ${port} twice`),
        ...twice(volumeMounts.map(({ mountPath }) => mountPath)).map(
          (path) => `${name} mounts ${path} twice`,
        ),
        ...volumeMounts
          .filter((mount) => !given.includes(mount.name))
          .map((mount) => `${name} mounts ${mount.name}, which is no volume`),
        ...env
          .filter(({ value, valueFrom }) => valueFrom === undefined && typeof value !== 'string')
          .map((entry) => `${name} has ${entry.name}, which is no text`),
      ]),
    ].map(of(pod));
  });
}

/** Components whose pods hold a token for the API server, or whose ServiceAccount gives one. */
export function tokenHolders(manifests: Manifest[]): string[] {
  const accounts = ofKind(manifests, 'ServiceAccount').filter(
    (account) => account.automountServiceAccountToken !== false,
  );
  const pods = podsOf(manifests).filter(({ spec }) => spec.automountServiceAccountToken !== false);
  return [...accounts.map(component), ...pods.map(({ owner }) => component(owner))];
}

export function twice<T>(list: T[]): T[] {
  return [...new Set(list.filter((item, index) => list.indexOf(item) !== index))];
}

const of =
  ({ owner }: Pod) =>
  (text: string) =>
    `${owner.kind} ${owner.metadata.name} ${text}`;
