import { resolve } from 'node:path';
import { until } from '../support/until.js';
import { CHARTS, kubectl, kubectlJson, run } from '../support/commands.js';
import { isReady, type List, type Pod } from '../support/kubernetes.js';
import { createNamespace, removeNamespace } from '../support/namespace.js';

/**
 * A service of somebody else, with the library chart, whose memory is what it is told to hold: what
 * PrimeTrade's own services hold depends on V8, and can't be told.
 */
const SERVICE = `
let held;
const server = require('node:http').createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  if (pathname === '/hold') {
    held = undefined;
    gc();
    held = Buffer.alloc(Number(searchParams.get('mib')) * 2 ** 20, 1);
  }
  response.end('ok');
});
server.listen(3000);
process.once('SIGTERM', () => server.close(() => process.exit(0)));`;

const NAMESPACE = 'primetrade-e2e-memory';
const MINUTES = 60_000;

beforeAll(async () => {
  await createNamespace(NAMESPACE);
  const values = {
    image: { repository: 'primetrade/migrate', tag: process.env['IMAGE_TAG'] ?? 'dev' },
    command: ['node', '--expose-gc', '-e', SERVICE],
    metrics: { enabled: false },
    // A process without anything to hold is at about a third of it.
    resources: {
      requests: { cpu: '10m', memory: '150Mi' },
      limits: { cpu: '200m', memory: '400Mi' },
    },
    probes: { liveness: { path: '/' }, readiness: { path: '/' }, startup: { path: '/' } },
    autoscaling: {
      minReplicas: 2,
      maxReplicas: 4,
      memory: 80,
      cpu: 100,
      behavior: { scaleDown: { stabilizationWindowSeconds: 15 } },
    },
  };
  await run('helm', [
    ...['install', 'held', resolve(CHARTS, 'examples/notes'), '--namespace', NAMESPACE],
    ...['--set-json', `api=${JSON.stringify(values)}`, '--wait', '--timeout=120s'],
  ]);
}, 180_000);
afterAll(() => removeNamespace(NAMESPACE), 240_000);

async function pods(): Promise<Pod[]> {
  const { items } = await kubectlJson<List<Pod>>('get', 'pods', '--namespace', NAMESPACE);
  return items.filter(isReady);
}

async function hold(mib: number): Promise<void> {
  for (const { metadata } of await pods()) {
    const ask = `fetch('http://localhost:3000/hold?mib=${mib}').then((answer) => answer.text())`;
    await kubectl('exec', metadata.name, '--namespace', NAMESPACE, '--', 'node', '-e', ask);
  }
}

it(
  'more memory brings more pods, and less brings fewer',
  async () => {
    const count = async () => (await pods()).length;
    await until('there are the fewest', async () => (await count()) === 2, 2 * MINUTES);
    await hold(120);
    await until('there are more', async () => (await count()) > 2, 3 * MINUTES);
    const most = await count();
    await hold(0);
    await until('there are the fewest again', async () => (await count()) === 2, 4 * MINUTES);
    console.log(`memory: 2 > ${most} > 2 pods`);
  },
  10 * MINUTES,
);
