import { fakeServer } from '@primetrade/testing/prometheus';
import { primetrade } from '../testing/primetrade.js';
import { temporaryFiles } from '../testing/temporary-files.js';

const { file } = temporaryFiles();

async function simulated(args: string[], input = '') {
  const { exitCode, output, complaints } = await primetrade(['simulate', ...args, '--json'], input);
  expect(complaints).toBe('');
  expect(exitCode).toBe(0);
  return JSON.parse(output) as {
    requestsPerSecond: number[];
    runs: {
      name: string;
      sloMinutesMissed: number;
      replicas: { min: number; max: number };
      requests: Record<string, number>;
      course: { replicas: number[] };
      dollars: { month: number };
      nodes: { max: number };
    }[];
    difference?: Record<string, number>;
  };
}

const MANIFEST = `
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: tasks }
spec:
  minReplicas: 6
  maxReplicas: 12
  metrics:
    - type: Resource
      resource: { name: cpu, target: { type: Utilization, averageUtilization: 50 } }
`;

describe('primetrade simulate', () => {
  it('shows a table and a chart of a launch, for two autoscalers', async () => {
    const spec = file('hpa.yaml', MANIFEST);
    const args = ['simulate', '--draw', 'spike', '--peak', '2000', '--compare', spec];
    const { exitCode, output } = await primetrade(args);
    expect(exitCode).toBe(0);
    expect(output).toMatch(/^Workload: a spike drawn from 50 to 2000 requests a second; 480 steps/);
    expect(output).toMatch('Pod: assumed, not measured');
    expect(output).toMatch(/minutes above 150 ms or with failures +[\d.]+ +[\d.]+\n/);
    expect(output).toMatch(/requests\/s {2}▁+▃?[▁-█]{40,} {2}up to 2,000/);
    expect(output.match(/^replicas/gm)).toHaveLength(2);
    expect((await primetrade(args)).output).toBe(output);
  });

  it('compares in JSON', async () => {
    const spec = file('hpa.yaml', MANIFEST);
    const { runs, difference } = await simulated([
      ...['--draw', 'step', '--peak', '900', '--compare', spec],
    ]);
    const [chart, manifest] = runs;
    expect(chart!.name).toBe('chart’s default');
    expect(chart!.replicas.min).toBe(3);
    expect(manifest!.replicas).toMatchObject({ min: 6, max: 12 });
    expect(manifest!.sloMinutesMissed).toBeLessThan(chart!.sloMinutesMissed);
    expect(difference!['sloMinutesMissed']).toBe(
      manifest!.sloMinutesMissed - chart!.sloMinutesMissed,
    );
    expect(chart!.course.replicas).toHaveLength(480);
  });

  it.each([
    ['CSV', 'time,rate\n2026-11-24T08:00:00Z,100\n2026-11-24T08:01:00Z,400\n'],
    ['CSV of seconds', '0;100\n60;400\n'],
    ['a list of samples', '[{"time":0,"rate":100},{"time":60,"rate":400}]'],
    ['a list of pairs', '[[0,100],[60,400]]'],
  ])('takes a workload as %s', async (_, text) => {
    const { requestsPerSecond } = await simulated(['--workload', '-'], text);
    expect(requestsPerSecond).toEqual([137.5, 212.5, 287.5, 362.5]);
  });

  it('takes a workload as steps', async () => {
    const rates = { step: 30, rates: [100, 100, 300] };
    const { requestsPerSecond } = await simulated(['--workload', file('rates.json', rates)]);
    expect(requestsPerSecond).toHaveLength(6);
    expect(requestsPerSecond[0]).toBe(100);
    expect(requestsPerSecond.at(-1)).toBe(300);
  });

  it('asks Prometheus', async () => {
    await using prometheus = await fakeServer(({ searchParams }) => ({
      status: 'success',
      data: {
        result: ['gateway', 'tasks'].map((app, i) => ({
          metric: { app },
          values: Array.from({ length: 5 }, (_, k) => [
            Number(searchParams.get('start')) + k * 15,
            String(50 + i * 50),
          ]),
        })),
      },
    }));
    const { requestsPerSecond } = await simulated([
      ...['--prometheus', prometheus.url, '--window', '1m', '--until', '2026-11-24T08:00:00Z'],
      ...['--query', 'sum by (app) (rate(http_request_duration_seconds_count[1m]))'],
    ]);
    expect(requestsPerSecond).toEqual([150, 150, 150, 150]);
    expect(Object.fromEntries(prometheus.asked[0]!.searchParams)).toMatchObject({
      start: String(Date.parse('2026-11-24T07:59:00Z') / 1000),
      step: '15',
    });
  });

  it('takes what a pod can do from a load report', async () => {
    const point = (rate: number, p95: number, cores: number, more = {}) => ({
      rate,
      seconds: 10,
      sent: rate * 10,
      good: rate * 10,
      failed: 0,
      dropped: 0,
      latencyMs: { p95, mean: p95 / 3 },
      serverCpuCores: cores,
      serverMemoryBytes: 150 * 1024 ** 2,
      ...more,
    });
    const points = [point(50, 20, 0.1), point(100, 40, 0.2), point(200, 900, 0.3, { failed: 300 })];
    const model = file('load.json', { points, judgement: { valid: true } });
    const args = ['--draw', 'step', '--base', '400', '--peak', '400', '--model', model];
    const { runs } = await simulated(args);
    // The overload is no capacity: 400 need at least 4 pods of 100.
    expect(runs[0]!.course.replicas.at(-1)).toBe(5);
    const invalid = file('invalid.json', { points, judgement: { valid: false } });
    const { complaints } = await primetrade(['simulate', '--draw', 'day', '--model', invalid]);
    expect(complaints).toMatch('the load run was invalid');
  });

  it('takes what a pod can do from figures', async () => {
    const model = `
points: [{ rate: 10, p95: 20ms, mean: 8ms }, { rate: 40, p95: 90ms }]
cpu: { idle: 10m, perRequest: 5 }
memory: { idle: 100Mi, perRequest: 10Ki }
start: { schedule: 2s, boot: 20s, readiness: 5s }
timeout: 5s
request: { cpu: 200m, memory: 256Mi }
`;
    const path = file('model.yaml', model);
    const { runs } = await simulated(['--draw', 'day', '--peak', '300', '--model', path]);
    expect(runs[0]!.replicas.max).toBeGreaterThan(8);
    const bad = file('bad.yaml', `${model}colour: blue`);
    const { exitCode, complaints } = await primetrade([
      'simulate',
      '--draw',
      'day',
      '--model',
      bad,
    ]);
    expect(exitCode).toBe(1);
    expect(complaints).toMatch('bad.yaml: colour is not known here');
  });

  it.each<[string[], number, string]>([
    [[], 2, 'give one of --workload, --prometheus and --draw'],
    [['--draw', 'day', '--workload', 'x'], 2, 'give one of'],
    [['--draw', 'wave'], 2, 'Allowed choices are day, spike, step'],
    [['--draw', 'day', '--peak', '5'], 2, 'base and peak must be numbers in order'],
    [['--draw', 'day', '--slo', 'fast'], 2, 'not a time such as 150ms'],
    [['--draw', 'day', '--nodes', '5,2'], 2, 'not two numbers in order'],
    [['--draw', 'day', '--phase', '7'], 1, 'no phase 7: there are 1, 2, 3'],
    [['--workload', 'absent.csv'], 1, 'absent.csv: there is no such file'],
    [['--prometheus', 'http://127.0.0.1:1'], 1, '127.0.0.1:1 does not answer'],
  ])('says what is wrong with %p', async (args, code, problem) => {
    const { exitCode, output, complaints } = await primetrade(['simulate', ...args]);
    expect(exitCode).toBe(code);
    expect(output).toBe('');
    expect(complaints).toMatch(problem);
  });

  it.each([
    ['1,2\n3', 'sample 2 is not a time and a rate'],
    ['0,1\n15,-2', 'sample 2 has no rate of at least 0'],
    ['soon,1\nlater,2', 'sample 1 has no time'],
    ['0,1\n0,2', 'sample 2 of the workload is not later'],
    ['{"rates": 1}', 'neither a list of {time, rate} nor {step, rates}'],
  ])('says what is wrong with the workload %p', async (text, problem) => {
    const { complaints } = await primetrade(['simulate', '--workload', '-'], text);
    expect(complaints).toMatch(problem);
  });

  it.each([
    ['kind: Deployment', 'a Deployment, not a HorizontalPodAutoscaler'],
    ['minReplicas: 5\nmaxReplicas: 2', 'maxReplicas'],
    ['- 1', 'not a mapping'],
  ])('says what is wrong with the spec %p', async (text, problem) => {
    const spec = file('wrong.yaml', text);
    const { exitCode, complaints } = await primetrade([
      ...['simulate', '--draw', 'day', '--spec', spec],
    ]);
    expect(exitCode).toBe(1);
    expect(complaints).toMatch(problem);
  });

  it('says when Prometheus refuses', async () => {
    await using prometheus = await fakeServer(() => ({ status: 'error', error: 'parse error' }));
    const args = ['simulate', '--prometheus', prometheus.url, '--query', 'sum('];
    expect((await primetrade(args)).complaints).toMatch('refuses sum(: parse error');
    await using empty = await fakeServer(() => ({ status: 'success', data: { result: [] } }));
    const none = ['simulate', '--prometheus', empty.url, '--query', 'up'];
    expect((await primetrade(none)).complaints).toMatch('up has no series');
    await using other = await fakeServer(() => null);
    const wrong = ['simulate', '--prometheus', other.url];
    expect((await primetrade(wrong)).complaints).toMatch('status 404, and no answer of its API');
  });
});
