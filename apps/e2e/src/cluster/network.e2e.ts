import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { CHART, kubectl, kubectlJson, run } from './support/commands.js';
import { createNamespace, removeNamespace } from './support/namespace.js';
import { type ServiceName, SERVICES } from './support/release.js';
import { shared } from './support/shared.js';

const PORTS = { web: 3000, gateway: 4000, auth: 4001, tasks: 4002, profile: 4003 } as const;
const METRICS_PORT = 9464;
const DATASTORES = { postgresql: 5432, valkey: 6379 } as const;
/** A packet that a policy drops gets no answer at all. */
const PATIENCE_MS = 2_000;
const STRANGERS = 'primetrade-e2e-strangers';
/** As the chart's global.networkPolicy.prometheusNamespace. */
const PROMETHEUS = 'monitoring';

interface Target {
  name: string;
  host: string;
  port: number;
}

/** Tries targets at the same time and says of each whether a connection was made. */
const TRY = `
const { connect } = require('node:net');
const tries = JSON.parse(process.argv[1]).map(({ name, host, port }) => new Promise((done) => {
  const socket = connect({ host, port, timeout: ${PATIENCE_MS} });
  const end = (open) => { socket.destroy(); done([name, open]); };
  socket.once('connect', () => end('open')).once('timeout', () => end('silent'));
  socket.once('error', (error) => end(error.code));
}));
Promise.all(tries).then((all) => console.log(JSON.stringify(Object.fromEntries(all))));`;

async function tryFrom(
  pod: string,
  namespace: string,
  targets: Target[],
): Promise<Record<string, string>> {
  const node = ['exec', pod, '--namespace', namespace, '--', 'node', '-e', TRY];
  return JSON.parse(await kubectl(...node, JSON.stringify(targets))) as Record<string, string>;
}

/** One pod of each callee, and of services the metrics too. */
async function targets(): Promise<Target[]> {
  const addressOf = async (component: string) => {
    const [pod] = await shared.pods(component);
    return pod!.status.podIP!;
  };
  const all = await Promise.all([
    ...SERVICES.map(async (name) => ({ name, host: await addressOf(name), port: PORTS[name] })),
    ...Object.entries(DATASTORES).map(async ([name, port]) => ({
      name,
      host: await addressOf(name),
      port,
    })),
  ]);
  const metrics = all
    .filter(({ name }) => name in PORTS && name !== 'web')
    .map(({ name, host }) => ({ name: `${name} metrics`, host, port: METRICS_PORT }));
  return [...all, ...metrics];
}

/** What the chart's map allows a component to call. */
function allowedFrom(caller: string): string[] {
  const { edges } = parse(readFileSync(resolve(CHART, 'files/edges.yaml'), 'utf8')) as {
    edges: { from: string; to: string; port: string }[];
  };
  return edges
    .filter(({ from }) => from === caller)
    .map(({ to, port }) => (port === 'metrics' ? `${to} metrics` : to))
    .sort();
}

const openOf = (results: Record<string, string>): string[] =>
  Object.entries(results)
    .flatMap(([name, state]) => (state === 'open' ? [name] : []))
    .sort();

it.each(SERVICES)(
  '%s reaches what the map says, and nothing else',
  async (service: ServiceName) => {
    const [pod] = await shared.readyPods(service);
    const others = (await targets()).filter(
      ({ name }) => name !== service && name !== `${service} metrics`,
    );
    const results = await tryFrom(pod!.metadata.name, shared.namespace, others);
    expect(openOf(results)).toEqual(allowedFrom(service));
    // Dropped, not refused: a refusal would come from the callee itself.
    expect(Object.values(results).filter((state) => state !== 'open')).toEqual(
      Array(others.length - openOf(results).length).fill('silent'),
    );
  },
);

it('another namespace reaches nothing, unless it is the one of Prometheus, and then the metrics', async () => {
  await createNamespace(STRANGERS);
  try {
    const all = await targets();
    expect(openOf(await tryAsPod(STRANGERS, all))).toEqual([]);
    await kubectl('create', 'namespace', PROMETHEUS).catch(() => 'it is there');
    expect(openOf(await tryAsPod(PROMETHEUS, all))).toEqual(allowedFrom('prometheus'));
  } finally {
    await removeNamespace(STRANGERS);
  }
}, 180_000);

/** Tries from a pod that is made for it. */
async function tryAsPod(namespace: string, all: Target[]): Promise<Record<string, string>> {
  const [pod] = await shared.readyPods('tasks');
  const { spec } = await kubectlJson<{ spec: { containers: { image: string }[] } }>(
    ...['get', 'pod', pod!.metadata.name, '--namespace', shared.namespace],
  );
  const name = 'stranger';
  const restricted = {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    runAsNonRoot: true,
    seccompProfile: { type: 'RuntimeDefault' },
  };
  const manifest = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace },
    spec: {
      automountServiceAccountToken: false,
      containers: [
        {
          name,
          image: spec.containers[0]!.image,
          command: ['node', '-e', 'setInterval(() => {}, 1000)'],
          securityContext: restricted,
        },
      ],
    },
  };
  await run('kubectl', ['apply', '-f', '-'], { input: JSON.stringify(manifest) });
  try {
    await kubectl(
      'wait',
      `pod/${name}`,
      '--namespace',
      namespace,
      '--for=condition=Ready',
      '--timeout=60s',
    );
    return await tryFrom(name, namespace, all);
  } finally {
    await kubectl('delete', 'pod', name, '--namespace', namespace, '--grace-period=0', '--force');
  }
}
