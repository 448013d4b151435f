import { until } from './support/until.js';
import { IngressLoad } from './support/ingress-load.js';
import { kubectl, kubectlJson } from './support/commands.js';
import type { List, Metadata, Pod } from './support/kubernetes.js';
import { SERVICES } from './support/release.js';
import { shared } from './support/shared.js';

const RATE = 40;
const ROLLOUTS = 3;

it(`replaces every pod ${ROLLOUTS} times at ${RATE} requests/s without one failure, and spreads them over the nodes`, async () => {
  const load = await IngressLoad.start(RATE);
  await until('the load runs', () => load.seconds.length > 2);
  const old = new Set((await allPods()).map(({ metadata }) => metadata.uid));
  for (let n = 0; n < ROLLOUTS; n += 1) await shared.restart();
  const { sent, failures, seconds } = await load.stop();

  const worst = Math.max(...seconds.map(({ p95 }) => p95));
  console.log(
    `${ROLLOUTS} rolling restarts of everything: ${sent} requests, ${Object.values(failures).reduce((a, b) => a + b, 0)} failed, p95 ${median(seconds.map(({ p95 }) => p95)).toFixed(0)} ms in the median second, ${worst.toFixed(0)} ms in the worst`,
  );
  expect(failures).toEqual({});
  expect((await allPods()).filter(({ metadata }) => old.has(metadata.uid))).toEqual([]);

  const { items: nodes } = await kubectlJson<List<{ metadata: Metadata }>>('get', 'nodes');
  for (const service of SERVICES) {
    const on = (await shared.readyPods(service)).map(({ spec }) => spec.nodeName);
    const counts = nodes.map(({ metadata }) => on.filter((name) => name === metadata.name).length);
    console.log(`${service}: ${counts.join(' + ')} pods a node`);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
  }
}, 600_000);

it('loses nothing when a pod of each service is deleted', async () => {
  const load = await IngressLoad.start(RATE);
  await until('the load runs', () => load.seconds.length > 2);
  for (const service of SERVICES) {
    const [pod] = await shared.readyPods(service);
    await shared.remove(pod!);
    await until(
      `${service} is complete`,
      async () => (await shared.readyPods(service)).length >= 3,
      90_000,
    );
  }
  const { sent, failures } = await load.stop();
  console.log(
    `a pod of each service deleted: ${sent} requests, failed: ${JSON.stringify(failures)}`,
  );
  expect(failures).toEqual({});
}, 400_000);

it('lets a node be drained without a failure, and no budget stands in the way', async () => {
  // One with a single database cannot be emptied without taking it away.
  const [database] = await shared.pods('postgresql');
  const node = (await allPods())
    .map(({ spec }) => spec.nodeName!)
    .find((name) => name !== database!.spec.nodeName);
  if (node === undefined) {
    console.log('skipped: a drain, as all pods are on one node');
    return;
  }
  const load = await IngressLoad.start(RATE);
  await until('the load runs', () => load.seconds.length > 2);
  const selector = `app.kubernetes.io/instance=${shared.name},app.kubernetes.io/component in (${SERVICES.join()})`;
  const began = performance.now();
  try {
    await kubectl(
      ...['drain', node, `--pod-selector=${selector}`, '--ignore-daemonsets'],
      ...['--delete-emptydir-data', '--timeout=240s'],
    );
    const seconds = (performance.now() - began) / 1000;
    await until(
      'every service is complete elsewhere',
      async () => {
        const ready = await Promise.all(SERVICES.map((service) => shared.readyPods(service)));
        return ready.every((pods) => pods.length >= 3);
      },
      90_000,
    );
    const { sent, failures } = await load.stop();
    console.log(
      `a node drained within ${seconds.toFixed(0)} s: ${sent} requests, failed: ${JSON.stringify(failures)}`,
    );
    expect(failures).toEqual({});
    expect((await allPods()).filter(({ spec }) => spec.nodeName === node)).toEqual([]);
  } finally {
    await kubectl('uncordon', node);
    await load.stop();
  }
}, 450_000);

async function allPods(): Promise<Pod[]> {
  return (await Promise.all(SERVICES.map((service) => shared.pods(service)))).flat();
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
