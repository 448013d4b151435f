import { resolve } from 'node:path';
import { attempt, kubectl, kubectlJson } from '../support/commands.js';
import { IngressLoad } from '../support/ingress-load.js';
import { componentOf, type List } from '../support/kubernetes.js';
import { createNamespace, removeNamespace } from '../support/namespace.js';
import { primetrade } from '../support/primetrade.js';
import { apiProxy, isKnown, PROXIED, query, ruleGroups, targets } from '../support/prometheus.js';
import { Release } from '../support/release.js';
import { Site } from '../support/site.js';
import { until } from '../support/until.js';

interface PrometheusRule {
  spec: { groups: { name: string; rules: object[] }[] };
}

interface Panel {
  type: string;
  title: string;
  targets?: { expr: string }[];
}

interface Advice {
  phase: number;
  verdict: string;
  reason: string;
  services: { name: string; withoutSizing: string | null }[];
}

const NAMESPACE = 'primetrade-e2e-monitoring';
const SMALL = resolve(import.meta.dirname, '../support/small.yaml');
const RATE = 8;
const GATEWAYS = 2;
/** Of the alerts that can be caused here, none waits for a shorter time: two minutes. */
const ALERT = 'PrimetradeRedisAway';
/** What can have no data here, and why. */
const WITHOUT_DATA: Record<string, string> = {
  'How far the replica is behind': 'the embedded PostgreSQL has no replica',
};

const release = new Release('watched', NAMESPACE);
const site = new Site('watched.test');
const hasOperator =
  (await attempt('kubectl', ['get', 'crd', 'prometheusrules.monitoring.coreos.com'])).code === 0;
if (!hasOperator) console.log('skipped: monitoring, as the cluster has no Prometheus operator');
const test = hasOperator ? it : it.skip;
let load: IngressLoad | undefined;

beforeAll(async () => {
  if (!hasOperator) return;
  await createNamespace(NAMESPACE);
  const seconds = await release.install({
    values: [SMALL],
    set: [
      `ingress.hosts={${site.host}}`,
      `gateway.replicas=${GATEWAYS}`,
      'global.metrics.serviceMonitor.enabled=true',
      'monitoring.prometheusRule.enabled=true',
      'monitoring.dashboards.enabled=true',
    ],
  });
  console.log(`helm install --wait: ${seconds.toFixed(1)} s`);
  // A gateway that has just started may not know yet that the services behind it are ready.
  await until('somebody can sign up', () => site.signUp().catch(() => undefined), 30_000);
  load = await IngressLoad.start(RATE, site);
}, 400_000);
afterAll(async () => {
  await load?.stop();
  if (hasOperator) await removeNamespace(NAMESPACE);
}, 240_000);

test('is scraped by one target a pod', async () => {
  const pods = (await release.pods()).filter((pod) =>
    ['gateway', 'auth', 'tasks', 'profile'].includes(componentOf(pod)),
  );
  const expected = pods.map(({ metadata }) => metadata.name).sort();
  expect(expected).toHaveLength(GATEWAYS + 3);
  const began = performance.now();
  await until(
    'all pods are scraped',
    async () =>
      (await targets(NAMESPACE)).filter(({ health }) => health === 'up').length >= expected.length,
    180_000,
  );
  console.log(`all pods scraped after ${((performance.now() - began) / 1000).toFixed(0)} s`);
  const found = await targets(NAMESPACE);
  expect(found.map(({ labels }) => labels['pod']).sort()).toEqual(expected);
  expect(found.filter(({ health }) => health !== 'up')).toEqual([]);
  expect([...new Set(found.map(({ labels }) => labels['job']))]).toEqual(['primetrade']);
}, 200_000);

test('has rules that Prometheus loads and evaluates without an error', async () => {
  const { items } = await kubectlJson<List<PrometheusRule>>(
    ...['get', 'prometheusrules', '--namespace', NAMESPACE],
  );
  const expected = items.flatMap(({ spec }) => spec.groups);
  const groups = await until(
    'all rules are evaluated',
    async () => {
      const all = await ruleGroups(NAMESPACE);
      const unknown = all
        .flatMap(({ rules }) => rules)
        .filter(({ health }) => health === 'unknown');
      return all.length === expected.length && unknown.length === 0 && all;
    },
    200_000,
  );
  const count = (all: { rules: unknown[] }[]) =>
    all.reduce((sum, { rules }) => sum + rules.length, 0);
  console.log(`${count(groups)} rules in ${groups.length} groups`);
  expect(count(groups)).toBe(count(expected));
  const bad = groups.flatMap(({ rules }) => rules).filter(({ health }) => health !== 'ok');
  expect(bad).toEqual([]);
}, 220_000);

test('has no panel without data', async () => {
  const config = await kubectlJson<{ data: Record<string, string> }>(
    ...['get', 'configmap', 'watched-dashboards', '--namespace', NAMESPACE],
  );
  const panels = Object.values(config.data).flatMap(
    (text) => (JSON.parse(text) as { panels: Panel[] }).panels,
  );
  const queries = panels
    .filter(({ title }) => !(title in WITHOUT_DATA))
    .flatMap(({ title, targets: all = [] }) =>
      all.map(({ expr }) => ({ title, expression: expr.replaceAll('$__rate_interval', '1m') })),
    );
  expect(queries.length).toBeGreaterThan(25);
  // Rates need two scrapes, and what is rare has to have happened.
  let empty = queries;
  await until(
    'all panels have data',
    async () => {
      const still = [];
      for (const one of empty) if (!(await hasData(one.expression))) still.push(one);
      empty = still;
      return empty.length === 0;
    },
    90_000,
  ).catch(() => undefined);
  // Some say 0 for what has not happened yet, and would for a metric that nobody has.
  for (const { expression } of queries.filter((one) => one.expression.includes('vector(0)'))) {
    for (const [, name] of expression.matchAll(/(\w+)[{[]/g)) {
      expect([name, await isKnown(name!)]).toEqual([name, true]);
    }
  }
  console.log(`${queries.length - empty.length} of ${queries.length} queries of panels have data`);
  expect(empty).toEqual([]);
}, 120_000);

test('is advised by what Prometheus has measured', async () => {
  await using api = await apiProxy();
  const args = [
    ...[
      'advise',
      '--prometheus',
      `${api.url}${PROXIED}`,
      '--window',
      '2m',
      '--kubernetes',
      NAMESPACE,
    ],
    ...['--selector', `job="primetrade",namespace="${NAMESPACE}"`],
  ];
  const advised = await until(
    'there is enough for an advice',
    async () => {
      const advice = JSON.parse(await primetrade([...args, '--json'])) as Advice;
      return advice.verdict !== 'no-advice-yet' && advice;
    },
    90_000,
  );
  console.log(`${advised.verdict}: ${advised.reason}`);
  expect(advised.phase).toBe(3);
  expect(advised.services.map(({ name }) => name)).toEqual(['auth', 'gateway', 'profile', 'tasks']);
  // Minutes are enough to see what is in the way, and not for sizes: no values are made of them.
  for (const service of advised.services) expect(service.withoutSizing).toMatch('sizes need a day');
  await expect(primetrade([...args, '--values', '/nowhere/values.yaml'])).rejects.toThrow(
    'was not written, as there is no advice for the chart yet',
  );
}, 150_000);

test(`fires ${ALERT} when Valkey is away`, async () => {
  const state = async () =>
    (await ruleGroups(NAMESPACE)).flatMap(({ rules }) => rules).find(({ name }) => name === ALERT)!
      .state;
  expect(await state()).toBe('inactive');
  const scale = (replicas: number) =>
    kubectl(
      ...['scale', 'statefulset', 'watched-valkey', '--namespace', NAMESPACE],
      `--replicas=${replicas}`,
    );
  const began = performance.now();
  await scale(0);
  const since = () => `${((performance.now() - began) / 1000).toFixed(0)} s`;
  await until('the alert is pending', async () => (await state()) !== 'inactive', 180_000);
  const pending = since();
  await until('the alert fires', async () => (await state()) === 'firing', 240_000);
  console.log(`${ALERT}: pending after ${pending}, firing after ${since()}`);
  const { sent, failures } = await load!.stop();
  console.log(`${sent} requests since the beginning, failed ${JSON.stringify(failures)}`);
  const firing = await query(
    `ALERTS{alertname="${ALERT}", alertstate="firing", namespace="${NAMESPACE}"}`,
  );
  expect(firing.map(({ metric }) => metric['severity'])).toContain('warning');
  await scale(1);
}, 450_000);

async function hasData(expression: string): Promise<boolean> {
  return (await query(expression)).some(({ value }) => !Number.isNaN(Number(value[1])));
}
