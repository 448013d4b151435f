import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { attempt, kubectl, kubectlJson } from '../support/commands.js';
import { isReady, type List, type Pod } from '../support/kubernetes.js';
import { createNamespace, removeNamespace } from '../support/namespace.js';
import { Release, type ServiceName } from '../support/release.js';
import { Site } from '../support/site.js';
import { until } from '../support/until.js';

interface Cluster {
  spec: { instances: number };
  status: { readyInstances?: number; currentPrimary: string; phase: string };
}

const NAMESPACE = 'primetrade-e2e-cloudnativepg';
const SMALL = resolve(import.meta.dirname, '../support/small.yaml');
const NAME = 'clouded-postgresql';
const INSTALL_SECONDS = 120;
const INSTANCES = 3;
const WRITERS = 3;

const release = new Release('clouded', NAMESPACE);
const site = new Site('clouded.test');
const hasOperator =
  (await attempt('kubectl', ['get', 'crd', 'clusters.postgresql.cnpg.io'])).code === 0;
if (!hasOperator) console.log('skipped: CloudNativePG, as the cluster has no operator of it');
const test = hasOperator ? it : it.skip;
let seconds: number;

beforeAll(async () => {
  if (!hasOperator) return;
  await createNamespace(NAMESPACE);
  const began = performance.now();
  await release.install({
    values: [SMALL],
    set: [`ingress.hosts={${site.host}}`, 'postgresql.mode=cloudnativepg'],
  });
  await healthy();
  seconds = (performance.now() - began) / 1000;
}, 500_000);
afterAll(async () => {
  if (!hasOperator) return;
  // Left to itself, a server waits for its clients for minutes.
  await kubectl('delete', 'clusters.postgresql.cnpg.io', '--all', '--namespace', NAMESPACE);
  await kubectl('delete', 'pods', '--all', '--namespace', NAMESPACE, '--grace-period=1');
  await removeNamespace(NAMESPACE);
}, 300_000);

test(`is ready with ${INSTANCES} instances within ${INSTALL_SECONDS} s`, async () => {
  console.log(`helm install --wait to ${INSTANCES} instances: ${seconds.toFixed(1)} s`);
  expect(seconds).toBeLessThanOrEqual(INSTALL_SECONDS);
  expect(await release.test()).toContain('Signed up, wrote a task, read it back');
}, 120_000);

test('reads its replicas, and how far they are', async () => {
  await site.signUp();
  await replicasAreRead();
  const lag = await metrics('tasks', 'db_replica_lag_seconds');
  expect(Object.keys(lag).length).toBeGreaterThanOrEqual(INSTANCES - 1);
}, 60_000);

test('loses no acknowledged write when the primary is killed, and reads go on', async () => {
  const { currentPrimary: killed } = (await cluster()).status;
  const writers = Array.from({ length: WRITERS }, () => new Worker(() => site.addTask('Kept')));
  const reader = new Worker(() => site.send('GET', '/api/v1/tasks?limit=5').then(expectOk));
  await delay(3_000);
  await kill(killed);
  const began = performance.now();
  await until(
    'another primary',
    async () => {
      const { currentPrimary, phase } = (await cluster()).status;
      return currentPrimary !== killed && phase !== '' && currentPrimary;
    },
    90_000,
  );
  await until(
    'writes go on',
    () => writers.every(({ successes }) => (successes.at(-1)?.at ?? 0) > began + 10_000),
    120_000,
  );
  await healthy();
  const again = (performance.now() - began) / 1000;
  await Promise.all([...writers, reader].map((worker) => worker.stop()));

  const written = writers.flatMap(({ successes }) => successes);
  const gap = longestGap(written.map(({ at }) => at));
  const there = new Set(await site.tasks());
  const lost = written.filter(({ result }) => !there.has(result));
  console.log(
    `primary killed: ${written.length} writes acknowledged, ${lost.length} lost, ` +
      `longest gap ${(gap / 1000).toFixed(1)} s, writes that failed ${tally(writers)}; ` +
      `${reader.successes.length} reads, failed ${tally([reader])}, ` +
      `longest gap ${(longestGap(reader.successes.map(({ at }) => at)) / 1000).toFixed(1)} s; ` +
      `${INSTANCES} instances again after ${again.toFixed(0)} s`,
  );
  expect(lost).toEqual([]);
  expect(tally([reader])).toBe('{}');
  expect(gap).toBeLessThan(30_000);
}, 360_000);

test('still lets everybody read what they wrote, and reads replicas again', async () => {
  for (let n = 0; n < 20; n += 1) {
    const id = await site.addTask(`After the failover, ${n}`);
    expect((await site.send('GET', `/api/v1/tasks/${id}`)).status).toBe(200);
  }
  await replicasAreRead();
  // The one that was the primary is read now, and the one that is the primary is not.
  await until(
    'all replicas are read',
    async () => (await knownReplicas()) === INSTANCES - 1,
    60_000,
  );
}, 120_000);

/** Reads until a read of a replica has been counted. */
async function replicasAreRead(): Promise<void> {
  const before = await readsOfReplicas();
  const began = performance.now();
  await until(
    'a replica is read',
    async () => {
      await site.tasks();
      return (await readsOfReplicas()) > before;
    },
    30_000,
  );
  console.log(`a replica is read after ${((performance.now() - began) / 1000).toFixed(1)} s`);
}

async function readsOfReplicas(): Promise<number> {
  const reads = await metrics('tasks', 'db_reads_total');
  return Object.entries(reads)
    .filter(([labels]) => /target="replica/.test(labels))
    .reduce((sum, [, value]) => sum + value, 0);
}

/** How many replicas the service reads. */
async function knownReplicas(): Promise<number> {
  return Object.values(await metrics('tasks', 'db_replica_up')).reduce((sum, up) => sum + up, 0);
}

/** A metric of a service's first pod, by its labels. */
async function metrics(service: ServiceName, name: string): Promise<Record<string, number>> {
  const [pod] = await release.readyPods(service);
  const script = `fetch('http://127.0.0.1:9464/metrics').then((r) => r.text()).then(console.log)`;
  const text = await kubectl(
    ...['exec', pod!.metadata.name, '--namespace', NAMESPACE, '--', 'node', '-e', script],
  );
  return Object.fromEntries(
    text
      .split('\n')
      .filter((line) => line.startsWith(`${name}{`))
      .map((line) => {
        const end = line.lastIndexOf('} ');
        return [line.slice(name.length, end + 1), Number(line.slice(end + 2))];
      }),
  );
}

function cluster(): Promise<Cluster> {
  return kubectlJson('get', 'clusters.postgresql.cnpg.io', NAME, '--namespace', NAMESPACE);
}

function healthy(): Promise<boolean> {
  const instances = ['pods', '--namespace', NAMESPACE, '-l', `cnpg.io/cluster=${NAME}`];
  return until(
    'all instances are ready',
    async () => {
      const { items } = await kubectlJson<List<Pod>>('get', ...instances);
      const ready = items.filter(isReady).length;
      return ready === INSTANCES && (await cluster()).status.readyInstances === INSTANCES;
    },
    180_000,
  );
}

/**
 * Ends an instance as a crash does. A pod that is deleted by force still ends in order, so its
 * processes are killed before.
 */
async function kill(pod: string): Promise<void> {
  const its = [pod, '--namespace', NAMESPACE];
  await attempt('kubectl', ['exec', ...its, '--', 'bash', '-c', 'kill -9 -1']);
  await kubectl('delete', 'pod', ...its, '--grace-period=0', '--force');
}

/** Does something again and again, whatever becomes of it. */
class Worker<T> {
  readonly successes: { at: number; result: T }[] = [];
  readonly failures: Record<string, number> = {};
  private running = true;
  private readonly done: Promise<void>;

  constructor(private readonly what: () => Promise<T>) {
    this.done = this.run();
  }

  stop(): Promise<void> {
    this.running = false;
    return this.done;
  }

  private async run(): Promise<void> {
    while (this.running) {
      try {
        const result = await this.what();
        this.successes.push({ at: performance.now(), result });
      } catch (error) {
        const name = (error as Error).message.replace(/:.*/s, '');
        this.failures[name] = (this.failures[name] ?? 0) + 1;
      }
      await delay(100);
    }
  }
}

function tally(workers: Worker<unknown>[]): string {
  const all: Record<string, number> = {};
  for (const { failures } of workers) {
    for (const [name, count] of Object.entries(failures)) all[name] = (all[name] ?? 0) + count;
  }
  return JSON.stringify(all);
}

function longestGap(times: number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  return Math.max(0, ...sorted.slice(1).map((time, index) => time - sorted[index]!));
}

function expectOk({ status }: { status: number }): void {
  if (status !== 200) throw new Error(`the list answered ${status}`);
}
