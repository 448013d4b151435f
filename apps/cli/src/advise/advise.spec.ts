import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { problemsOf } from '../testing/chart-schema.js';
import {
  days,
  fakePrometheus,
  fakeServer,
  type FakeService,
  SYSTEM,
} from '@primetrade/testing/prometheus';
import { primetrade } from '../testing/primetrade.js';
import { temporaryFiles } from '../testing/temporary-files.js';

const MEBIBYTE = 1024 ** 2;
const UNTIL = '2026-11-24T00:00:00Z';
const TWO_DAYS = ['--until', UNTIL, '--window', '2d'];
const CHART = resolve(import.meta.dirname, '../../../../charts/primetrade');

const { file, pathOf } = temporaryFiles();

async function advised(args: string[]) {
  const { exitCode, output, complaints } = await primetrade(['advise', '--json', ...args]);
  expect(complaints).toBe('');
  expect(exitCode).toBe(0);
  return JSON.parse(output) as {
    phase: number;
    verdict: string;
    nextPhase: number | null;
    reason: string;
    bottleneck: { kind: string; service: string; evidence: string } | null;
    confidence: { word: string; value: number };
    services: {
      name: string;
      sizing: {
        request: Record<string, number>;
        limit: Record<string, number>;
        hpa: Record<string, number>;
        pool: number | null;
      } | null;
      withoutSizing: string | null;
      forecast: Record<string, number> | null;
    }[];
    costs: { phase: number; band: Record<string, number> }[];
  };
}

/** The process's /metrics as it would be after some seconds under a load. */
function exposition(seconds: number, more: Record<string, number> = {}): string {
  const {
    rate = 500,
    cpu = 0.3,
    lag = 0.011,
    waiting = 0,
    busy = 1,
    max = 20,
    queryTime = 0.002,
    slow = 0,
    response = 0.02,
  } = more;
  const count = rate * seconds;
  const bucket = (le: string, share: number) =>
    `http_request_duration_seconds_bucket{le="${le}",method="GET",route="/api/v1/tasks",status="200"} ${count * share}`;
  return `# HELP process_cpu_seconds_total Total user and system CPU time spent in seconds.
# TYPE process_cpu_seconds_total counter
process_cpu_seconds_total ${cpu * seconds}
process_resident_memory_bytes ${150 * MEBIBYTE}
nodejs_eventloop_lag_p99_seconds ${lag}
${bucket('0.01', response > 0.01 ? 0 : 1)}
${bucket('0.05', response > 0.05 ? 0 : 1)}
${bucket('0.5', 1)}
${bucket('+Inf', 1)}
http_request_duration_seconds_count{method="GET",route="/api/v1/tasks",status="200"} ${count}
http_request_duration_seconds_count{method="GET",route="/api/v1/events",status="200"} ${seconds}
db_pool_connections{pool="primary",state="busy"} ${busy}
db_pool_connections{pool="primary",state="waiting"} ${waiting}
db_pool_connections{pool="primary",state="max"} ${max}
db_query_duration_seconds_sum ${count * 3 * queryTime}
db_query_duration_seconds_count ${count * 3}
db_slow_queries_total ${count * 3 * slow}
`;
}

async function process(more: Record<string, number>) {
  const start = performance.now();
  return fakeServer(({ pathname }) =>
    pathname === '/metrics' ? exposition((performance.now() - start) / 1000, more) : null,
  );
}

const LOOK = ['--window', '900ms', '--interval', '300ms'];

describe('primetrade advise by Prometheus', () => {
  it('sizes all services and writes values for the chart, the same for the same data', async () => {
    await using prometheus = await fakePrometheus(SYSTEM, true);
    const values = pathOf('values.yaml');
    const args = ['advise', '--prometheus', prometheus.url, '--until', UNTIL, '--values', values];
    const { exitCode, output, complaints } = await primetrade(args);
    expect({ exitCode, complaints }).toEqual({ exitCode: 0, complaints: '' });
    expect(output).toMatch('Phase 3, objective: p95 within 100 ms');
    expect(output).toMatch('Verdict: stay as you are');
    expect(output).toMatch(/Confidence: good \(7,/);
    expect(output).toMatch(/requests {2}cpu 410m, memory 240Mi; limits cpu 500m, /);
    expect(output).toMatch(/Phase 3 a month, prices of 2026-11-24: \$1,\d+ to \$\d,\d+, /);

    const text = readFileSync(values, 'utf8');
    const written = parse(text) as Record<string, Record<string, Record<string, unknown>>>;
    expect(Object.keys(written).sort()).toEqual([...['auth', 'gateway', 'profile', 'tasks']]);
    expect(problemsOf(written)).toEqual([]);
    expect(
      problemsOf({ tasks: { pool: 0, cpu: 1, resources: { requests: { cpu: 'x' } } } }),
    ).toEqual([
      'values.tasks.pool is out of bounds',
      'values.tasks.cpu is unknown',
      'values.tasks.resources.requests.cpu is not as its pattern',
    ]);
    expect(written['tasks']!['autoscaling']).toMatchObject({ minReplicas: 3, memory: 90 });
    expect(written['gateway']!['pool']).toBeUndefined();
    expect(text).toMatch(/# A request takes 2\.5 ms of a core/);
    expect(text).toMatch(
      '# Data: Prometheus, {job="primetrade"}, 2026-11-17T00:00Z to 2026-11-24T00:00Z, a value every 60 s.',
    );
    const changed = statSync(values).mtimeMs;
    await primetrade(args);
    expect(readFileSync(values, 'utf8')).toBe(text);
    expect(statSync(values).mtimeMs).toBe(changed);
  });

  it('keeps to what is set where that is near enough, and within its limit', async () => {
    await using prometheus = await fakePrometheus(SYSTEM, true);
    const objects = resolve(CHART, '../../k8s/raw/tasks.yaml');
    const args = ['--prometheus', prometheus.url, ...TWO_DAYS, '--objects', objects];
    const { services } = await advised(args);
    const tasks = services.find(({ name }) => name === 'tasks')!.sizing!;
    // 15 + 80 % of the other 485 of a limit of 500
    expect(tasks.request['cpu']).toBe(410);
    expect(tasks.limit['cpu']).toBe(500);
    const raised = file(
      'tasks.yaml',
      readFileSync(objects, 'utf8').replace('cpu: 100m', 'cpu: 390m'),
    );
    const again = await advised([...args.slice(0, 6), '--objects', raised]);
    expect(again.services.find(({ name }) => name === 'tasks')!.sizing!.request['cpu']).toBe(390);
  });

  it.each<[string, FakeService, string]>([
    ['pool', { waiting: () => 14, busy: (t) => 6 * Math.max(3, t % 3) }, 'tune'],
    ['slow-query', { queryTime: () => 0.4, slowQueries: () => 300 }, 'tune'],
    ['cpu', { cpu: (t) => 950 * days(800).processes!(t)!, lag: () => 0.2 }, 'scale-up'],
  ])('names the bottleneck %s', async (kind, more, verdict) => {
    const tasks = days(800, more);
    if (kind === 'pool') tasks.pool = tasks.busy;
    await using prometheus = await fakePrometheus({ ...SYSTEM, tasks }, true);
    const advice = await advised(['--prometheus', prometheus.url, ...TWO_DAYS]);
    expect(advice).toMatchObject({ verdict, bottleneck: { kind, service: 'tasks' } });
  });

  it('reads what a real Prometheus answered of a standalone app with one connection', async () => {
    const recorded = JSON.parse(
      readFileSync(
        resolve(import.meta.dirname, '../testing/recordings/prometheus-pool.json'),
        'utf8',
      ),
    ) as Record<string, unknown>;
    await using prometheus = await fakeServer(
      ({ searchParams }) => recorded[searchParams.get('query')!] ?? null,
    );
    const { output } = await primetrade([
      ...['advise', '--prometheus', prometheus.url],
      ...['--window', '90s', '--until', '2026-11-24T21:46:36Z'],
    ]);
    expect(output).toMatch('Phase 1, objective: p95 within 200 ms');
    expect(output).toMatch(
      'Bottleneck: pool of standalone\n  20.3 callers of standalone wait for a connection at 460 requests a second, 44.2 ms each, while a statement takes 0.56 ms\n',
    );
  });

  it('has no advice yet after minutes, and writes nothing', async () => {
    const from = Date.parse('2026-11-23T23:50:00Z') / 1000;
    const young = Object.fromEntries(
      Object.entries(days(800)).map(([column, value]) => [
        column,
        (time: number) => (time < from ? null : value(time)),
      ]),
    );
    await using prometheus = await fakePrometheus({ tasks: young, gateway: young });
    const values = pathOf('none.yaml');
    const args = ['--prometheus', prometheus.url, ...TWO_DAYS];
    const advice = await advised(args);
    expect(advice).toMatchObject({ phase: 2, verdict: 'stay', confidence: { word: 'none' } });
    const { exitCode, complaints } = await primetrade(['advise', ...args, '--values', values]);
    expect(exitCode).toBe(1);
    expect(complaints).toMatch(
      'none.yaml was not written, as there is no advice for the chart yet',
    );
    expect(() => statSync(values)).toThrow('ENOENT');
  });

  it('says where it has nothing', async () => {
    await using prometheus = await fakePrometheus({});
    const { exitCode, complaints } = await primetrade(['advise', '--prometheus', prometheus.url]);
    expect(exitCode).toBe(1);
    expect(complaints).toMatch('has nothing of {job="primetrade"} in this time: --selector says');
  });
});

describe('primetrade advise by /metrics', () => {
  it.each<[string, Record<string, number>, string, string]>([
    ['pool', { waiting: 25, busy: 2, max: 2, response: 0.3 }, 'tune', 'pool of standalone'],
    [
      'slow query',
      { queryTime: 0.4, slow: 0.2, response: 0.3 },
      'tune',
      'slow-query of standalone',
    ],
    ['cpu', { cpu: 0.97, lag: 0.15, response: 0.3 }, 'move-phase', 'cpu of standalone'],
    ['event loop', { cpu: 0.2, lag: 0.3, response: 0.3 }, 'tune', 'event-loop of standalone'],
  ])('names the bottleneck of a standalone app: %s', async (_, load, verdict, named) => {
    await using app = await process(load);
    const { output } = await primetrade(['advise', '--metrics', app.url, ...LOOK]);
    expect(output).toMatch('Phase 1, objective: p95 within 200 ms');
    expect(output).toMatch(`Bottleneck: ${named}`);
    expect((await advised(['--metrics', app.url, ...LOOK])).verdict).toBe(verdict);
  });

  it('is content with an app that has little to do', async () => {
    await using app = await process({ cpu: 0.1 });
    const advice = await advised(['--metrics', app.url, ...LOOK]);
    expect(advice).toMatchObject({ verdict: 'stay', bottleneck: null });
    expect(advice.services[0]!.withoutSizing).toMatch('sizes need a day');
  });

  it('has no advice yet for an app without requests', async () => {
    await using app = await process({ rate: 1 });
    const advice = await advised(['--metrics', app.url, ...LOOK]);
    expect(advice).toMatchObject({ verdict: 'no-advice-yet' });
    expect(advice.reason).toMatch(/\d requests were measured; it takes 100/);
  });

  it('adds the processes of a service', async () => {
    await using one = await process({ rate: 300, cpu: 0.9, lag: 0.2 });
    await using two = await process({ rate: 300, cpu: 0.95, lag: 0.2 });
    await using gateway = await process({ rate: 600, cpu: 0.3 });
    const advice = await advised([
      ...['--metrics', `tasks=${one.url}`, '--metrics', `tasks=${two.url}`],
      ...['--metrics', `gateway=${gateway.url}`, ...LOOK],
    ]);
    expect(advice).toMatchObject({
      phase: 2,
      verdict: 'scale-up',
      bottleneck: { kind: 'cpu', service: 'tasks' },
    });
    // Each has 300; how long the command really looked is not for this test to say.
    const [, rate] = /^tasks uses \S+ % of the core .* at (\d+) requests/.exec(
      advice.bottleneck!.evidence,
    )!;
    expect(Number(rate)).toBeGreaterThan(400);
  });

  it('says when there are no metrics', async () => {
    await using other = await fakeServer(() => 'hello');
    const { complaints } = await primetrade(['advise', '--metrics', other.url, ...LOOK]);
    expect(complaints).toMatch('/metrics shows no metrics: no metrics of a Node process');
  });
});

describe('primetrade advise by a load report', () => {
  const point = (rate: number, cores: number, p95: number) => ({
    rate,
    seconds: 10,
    sent: rate * 10,
    good: rate * 10,
    failed: 0,
    dropped: 0,
    latencyMs: { p95, mean: p95 / 3 },
    serverCpuCores: cores,
    serverMemoryBytes: 150 * MEBIBYTE,
  });
  const report = {
    kind: 'primetrade-load',
    startedAt: UNTIL,
    judgement: { valid: true },
    points: [point(100, 0.25, 20), point(300, 0.75, 60), point(380, 0.96, 400)],
    windowSeconds: 1,
    windows: Array.from({ length: 30 }, (_, at) => ({
      at,
      answered: [100, 300, 380][Math.floor(at / 10)],
      p95Ms: [20, 60, 400][Math.floor(at / 10)],
    })),
  };

  it('names a processor that was full', async () => {
    const advice = await advised(['--report', file('load.json', report)]);
    expect(advice).toMatchObject({
      phase: 1,
      verdict: 'move-phase',
      nextPhase: 2,
      bottleneck: { kind: 'cpu', service: 'standalone' },
    });
    expect(advice.costs.map(({ phase, band }) => [phase, band['expected']])).toEqual([
      [1, 45],
      [2, 315],
    ]);
  });

  it('takes the cpu request of a service from it', async () => {
    await using prometheus = await fakePrometheus(SYSTEM, true);
    const args = ['--prometheus', prometheus.url, ...TWO_DAYS];
    const load = file('tasks.json', report);
    const { services } = await advised([...args, '--report', `tasks=${load}`]);
    expect(services.find(({ name }) => name === 'tasks')!.sizing!.request['cpu']).toBe(750);
    expect(services.find(({ name }) => name === 'auth')!.sizing!.request['cpu']).toBe(410);
  });

  it('refuses other files', async () => {
    const { complaints } = await primetrade(['advise', '--report', file('no.json', { a: 1 })]);
    expect(complaints).toMatch('no.json: not a report of primetrade load --json');
  });
});

describe('primetrade advise', () => {
  it.each<[string[], number, string]>([
    [[], 2, 'give one of --prometheus and --metrics, or --report'],
    [['--metrics', 'http://a', '--prometheus', 'http://b'], 2, 'give one of'],
    [['--metrics', 'localhost'], 2, 'not an address such as'],
    [['--prometheus', 'http://a', '--phase', '4'], 2, 'not 1, 2 or 3'],
    [['--report', 'a', '--objects', 'b', '--kubernetes'], 2, 'one of --objects and --kubernetes'],
  ])('says what is wrong with %p', async (args, code, problem) => {
    const { exitCode, complaints } = await primetrade(['advise', ...args]);
    expect(exitCode).toBe(code);
    expect(complaints).toMatch(problem);
  });
});
