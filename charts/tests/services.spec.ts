import { CHART_SPEC } from '../../apps/cli/src/simulate/spec.js';
import { SERVICES } from './testing/combinations.js';
import {
  component,
  type Container,
  containersOf,
  type HpaSpec,
  type Manifest,
  ofKind,
  podsOf,
  type WorkloadSpec,
} from './testing/manifests.js';
import { describeWithHelm, render, type Rendering } from './testing/render.js';

function deployments(rendering: Rendering = {}): Manifest<WorkloadSpec>[] {
  return ofKind<WorkloadSpec>(render(rendering), 'Deployment');
}

function container(name: string, rendering: Rendering = {}): Container {
  return podsOf(deployments(rendering))
    .filter(({ owner }) => component(owner) === name)
    .flatMap(containersOf)
    .find((one) => one.name === name)!;
}

function environment(name: string, rendering: Rendering = {}) {
  return Object.fromEntries(
    container(name, rendering).env!.map(({ name: key, value, valueFrom }) => [
      key,
      value ?? valueFrom,
    ]),
  );
}

describeWithHelm.each(SERVICES)('by default, %s', (name) => {
  const own = <Spec>(kind: string) =>
    ofKind<Spec>(render(), kind).find((manifest) => component(manifest) === name)!;

  it('has the autoscaler that the simulator takes for it', () => {
    expect(own('HorizontalPodAutoscaler').spec).toMatchObject({ ...CHART_SPEC });
  });

  it('has the figures of the strategy', () => {
    expect(container(name).resources).toEqual({
      requests: { cpu: '250m', memory: '256Mi' },
      limits: { cpu: '500m', memory: '512Mi' },
    });
    expect(own('HorizontalPodAutoscaler').spec).toEqual({
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: `shop-${name}` },
      minReplicas: 3,
      maxReplicas: 20,
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'memory', target: { type: 'Utilization', averageUtilization: 80 } },
        },
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } },
        },
      ],
      behavior: {
        scaleUp: {
          stabilizationWindowSeconds: 0,
          selectPolicy: 'Max',
          policies: [
            { type: 'Percent', value: 100, periodSeconds: 15 },
            { type: 'Pods', value: 4, periodSeconds: 15 },
          ],
        },
        scaleDown: {
          stabilizationWindowSeconds: 300,
          selectPolicy: 'Max',
          policies: [
            { type: 'Percent', value: 25, periodSeconds: 60 },
            { type: 'Pods', value: 1, periodSeconds: 60 },
          ],
        },
      },
    });
  });

  it('never has fewer pods than it should during a rollout', () => {
    expect(own<WorkloadSpec>('Deployment').spec.strategy).toEqual({
      type: 'RollingUpdate',
      rollingUpdate: { maxSurge: '25%', maxUnavailable: 0 },
    });
  });

  it('is asked for /health to start and to live, and for /ready to serve', () => {
    const { startupProbe, livenessProbe, readinessProbe } = container(name);
    const http = (path: string) => ({ path, port: 'http' });
    expect(startupProbe!.httpGet).toEqual(http('/health'));
    expect(livenessProbe!.httpGet).toEqual(http('/health'));
    expect(readinessProbe!.httpGet).toEqual(http('/ready'));
  });

  it('has done everything before it is killed', () => {
    const { SHUTDOWN_DRAIN_MS, SHUTDOWN_GRACE_MS } = environment(name);
    const preStop = container(name).lifecycle!.preStop!.sleep!.seconds;
    const needed = preStop + (Number(SHUTDOWN_DRAIN_MS) + Number(SHUTDOWN_GRACE_MS)) / 1000;
    const { template } = own<WorkloadSpec>('Deployment').spec;
    expect(needed).toBeGreaterThanOrEqual(20);
    expect(needed).toBeLessThan(template.spec.terminationGracePeriodSeconds!);
  });

  it('is spread over zones and nodes, each revision for itself', () => {
    const { topologySpreadConstraints, ...spec } =
      own<WorkloadSpec>('Deployment').spec.template.spec;
    const { selector } = own<WorkloadSpec>('Deployment').spec;
    expect(topologySpreadConstraints).toEqual(
      ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'].map((topologyKey) => ({
        topologyKey,
        maxSkew: 1,
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: selector,
        matchLabelKeys: ['pod-template-hash'],
      })),
    );
    expect(spec.serviceAccountName).toBe(`shop-${name}`);
  });
});

describeWithHelm('settings', () => {
  it('hold for all services, and a service’s own go before, one by one', () => {
    const values = {
      global: { autoscaling: { maxReplicas: 8 }, resources: { limits: { memory: '1Gi' } } },
      tasks: { autoscaling: { maxReplicas: 6 }, resources: { limits: { cpu: 1 } } },
    };
    const most = Object.fromEntries(
      ofKind<HpaSpec>(render({ values }), 'HorizontalPodAutoscaler').map((hpa) => [
        component(hpa),
        [hpa.spec.minReplicas, hpa.spec.maxReplicas],
      ]),
    );
    expect(most).toEqual({
      web: [3, 8],
      gateway: [3, 8],
      auth: [3, 8],
      tasks: [3, 6],
      profile: [3, 8],
    });
    expect(container('tasks', { values }).resources).toEqual({
      requests: { cpu: '250m', memory: '256Mi' },
      limits: { cpu: 1, memory: '1Gi' },
    });
  });

  it('of the environment replace those of the chart, and come once each', () => {
    const values = {
      tasks: { config: { LOG_LEVEL: 'debug', DATABASE_SLOW_MS: 250, CACHE: false } },
    };
    expect(environment('tasks', { values })).toMatchObject({
      LOG_LEVEL: 'debug',
      DATABASE_SLOW_MS: '250',
      CACHE: 'false',
    });
  });

  it('may be 0 and false', () => {
    const values = {
      global: { lifecycle: { preStopSeconds: 0 }, rollout: { revisionHistoryLimit: 0 } },
      web: { autoscaling: { enabled: false }, replicas: 2 },
    };
    expect(container('web', { values }).lifecycle).toBeUndefined();
    const [web] = deployments({ values }).filter((one) => component(one) === 'web');
    expect(web!.spec).toMatchObject({ replicas: 2, revisionHistoryLimit: 0 });
  });

  it('of scraping: a ServiceMonitor, or annotations of the pods, but never both', () => {
    const annotations = (rendering: Rendering) =>
      podsOf(deployments(rendering))
        .filter(({ metadata }) => metadata.annotations?.['prometheus.io/scrape'] === 'true')
        .map(({ owner }) => component(owner));
    const monitors = { values: { global: { metrics: { serviceMonitor: { enabled: true } } } } };
    const measured = SERVICES.filter((name) => name !== 'web').sort();
    expect(annotations({}).sort()).toEqual(measured);
    expect(ofKind(render(), 'ServiceMonitor')).toEqual([]);
    expect(annotations(monitors)).toEqual([]);
    expect(ofKind(render(monitors), 'ServiceMonitor').map(component).sort()).toEqual(measured);
  });
});

describeWithHelm('passwords', () => {
  const values = {
    secrets: { existingSecret: 'ours', keys: { 'auth-secret': 'AUTH' } },
    postgresql: { mode: 'external', existingSecret: 'database', external: { host: 'db' } },
    valkey: { mode: 'external', external: { addresses: ['cache:6380'], username: 'me' } },
  };

  it('come from the Secrets that are named, and no Job makes any', () => {
    expect(ofKind(render({ values }), 'Job').map(component)).toEqual(['migrate']);
    expect(environment('auth', { values })).toMatchObject({
      AUTH_SECRET: { secretKeyRef: { name: 'ours', key: 'AUTH' } },
      SERVICE_SECRET: { secretKeyRef: { name: 'ours', key: 'service-secret' } },
      SERVICE_SECRET_ACCEPTED: {
        secretKeyRef: { name: 'ours', key: 'service-secret-accepted', optional: true },
      },
      DATABASE_URL: 'postgres://primetrade@db:5432/primetrade?sslmode=verify-full',
      DATABASE_PASSWORD: { secretKeyRef: { name: 'database', key: 'postgresql-password' } },
      REDIS_URL: 'rediss://me@cache:6380',
      REDIS_PASSWORD: { secretKeyRef: { name: 'ours', key: 'valkey-password' } },
    });
  });

  it('are only given to those that need them', () => {
    const holders = (variable: string) =>
      [...podsOf(render())]
        .filter((pod) =>
          containersOf(pod).some(({ env = [] }) => env.some((one) => one.name === variable)),
        )
        .map(({ owner }) => component(owner))
        .sort();
    expect(holders('AUTH_SECRET')).toEqual(['auth']);
    expect(holders('SERVICE_SECRET')).toEqual(['auth', 'gateway', 'profile', 'tasks']);
    expect(holders('DATABASE_PASSWORD')).toEqual(['auth', 'migrate', 'profile', 'tasks']);
    expect(holders('REDIS_PASSWORD')).toEqual(['auth', 'gateway', 'profile', 'tasks']);
    expect(holders('POSTGRES_PASSWORD')).toEqual(['postgresql']);
  });

  it('are made with no more rights than it takes', () => {
    const [role, ...others] = ofKind(render(), 'Role');
    expect(others).toEqual([]);
    expect(role!.rules).toEqual([
      { apiGroups: [''], resources: ['secrets'], resourceNames: ['shop-secrets'], verbs: ['get'] },
      { apiGroups: [''], resources: ['secrets'], verbs: ['create'] },
    ]);
    expect(ofKind(render(), 'RoleBinding').map(({ subjects }) => subjects)).toEqual([
      [{ kind: 'ServiceAccount', name: 'shop-secrets', namespace: 'trade' }],
    ]);
    expect(render().filter(({ kind }) => kind.startsWith('Cluster'))).toEqual([]);
  });

  it('of CloudNativePG are the operator’s own, checked with its own authority', () => {
    const operated = { values: { postgresql: { mode: 'cloudnativepg' } } };
    const { DATABASE_URL, DATABASE_PASSWORD } = environment('tasks', operated);
    expect(DATABASE_URL).toBe(
      'postgres://primetrade@shop-postgresql-rw:5432/primetrade?sslmode=verify-full' +
        '&sslrootcert=/etc/primetrade/postgresql-ca/ca.crt',
    );
    expect(DATABASE_PASSWORD).toEqual({
      secretKeyRef: { name: 'shop-postgresql-app', key: 'password' },
    });
  });

  it('and authorities are mounted only where they are used', () => {
    const mounts = (stores: Rendering) =>
      podsOf(render(stores))
        .flatMap((pod) =>
          (pod.spec.volumes ?? [])
            .filter(({ name }) => name.endsWith('-ca'))
            .map(({ name }) => `${component(pod.owner)} ${name}`),
        )
        .sort();
    const stores = {
      values: {
        postgresql: { mode: 'cloudnativepg' },
        valkey: {
          mode: 'external',
          existingSecret: 'cache',
          external: { addresses: ['cache:6380'], ca: { existingSecret: 'cache-ca' } },
        },
      },
    };
    const all = ['auth', 'profile', 'tasks'];
    expect(mounts(stores)).toEqual(
      [
        ...[...all, 'migrate'].map((name) => `${name} postgresql-ca`),
        ...[...all, 'gateway'].map((name) => `${name} valkey-ca`),
      ].sort(),
    );
    expect(mounts({})).toEqual([]);
  });
});
