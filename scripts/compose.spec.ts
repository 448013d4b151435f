import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** Of Prometheus itself and of prom-client, which every service shows. */
const FROM_ELSEWHERE = [
  'up',
  'process_cpu_seconds_total',
  'process_resident_memory_bytes',
  'nodejs_eventloop_lag_p99_seconds',
];

function sources(): string {
  return ['libs', 'apps']
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((path) => /metric|src/.test(path) && path.endsWith('.ts'))
        .filter((path) => !/node_modules|dist\/|\.next|\.spec\.ts$/.test(path))
        .map((path) => read(join(folder, path))),
    )
    .join('\n');
}

describe('the dashboard', () => {
  it('asks only for metrics that exist', () => {
    const dashboard = read('compose/grafana/dashboards/primetrade.json');
    const { panels } = JSON.parse(dashboard) as { panels: { targets?: { expr: string }[] }[] };
    const expressions = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
    expect(expressions.length).toBeGreaterThan(20);
    const code = sources();
    const names = expressions.flatMap((text) =>
      [...text.replaceAll(/\bby \([^)]*\)/g, '').matchAll(/\b([a-z][a-z_]*)(?=[[{)]| \/|$)/g)].map(
        ([, name]) => name!.replace(/_(?:bucket|count|sum)$/, ''),
      ),
    );
    const unknown = [...new Set(names)].filter(
      (name) => !FROM_ELSEWHERE.includes(name) && !new RegExp(`\\b${name}(?:'|:)`).test(code),
    );
    expect(unknown).toEqual([]);
  });
});

describe('compose.yaml', () => {
  const compose = read('compose.yaml');

  it('asks the database for fewer connections than it allows', () => {
    const pools = [...compose.matchAll(/DATABASE_POOL_MAX: '(\d+)'/g)].map(([, size]) => +size!);
    const allowed = new Set(
      [...compose.matchAll(/max_connections=(\d+)/g)].map(([, number]) => +number!),
    );
    expect(pools).toHaveLength(3);
    expect(allowed.size).toBe(1);
    const oneOfEach = pools.reduce((sum, size) => sum + size + 1, 0);
    // Each twice, all of them being replaced, and what else connects; three are the superuser's.
    expect(3 * oneOfEach + 7 + 3).toBeLessThanOrEqual([...allowed][0]!);
  });

  it('holds no secret, and says where they come from', () => {
    const used = new Set(
      [...compose.matchAll(/\$\{([A-Z_]*(?:SECRET|PASSWORD))/g)].map(([, name]) => name!),
    );
    expect(used.size).toBe(6);
    for (const name of used) {
      expect(compose).toContain(`\${${name}:?run npm run compose:env first}`);
      expect(read('scripts/compose-env.mjs')).toContain(`  ${name}:`);
    }
  });
});
