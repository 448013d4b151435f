import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

const RULES = 'charts/primetrade/files/rules';
const RUNBOOKS = 'docs/runbooks';
const SECTIONS = ['Meaning', 'Impact', 'Diagnosis', 'Mitigation'];

/** Shown by Kubernetes, its operators, prom-client and Prometheus itself. */
const FROM_ELSEWHERE =
  /^(kube_|kubelet_|cnpg_collector_|certmanager_|nodejs_eventloop_lag_p99_seconds$|process_resident_memory_bytes$|up$)/;

const rules = readdirSync(join(root, RULES))
  .map((name) => read(join(RULES, name)))
  .join('\n');
const alerts = [...rules.matchAll(/- alert: (\S+)/g)].map(([, name]) => name!);

function sources(): string {
  return ['libs', 'apps']
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((path) => path.endsWith('.ts') && path.includes('src'))
        .filter((path) => !/node_modules|dist\/|\.next|\.spec\.ts$/.test(path))
        .map((path) => read(join(folder, path))),
    )
    .join('\n');
}

describe('alerts', () => {
  it('each have a runbook, and each runbook an alert', () => {
    const pages = readdirSync(join(root, RUNBOOKS)).filter((name) => name !== 'README.md');
    expect(pages.sort()).toEqual(alerts.map((name) => `${name}.md`).sort());
    const list = read(join(RUNBOOKS, 'README.md'));
    expect(alerts.filter((name) => !list.includes(`(${name}.md)`))).toEqual([]);
  });

  it.each(alerts)('%s: its page says all that it should, and its links lead somewhere', (name) => {
    const page = read(join(RUNBOOKS, `${name}.md`));
    expect([...page.matchAll(/^## (.*)$/gm)].map(([, title]) => title)).toEqual(SECTIONS);
    const links = [...page.matchAll(/\]\(([^)#:]+)\)/g)].map(([, link]) => join(RUNBOOKS, link!));
    expect(links.filter((link) => !existsSync(join(root, link)))).toEqual([]);
  });

  it('ask only for metrics that exist', () => {
    const code = sources();
    // Every metric is asked for with labels, and so stands before a brace.
    const names = [...rules.matchAll(/\b([a-z][a-z0-9_]*)\{/g)].map(([, name]) =>
      name!.replace(/_(?:bucket|count|sum)$/, ''),
    );
    expect(names.length).toBeGreaterThan(20);
    const unknown = [...new Set(names)].filter(
      (name) => !FROM_ELSEWHERE.test(name) && !new RegExp(`\\b${name}(?:'|:)`).test(code),
    );
    expect(unknown).toEqual([]);
  });

  it('are of this release: every query names its processes or its namespace', () => {
    const selectors = [...rules.matchAll(/\{((?:[a-z_]+[!=~]+"[^"]*",? ?)+)\}/g)];
    expect(selectors.length).toBeGreaterThan(30);
    const loose = selectors.filter(([, inner]) => !/(?:job|namespace)="primetrade"/.test(inner!));
    expect(loose.map(([text]) => text)).toEqual([]);
  });
});

it('the chart and compose have one dashboard', () => {
  expect(realpathSync(join(root, 'charts/primetrade/files/dashboards/primetrade.json'))).toBe(
    join(root, 'compose/grafana/dashboards/primetrade.json'),
  );
});
