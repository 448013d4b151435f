import { type Manifest, ofKind, type RuleSpec, type Selector } from './testing/manifests.js';
import { describeWithHelm, render, type Rendering } from './testing/render.js';

const ALL: Rendering = { release: 'blue', namespace: 'prod', profiles: ['ha'] };

function rules(rendering: Rendering) {
  return ofKind<RuleSpec>(render(rendering), 'PrometheusRule')
    .flatMap(({ spec }) => spec.groups)
    .flatMap((group) => group.rules);
}

/** What is asked for between braces, such as job="primetrade", namespace="prod". */
function selectors(expr: string): string[] {
  return [...expr.matchAll(/\{([^{}]*)\}/g)].map(([, inner]) => inner!);
}

describeWithHelm('alerts, as rendered', () => {
  it('ask for what this release shows, and for no other’s', () => {
    const asked = rules(ALL).flatMap(({ expr }) => selectors(expr));
    expect(asked.length).toBeGreaterThan(30);
    expect(asked.filter((inner) => !inner.includes('namespace="prod"'))).toEqual([]);
    expect(asked.filter((inner) => /"primetrade-|=~"primetrade/.test(inner))).toEqual([]);
  });

  it('name objects that are there', () => {
    const names = render(ALL).map(({ metadata }) => metadata.name);
    const patterns = rules(ALL).flatMap(({ expr }) =>
      [...expr.matchAll(/(?:deployment|horizontalpodautoscaler|cluster|pod)=(~?)"([^"]*)"/g)].map(
        ([, isPattern, text]) => new RegExp(isPattern ? `^(?:${text})$` : `^${text}$`),
      ),
    );
    expect(patterns.length).toBeGreaterThan(3);
    for (const pattern of patterns) {
      expect(names.some((name) => pattern.test(name) || pattern.test(`${name}-0`))).toBe(true);
    }
  });

  it('say which release they are of, and where to read on', () => {
    for (const { alert, labels, ...rule } of rules(ALL)) {
      if (alert === undefined) continue;
      expect(labels).toMatchObject({ namespace: 'prod', release: 'blue' });
      expect(labels.severity).toMatch(/^(critical|warning|info)$/);
      expect(rule).toMatchObject({
        annotations: { runbook_url: expect.stringMatching(`/docs/runbooks/${alert}\\.md$`) },
      });
    }
  });

  it('of replicas exist only where there are replicas, and know how many', () => {
    const names = (rendering: Rendering) => rules(rendering).map(({ alert }) => alert);
    const on = { monitoring: { prometheusRule: { enabled: true } } };
    expect(names({ values: on })).not.toContain('PrimetradeReplicaNotRead');
    expect(names({ values: on })).not.toContain('PrimetradePostgresInstanceDown');
    const five = {
      ...on,
      postgresql: { mode: 'cloudnativepg', cloudnativepg: { instances: 5 } },
    };
    const expr = (alert: string) =>
      rules({ values: five }).find((rule) => rule.alert === alert)!.expr;
    expect(expr('PrimetradeReplicaNotRead')).toMatch(/< 4\s*$/);
    expect(expr('PrimetradePostgresInstanceDown')).toContain('< 5\n');
  });

  it('can be left out one by one', () => {
    const prometheusRule = { enabled: true, disabled: ['PrimetradeHpaAtMax'] };
    const names = rules({ values: { monitoring: { prometheusRule } } }).map(({ alert }) => alert);
    expect(names).toContain('PrimetradePodsNotReady');
    expect(names).not.toContain('PrimetradeHpaAtMax');
  });
});

describeWithHelm('labels that queries use', () => {
  it('are given by the ServiceMonitors: job and app', () => {
    const monitors = ofKind<MonitorSpec>(render(ALL), 'ServiceMonitor');
    expect(monitors.map(({ metadata }) => metadata.name)).toHaveLength(4);
    for (const { spec } of monitors) {
      expect(spec.jobLabel).toBe('app.kubernetes.io/name');
      expect(spec.endpoints).toEqual([
        {
          port: 'metrics',
          path: '/metrics',
          interval: '15s',
          relabelings: [
            {
              sourceLabels: ['__meta_kubernetes_service_label_app_kubernetes_io_component'],
              targetLabel: 'app',
            },
          ],
        },
      ]);
    }
  });

  it('and the dashboard is found by Grafana’s sidecar', () => {
    const [dashboards] = ofKind(render(ALL), 'ConfigMap').filter(
      ({ metadata }) => metadata.labels?.grafana_dashboard === '1',
    ) as (Manifest & { data: Record<string, string> })[];
    expect(Object.keys(dashboards!.data)).toEqual(['primetrade.json']);
    expect(JSON.parse(dashboards!.data['primetrade.json']!)).toHaveProperty('panels');
  });
});

interface MonitorSpec {
  selector: Selector;
  jobLabel: string;
  endpoints: unknown[];
}
