import { resolve } from 'node:path';
import { attempt, inCluster, kubectlJson, run } from '../support/commands.js';
import { type List, type Metadata } from '../support/kubernetes.js';
import { createNamespace, removeNamespace } from '../support/namespace.js';
import { type InstallOptions, Release } from '../support/release.js';
import { Site } from '../support/site.js';
import { until } from '../support/until.js';

interface Gateway {
  metadata: Metadata & { namespace: string };
  spec: { listeners: { port: number; protocol: string; allowedRoutes?: object }[] };
  status?: {
    addresses?: { value: string }[];
    conditions?: { type: string; status: string }[];
  };
}

interface EndpointSlice {
  metadata: Metadata;
  endpoints: { targetRef?: { kind: string; name: string } }[] | null;
}

const NAMESPACE = 'primetrade-e2e-releases';
const LONGEST = 53;
const SMALL = resolve(import.meta.dirname, '../support/small.yaml');

const first = new Release('one', NAMESPACE);
const second = new Release('two-'.padEnd(LONGEST, 'x'), NAMESPACE);
const sites = { one: new Site('one.releases.test'), two: new Site('two.releases.test') };
const seconds: number[] = [];

const gateway = await programmedGateway();
if (gateway === undefined) {
  console.log('skipped: the HTTPRoute, as the cluster has no Gateway that is programmed');
}

beforeAll(async () => {
  await createNamespace(NAMESPACE);
  seconds.push(await first.install(options(sites.one)));
  seconds.push(await second.install(options(sites.two)));
}, 600_000);
afterAll(() => removeNamespace(NAMESPACE), 240_000);

function options({ host }: Site, set: string[] = []): InstallOptions {
  return { values: [SMALL], set: [`ingress.hosts={${host}}`, ...set] };
}

it('lets a second release into the namespace, with a name of 53 characters', async () => {
  console.log(`helm install --wait: ${seconds.map((each) => each.toFixed(1)).join(' s, ')} s`);
  expect(second.name).toHaveLength(LONGEST);
  for (const release of [first, second]) {
    expect(await release.test()).toContain('Signed up, wrote a task, read it back');
  }
}, 240_000);

it('keeps Services, accounts and data of both apart', async () => {
  const { items: slices } = await kubectlJson<List<EndpointSlice>>(
    ...['get', 'endpointslices', '--namespace', NAMESPACE],
  );
  for (const release of [first, second]) {
    const pods = (await release.pods()).map(({ metadata }) => metadata.name);
    const reached = slices
      .filter(({ metadata }) => metadata.labels?.['app.kubernetes.io/instance'] === release.name)
      .flatMap(({ endpoints }) => endpoints ?? [])
      .flatMap(({ targetRef }) => (targetRef?.kind === 'Pod' ? [targetRef.name] : []));
    // Each pod of services and databases is reached, and none of the other release.
    expect([...new Set(reached)].sort()).toEqual(pods.sort());
  }

  await sites.one.signUp();
  await sites.two.signUp();
  const task = await sites.one.addTask('Written in the first release');
  expect(await sites.one.tasks()).toEqual([task]);
  expect(await sites.two.tasks()).toEqual([]);
  const stranger = new Site(sites.two.host);
  stranger.token = sites.one.token;
  expect((await stranger.send('GET', '/api/v1/tasks')).status).toBe(401);
}, 60_000);

it('routes pages to the web app and the API to the gateway by the Ingress', async () => {
  for (const { host } of Object.values(sites)) {
    const site = new Site(host);
    await expectRoutes(async (path) => {
      const { status, type } = await site.send('GET', path);
      return `${status} ${type}`;
    });
  }
}, 60_000);

(gateway ? it : it.skip)(
  'routes the same by an HTTPRoute',
  async () => {
    const { metadata, spec, status } = gateway!;
    const host = 'routed.releases.test';
    await first.install(
      options(sites.one, [
        'httpRoute.enabled=true',
        `httpRoute.parentRefs[0].name=${metadata.name}`,
        `httpRoute.parentRefs[0].namespace=${metadata.namespace}`,
        `httpRoute.hostnames={${host}}`,
        // What serves a Gateway is taken to run beside it.
        `global.networkPolicy.ingressNamespaces={ingress-nginx,traefik,kube-system,${metadata.namespace}}`,
      ]),
    );
    const origin = `http://${status!.addresses![0]!.value}:${httpListener(spec)!.port}`;
    const ask = async (path: string) => {
      const [command, args] = inCluster('curl', [
        ...['--silent', '--max-time', '10', '--output', '/dev/null'],
        ...['--write-out', '%{http_code} %{content_type}', '--header', `Host: ${host}`],
        `${origin}${path}`,
      ]);
      return run(command, args);
    };
    await until('the route is taken', async () => (await ask('/')).startsWith('200'), 30_000);
    await expectRoutes(ask);
  },
  120_000,
);

it('is not touched by the end of the other', async () => {
  const identities = async () =>
    (await second.pods()).map(({ metadata }) => `${metadata.name} ${metadata.uid}`).sort();
  const before = await identities();
  const task = await sites.two.addTask('Outlives the other release');
  await first.uninstall();
  expect(await identities()).toEqual(before);
  expect(await sites.two.tasks()).toEqual([task]);
}, 180_000);

/** @param ask resolves with the status and the content-type of a path */
async function expectRoutes(ask: (path: string) => Promise<string>): Promise<void> {
  expect(await ask('/')).toMatch(/^200 text\/html/);
  expect(await ask('/api/v1/tasks')).toMatch(/^401 application\/problem\+json/);
  expect(await ask('/ready')).toMatch(/^200 application\/json/);
  expect(await ask('/.well-known/jwks.json')).toMatch(/^200 application\/(jwk-set\+)?json/);
}

/** A Gateway that works and takes HTTPRoutes of all namespaces. */
async function programmedGateway(): Promise<Gateway | undefined> {
  const { code, stdout } = await attempt('kubectl', [
    ...['get', 'gateways.gateway.networking.k8s.io', '--all-namespaces', '-o', 'json'],
  ]);
  if (code !== 0) return undefined;
  return (JSON.parse(stdout) as List<Gateway>).items.find(
    ({ spec, status }) =>
      httpListener(spec) !== undefined &&
      status?.addresses?.[0] !== undefined &&
      status.conditions?.some((each) => each.type === 'Programmed' && each.status === 'True'),
  );
}

function httpListener({ listeners }: Gateway['spec']): { port: number } | undefined {
  return listeners.find(
    ({ protocol, allowedRoutes }) =>
      protocol === 'HTTP' && JSON.stringify(allowedRoutes ?? {}).includes('"All"'),
  );
}
