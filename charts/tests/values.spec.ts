import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { STORES } from './testing/combinations.js';
import { wrongSelectors } from './testing/name-checks.js';
import { brokenReferences, insecurePods } from './testing/pod-checks.js';
import { describeWithHelm, parsed, PRIMETRADE, refusal, root, text } from './testing/render.js';

type Values = Record<string, unknown>;

/** Values that the schema refuses, with the place and the reason that it gives. */
const REFUSED: [Values, string, string][] = [
  [{ nope: 1 }, '', "additional properties 'nope' not allowed"],
  [{ global: { replica: 1 } }, '/global', "additional properties 'replica' not allowed"],
  [{ tasks: { replicaCount: 1 } }, '/tasks', "additional properties 'replicaCount' not allowed"],
  [
    { web: { autoscaling: { targetCPU: 70 } } },
    '/web/autoscaling',
    "additional properties 'targetCPU' not allowed",
  ],
  [{ global: { autoscaling: { cpu: 0 } } }, '/global/autoscaling/cpu', 'minimum: got 0, want 1'],
  [
    { auth: { autoscaling: { memory: 101 } } },
    '/auth/autoscaling/memory',
    'maximum: got 101, want 100',
  ],
  [{ gateway: { autoscaling: { minReplicas: 0 } } }, '/gateway/autoscaling/minReplicas', 'minimum'],
  [{ gateway: { autoscaling: { enabled: 'yes' } } }, '/gateway/autoscaling/enabled', 'boolean'],
  [{ gateway: { replicas: 'many' } }, '/gateway/replicas', 'maxLength'],
  [{ global: { logLevel: 'loud' } }, '/global/logLevel', "'trace', 'silent'"],
  [{ global: { image: { tag: 20261124 } } }, '/global/image/tag', 'got number, want string'],
  [
    { global: { resources: { limits: { memory: '1 GB' } } } },
    '/global/resources/limits/memory',
    'pattern',
  ],
  [{ global: { resources: { gpu: 1 } } }, '/global/resources', "additional properties 'gpu'"],
  [{ global: { rollout: { maxSurge: '250%' } } }, '/global/rollout/maxSurge', 'pattern'],
  [{ global: { rollout: { maxUnavailable: -1 } } }, '/global/rollout/maxUnavailable', 'minimum'],
  [
    { global: { probes: { liveness: { path: 'health' } } } },
    '/global/probes/liveness/path',
    'pattern',
  ],
  [
    { global: { probes: { liveness: { periodSeconds: 0 } } } },
    '/global/probes/liveness/periodSeconds',
    'minimum',
  ],
  [
    { global: { lifecycle: { preStopSeconds: 301 } } },
    '/global/lifecycle/preStopSeconds',
    'maximum',
  ],
  [
    { global: { metrics: { serviceMonitor: { interval: '15' } } } },
    '/global/metrics/serviceMonitor/interval',
    'pattern',
  ],
  [{ global: { corsOrigins: 'https://a.example' } }, '/global/corsOrigins', 'want array'],
  [{ global: { config: { A: ['b'] } } }, '/global/config/A', 'got array'],
  [{ tasks: { pool: 0 } }, '/tasks/pool', 'minimum'],
  [{ migrate: { backoffLimit: 101 } }, '/migrate/backoffLimit', 'maximum'],
  [{ secrets: { keys: { 'jwt-secret': 'a' } } }, '/secrets/keys', "'jwt-secret' not allowed"],
  [{ secrets: { kubernetesApi: { ports: [0] } } }, '/secrets/kubernetesApi/ports/0', 'minimum'],
  [{ ingress: { hosts: [1] } }, '/ingress/hosts/0', 'want string'],
  [{ postgresql: { mode: 'mysql' } }, '/postgresql/mode', "'cloudnativepg', 'external'"],
  [{ postgresql: { maxConnections: 5 } }, '/postgresql/maxConnections', 'minimum'],
  [
    { postgresql: { cloudnativepg: { instances: 0 } } },
    '/postgresql/cloudnativepg/instances',
    'minimum',
  ],
  [
    { postgresql: { external: { sslmode: 'allow' } } },
    '/postgresql/external/sslmode',
    "'verify-full'",
  ],
  [{ postgresql: { external: { port: 70000 } } }, '/postgresql/external/port', 'maximum'],
  [{ valkey: { mode: 'sentinel' } }, '/valkey/mode', "'cluster', 'external'"],
  [{ valkey: { cluster: { primaries: 2 } } }, '/valkey/cluster/primaries', 'minimum'],
];

const POOLS = { auth: { pool: 20 }, tasks: { pool: 20 } };

/** Values that are each possible and cannot work together, with the sentence that says so. */
const IMPOSSIBLE: [Values, string][] = [
  [
    { tasks: { autoscaling: { minReplicas: 9, maxReplicas: 4 } } },
    'tasks: autoscaling.minReplicas (9) is more than maxReplicas (4).',
  ],
  [
    { global: { lifecycle: { graceSeconds: 60 } } },
    'gateway: lifecycle.preStopSeconds, drainSeconds and graceSeconds take 68 s together, so that ' +
      'pods would be killed after terminationGracePeriodSeconds (45) before they are done: make it ' +
      'larger than 68.',
  ],
  [
    { web: { lifecycle: { terminationGracePeriodSeconds: 23 } } },
    'web: lifecycle.preStopSeconds, drainSeconds and graceSeconds take 23 s together',
  ],
  [
    { auth: { pdb: { maxUnavailable: 0 } } },
    'auth: pdb.maxUnavailable (0) lets none of 3 pods go, so that no node could be drained: use 1.',
  ],
  [
    { auth: { pdb: { maxUnavailable: '100%' } } },
    'auth: pdb.maxUnavailable (100%) lets all 3 pods go at once: use less, or pdb.enabled: false.',
  ],
  [
    { profile: { rollout: { maxSurge: 0 } } },
    'profile: rollout.maxSurge and rollout.maxUnavailable are both 0, so that no rollout could begin.',
  ],
  [
    { profile: { rollout: { minReadySeconds: 600 } } },
    'profile: rollout.progressDeadlineSeconds (600) must be more than minReadySeconds (600).',
  ],
  [
    { profile: { resources: { requests: { memory: '1Gi' } } } },
    'profile: resources.requests.memory (1Gi) is more than resources.limits.memory (512Mi).',
  ],
  [
    { profile: { resources: { requests: { cpu: 1 }, limits: { cpu: '999m' } } } },
    'profile: resources.requests.cpu (1) is more than resources.limits.cpu (999m).',
  ],
  [{ fullnameOverride: 'my.shop' }, 'my.shop cannot begin the names of Services'],
  [{ fullnameOverride: '1st' }, '1st cannot begin the names of Services'],
  [
    POOLS,
    'PostgreSQL: 1187 connections could be needed at once (auth 25 x 21, tasks 25 x 21, profile 25 x 5, ' +
      'migrate 2, global.connectionReserve 10), but max_connections (500) leaves 497, as 3 are the ' +
      "superuser's: make pools or autoscaling.maxReplicas smaller, or max_connections larger.",
  ],
  [{ ingress: { hosts: [] } }, 'ingress.hosts is empty'],
  [{ httpRoute: { enabled: true, parentRefs: [{ name: 'a' }] } }, 'httpRoute.hostnames is empty'],
  [{ httpRoute: { enabled: true, hostnames: ['a.example'] } }, 'httpRoute.parentRefs is empty'],
  [
    { global: { networkPolicy: { ingressNamespaces: [] } } },
    'global.networkPolicy lets no ingress controller in',
  ],
  [{ postgresql: { mode: 'external' } }, 'postgresql.external.host is missing'],
  [{ postgresql: { mode: 'external' } }, 'postgresql.existingSecret is missing'],
  [
    { postgresql: { mode: 'external', existingSecret: 'a', external: { host: 'db:5432' } } },
    'postgresql.external.host must be a host alone',
  ],
  [
    { postgresql: { mode: 'external', external: { sslmode: 'verify-ca' } } },
    'postgresql.external.sslmode verify-ca needs postgresql.external.ca.existingSecret.',
  ],
  [
    { postgresql: { mode: 'cloudnativepg', cloudnativepg: { synchronous: { number: 3 } } } },
    'postgresql.cloudnativepg.synchronous.number 3 needs more than 3 instances',
  ],
  [
    { postgresql: { mode: 'cloudnativepg', cloudnativepg: { instanceSerials: [1, 4] } } },
    'postgresql.cloudnativepg.instanceSerials has 2 numbers for 3 instances.',
  ],
  [
    { postgresql: { mode: 'cloudnativepg', existingSecret: 'a', existingSecretKey: 'b' } },
    'postgresql.existingSecretKey must be empty with cloudnativepg',
  ],
  [
    {
      postgresql: {
        mode: 'cloudnativepg',
        cloudnativepg: { backup: { schedule: '0 0 2 * * *', method: 'barmanObjectStore' } },
      },
    },
    'postgresql.cloudnativepg.backup.schedule needs postgresql.cloudnativepg.backup.configuration',
  ],
  [
    {
      postgresql: {
        mode: 'cloudnativepg',
        cloudnativepg: { backup: { schedule: '0 0 2 * * *', method: 'plugin' } },
      },
    },
    'postgresql.cloudnativepg.backup.method plugin needs pluginConfiguration.name.',
  ],
  [{ valkey: { mode: 'external' } }, 'valkey.external.addresses is missing'],
  [{ valkey: { mode: 'external' } }, 'valkey.existingSecret is missing'],
];

/** Keys that say which templates are used at all. */
const SWITCHES = ['mode', 'enabled'];

/** The chart's values at one depth replaced by null, which takes them away: old values lack the new. */
function without(values: Values, depth: number): Values {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]): [string, unknown][] => {
      if (SWITCHES.includes(key)) return [];
      if (depth === 0) return [[key, null]];
      const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
      return isMap ? [[key, without(value as Values, depth - 1)]] : [];
    }),
  );
}

function merged(base: Values, over: Values): Values {
  const both = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const [a, b] = [base[key], value];
    const isMap = (one: unknown) => typeof one === 'object' && one !== null && !Array.isArray(one);
    both[key] = isMap(a) && isMap(b) ? merged(a as Values, b as Values) : b;
  }
  return both;
}

describeWithHelm('values.schema.json', () => {
  let said: string[];
  beforeAll(() => {
    // It names everything at once.
    const values = REFUSED.map(([one]) => one).reduce(merged, {});
    said = refusal({ values })
      .split('\n')
      .map((line) => line.trim());
  });

  it.each(REFUSED)('refuses %j at %s', (_values, place, reason) => {
    const sentences = said.filter((line) => line.startsWith(`- at '${place}': `));
    expect(sentences.join()).toContain(reason);
  });
});

describeWithHelm('values that cannot work together', () => {
  it.each(IMPOSSIBLE)('%j', (values, sentence) => {
    const said = refusal({ values });
    expect(said).toContain('These values cannot work:');
    expect(said).toContain(`- ${sentence}`);
  });

  it('are all named in one message, each once', () => {
    const said = refusal({
      values: {
        ...POOLS,
        web: { autoscaling: { minReplicas: 9, maxReplicas: 4 }, rollout: { maxSurge: 0 } },
        gateway: { pdb: { maxUnavailable: 0 }, lifecycle: { graceSeconds: 60 } },
        ingress: { hosts: [] },
        httpRoute: { enabled: true },
        postgresql: { mode: 'external', external: { maxConnections: 500 } },
        valkey: { mode: 'external' },
      },
    });
    const sentences = said.split('\n').filter((line) => line.startsWith('- '));
    expect(sentences.map((line) => line.split(/[ :]/)[1])).toEqual([
      ...['web', 'web', 'gateway', 'gateway', 'PostgreSQL'],
      ...['ingress.hosts', 'httpRoute.hostnames', 'httpRoute.parentRefs'],
      ...['postgresql.external.host', 'postgresql.existingSecret'],
      ...['valkey.external.addresses', 'valkey.existingSecret'],
    ]);
  });

  it('are not those of an external database of which nobody says how many connections it takes', () => {
    const postgresql = { mode: 'external', existingSecret: 'a', external: { host: 'db' } };
    expect(refusal({ values: { ...POOLS, postgresql } })).toBe('');
  });
});

describeWithHelm('values of an older release, as --reuse-values brings them', () => {
  const all = parse(readFileSync(join(root, PRIMETRADE, 'values.yaml'), 'utf8')) as Values;
  /** What would be refused for good reasons if it were missing, and all that can be switched on. */
  const rest = {
    auth: { pool: 4 },
    tasks: { pool: 6 },
    profile: { pool: 4 },
    ingress: { enabled: true, hosts: ['tasks.example.org'] },
    global: { networkPolicy: { enabled: true, ingressNamespaces: ['traefik'] } },
    monitoring: { prometheusRule: { enabled: true }, dashboards: { enabled: true } },
  };
  const stores: [string, Values][] = [
    ['embedded', { postgresql: { mode: 'embedded' }, valkey: { mode: 'standalone' } }],
    ['clusters', { postgresql: { mode: 'cloudnativepg' }, valkey: { mode: 'cluster' } }],
    ['external', STORES['postgresql external, valkey external']!.values!],
  ];

  it.each(
    stores.flatMap(([name, store]) => [0, 1, 2, 3, 4].map((depth) => ({ name, store, depth }))),
  )('may lack every key at depth $depth: $name', ({ store, depth }) => {
    const values = [rest, store].reduce(merged, without(all, depth));
    const manifests = parsed(text({ values }));
    expect(insecurePods(manifests)).toEqual([]);
    expect(brokenReferences(manifests)).toEqual([]);
    expect(wrongSelectors(manifests)).toEqual([]);
  });
});
