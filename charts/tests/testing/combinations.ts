import { type Rendering } from './render.js';

/** Versions of Kubernetes that get fixes, and the one before. */
export const KUBERNETES = ['1.32.0', '1.33.0', '1.34.0', '1.35.0'];

export const SERVICES = ['web', 'gateway', 'auth', 'tasks', 'profile'];

const POSTGRESQL = {
  embedded: { mode: 'embedded' },
  cloudnativepg: { mode: 'cloudnativepg', cloudnativepg: { podMonitor: { enabled: true } } },
  external: {
    mode: 'external',
    existingSecret: 'database',
    existingSecretKey: 'password',
    external: {
      host: 'db.example.org',
      port: 6432,
      replicas: ['replica-1.example.org', 'replica-2.example.org:6433'],
      ca: { existingSecret: 'database-ca' },
      maxConnections: 1000,
      cidrs: ['192.0.2.0/24'],
    },
  },
};

const VALKEY = {
  standalone: { mode: 'standalone' },
  cluster: { mode: 'cluster' },
  external: {
    mode: 'external',
    existingSecret: 'cache',
    external: {
      addresses: ['cache.example.org:6380'],
      username: 'trade',
      ca: { existingSecret: 'cache-ca' },
      cidrs: ['198.51.100.0/24'],
    },
  },
};

/** The three modes of PostgreSQL with the three of Valkey. */
export const STORES: Record<string, Rendering> = Object.fromEntries(
  Object.entries(POSTGRESQL).flatMap(([database, postgresql]) =>
    Object.entries(VALKEY).map(([cache, valkey]) => [
      `postgresql ${database}, valkey ${cache}`,
      { values: { postgresql, valkey } },
    ]),
  ),
);

const HTTP_ROUTE = {
  enabled: true,
  parentRefs: [{ name: 'edge', namespace: 'gateways' }],
  hostnames: ['tasks.example.org'],
};

const NAMED = ['dev', 'small', 'ha', '1m'];

/** The default values, and each values-*.yaml over them. */
export const PROFILES: Rendering[] = [{}, ...NAMED.map((name) => ({ profiles: [name] }))];

/** Renderings that all have to be as they should, by what is special about them. */
export const COMBINATIONS: Record<string, Rendering> = {
  'default values': {},
  ...Object.fromEntries(NAMED.map((name) => [`values-${name}`, { profiles: [name] }])),
  ...STORES,
  'HTTPRoute alone': { values: { ingress: { enabled: false }, httpRoute: HTTP_ROUTE } },
  'Ingress with TLS and HTTPRoute': {
    values: {
      ingress: {
        className: 'nginx',
        hosts: ['tasks.example.org', 'www.example.org'],
        tls: [{ hosts: ['tasks.example.org'], secretName: 'tls' }],
      },
      httpRoute: HTTP_ROUTE,
    },
  },
  'everything that can be switched off': {
    values: {
      global: {
        autoscaling: { enabled: false },
        pdb: { enabled: false },
        networkPolicy: { enabled: false },
        topologySpread: { enabled: false },
      },
      ingress: { enabled: false },
      tests: { enabled: false },
    },
  },
  monitoring: {
    values: {
      global: { metrics: { serviceMonitor: { enabled: true, labels: { release: 'prometheus' } } } },
      monitoring: {
        prometheusRule: { enabled: true, labels: { release: 'prometheus' } },
        dashboards: { enabled: true },
      },
    },
  },
  'existing Secrets': {
    values: {
      secrets: { existingSecret: 'ours' },
      postgresql: {
        existingSecret: 'database',
        existingSecretKey: 'word',
        embedded: { superuserExistingSecret: 'root', superuserExistingSecretKey: 'word' },
      },
      valkey: { existingSecret: 'cache', existingSecretKey: 'word' },
    },
  },
  'a private registry, digests and places': {
    values: {
      global: {
        image: { registry: 'registry.example.org/team', tag: '2026.11', pullSecrets: ['pull'] },
        publicUrl: 'https://tasks.example.org',
        nodeSelector: { pool: 'apps' },
        tolerations: [{ key: 'apps', operator: 'Exists' }],
        priorityClassName: 'high',
        networkPolicy: { ingressCidrs: ['10.9.0.0/16'], nodeCidrs: ['10.8.0.0/16'] },
      },
      tasks: {
        image: { digest: `sha256:${'a'.repeat(64)}` },
        config: { LOG_LEVEL: 'debug', DATABASE_SLOW_MS: 250, CACHE: false },
        env: [{ name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
        extraVolumes: [{ name: 'more', emptyDir: {} }],
        extraVolumeMounts: [{ name: 'more', mountPath: '/more' }],
        serviceAccount: { name: 'tasks-identity' },
        secretVersion: '2',
      },
      web: { writablePaths: ['/app/apps/web/.next/cache'] },
      migrate: { config: { LOG_LEVEL: 'debug' }, rerun: '2' },
    },
  },
};
