import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { run } from '../program.js';
import { Latencies } from './latencies.js';
import type { LoadReport } from './report.js';
import type { SearchReport } from './search.js';
import type { UslReport } from './search-command.js';
import { FakePrimeTrade } from './testing/fake-primetrade.js';
import { steadyClock } from './testing/steady-clock.js';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'primetrade-load-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const slow =
  (milliseconds: number, status = 200): RequestListener =>
  (_request, response) =>
    void setTimeout(() => response.writeHead(status).end('ok'), milliseconds);

async function load(args: string[], terminal = false) {
  let output = '';
  let complaints = '';
  const exitCode = await run(['load', ...args, '--warmup', '0'], {
    write: (text) => void (output += text),
    complain: (text) => void (complaints += text),
    readInput: async () => 'from the input',
    terminal,
    clock: steadyClock(),
    meter: () => () => ({ utilization: 0.1, cores: 0.1, machine: 0.5 }),
  });
  return { exitCode, output, complaints };
}

describe('primetrade load', () => {
  it('reports in words, as JSON and as a page', async () => {
    const url = await serve(slow(40));
    const [json, html] = [join(folder, 'a.json'), join(folder, 'a.html')];
    const args = ['--steps', '20,40', '--duration', '1s', '--slo', 'p95=2s'];
    const { exitCode, output, complaints } = await load([
      url,
      ...args,
      '--json',
      json,
      '--html',
      html,
    ]);
    expect(complaints).toBe('');
    expect(output).toMatch(/60 sent.+60 good, 0 failed/);
    expect(output).toContain('p95 ≤ 2,000 ms: kept');
    expect(exitCode).toBe(0);
    const report = JSON.parse(readFileSync(json, 'utf8')) as LoadReport;
    expect(report).toMatchObject({
      kind: 'primetrade-load',
      version: 1,
      target: { url, method: 'GET' },
      requests: { planned: 60, sent: 60, dropped: 0, good: 60, failed: 0 },
      statuses: { 200: 60 },
      points: [
        { rate: 20, sent: 20 },
        { rate: 40, sent: 40 },
      ],
      judgement: { valid: true, exitCode: 0 },
    });
    expect(Latencies.decode(report.histogram).summary()).toEqual(report.latencyMs);
    const page = readFileSync(html, 'utf8');
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).toContain('Every objective was kept');
    expect(page.match(/<figure/g)).toHaveLength(3);
    expect(page).toContain('No request failed.');
    expect(page).not.toMatch(/NaN|undefined|Infinity|<script|(?:src|href)=/);
  });

  it('has JSON as its output for -', async () => {
    const url = await serve(slow(20));
    const { output } = await load([url, '--duration', '500ms', '--rate', '10', '--json', '-']);
    expect((JSON.parse(output) as LoadReport).requests.sent).toBe(5);
  });

  it('fails when an objective is missed', async () => {
    const args = ['--rate', '20', '--duration', '1s'];
    const missed = await load([await serve(slow(60)), ...args, '--slo', 'p50=10ms']);
    expect(missed).toMatchObject({
      exitCode: 1,
      output: expect.stringMatching('p50 ≤ 10 ms: MISSED'),
    });
    const broken = await load([await serve(slow(30, 500)), ...args]);
    expect(broken).toMatchObject({
      exitCode: 1,
      output: expect.stringMatching(/http-5xx 20 \(500: 20\)[^]+errors ≤ 1 %: MISSED with 100 %/),
    });
    const accepted = await load([await serve(slow(30, 500)), ...args, '--max-errors', '100%']);
    expect(accepted.exitCode).toBe(0);
  });

  it('refuses a run that proves nothing', async () => {
    const url = await serve(() => undefined);
    const { exitCode, output } = await load([
      ...[url, '--rate', '50', '--duration', '1s'],
      ...['--connections', '5', '--timeout', '500ms'],
    ]);
    expect(exitCode).toBe(3);
    expect(output).toMatch(/Invalid[^]+requests were dropped, as all 5 connections were in use/);
  });

  it('sends what it is told to', async () => {
    const seen = new Set<string>();
    const url = await serve((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += chunk));
      request.on('end', () => {
        seen.add(`${request.method} ${request.url} ${String(request.headers['x-a'])} ${body}`);
        setTimeout(() => response.writeHead(418).end(), 20);
      });
    });
    const args = ['--rate', '10', '--duration', '300ms', '-H', 'X-A: b', '--expect', '418'];
    expect(await load([`${url}tea?c=d`, ...args, '--body', 'e'])).toMatchObject({ exitCode: 0 });
    expect((await load([url, ...args, '-X', 'PUT', '--body-file', '-'])).exitCode).toBe(0);
    expect([...seen]).toEqual(['POST /tea?c=d b e', 'PUT / b from the input']);
  });

  it('shows how far it is where people watch', async () => {
    const url = await serve(slow(20));
    const { complaints } = await load([url, '--rate', '10', '--duration', '600ms'], true);
    expect(complaints).toContain('0 of 0.6 s, 0 sent');
    expect(complaints.endsWith('\r\x1b[K')).toBe(true);
  });

  it.each([
    [[], 'no URL'],
    [['ftp://localhost'], 'not a URL'],
    [['http://8.8.8.8'], '8.8.8.8 is a public address'],
    [['http://localhost', '--rate', '0'], 'above 0'],
    [['http://localhost', '--ramp', '10-20'], 'not a ramp'],
    [['http://localhost', '--rate', '1', '--steps', '1,2'], 'one of --rate, --ramp'],
    [['http://localhost', '--duration', '5'], 'not a time'],
    [['http://localhost', '--slo', '95=1s'], 'not an objective'],
    [['http://localhost', '--slo', 'p95=20s'], '--timeout has to be longer'],
    [['http://localhost', '--max-errors', '150%'], 'not a share'],
    [['http://localhost', '--header', 'nonsense'], 'not a header'],
    [['http://localhost', '--arrivals', 'never'], 'Allowed choices'],
    [['http://localhost', '--weights', 'list=1'], '--weights takes --journey'],
    [['--journey', '--weights', 'dance=1'], 'not a weight'],
    [['--journey', '--weights', 'list=0'], 'All weights are 0'],
    [['http://localhost', '--rate', '9000', '--duration', '5m'], 'more than 1,000,000 requests'],
    [['http://localhost', '--duration', '2h'], 'longer than 3600 s'],
    [['search', 'http://localhost'], 'Give --slo'],
    [['search', 'http://localhost', '--slo', 'p95=1s', '--usl', 'a'], '--usl takes --concurrency'],
    [['search', 'http://localhost', '--slo', 'p95=1s', '--from', '1'], '20 requests at least'],
  ])('says what is wrong with %p', async (args, problem) => {
    const { exitCode, output, complaints } = await load(args);
    expect(complaints).toMatch(problem);
    expect({ exitCode, output }).toEqual({ exitCode: 2, output: '' });
  });

  it('names a file that cannot be written', async () => {
    const url = await serve(slow(20));
    const args = ['--rate', '10', '--duration', '200ms', '--json', join(folder, 'no/such')];
    expect(await load([url, ...args])).toMatchObject({
      exitCode: 1,
      complaints: expect.stringMatching('cannot be written'),
    });
  });

  it('asks the server for its processor time', async () => {
    let asked = 0;
    const url = await serve((request, response) => {
      if (request.url !== '/metrics') return slow(20)(request, response);
      asked += 1;
      response.end(
        `# TYPE process_cpu_seconds_total counter\nprocess_cpu_seconds_total{a="b"} ${asked}\nprocess_resident_memory_bytes 1000\n`,
      );
    });
    const args = ['--rate', '10', '--duration', '500ms', '--metrics', `${url}metrics`];
    const { output } = await load([url, ...args, '--json', '-']);
    const [point] = (JSON.parse(output) as LoadReport).points;
    expect(asked).toBe(2);
    expect(point!.serverCpuCores).toBeGreaterThan(1);
    expect(point!.serverMemoryBytes).toBe(1000);
  });
});

describe('primetrade load --journey', () => {
  let app: FakePrimeTrade;
  let url: string;
  beforeEach(async () => {
    app = new FakePrimeTrade();
    url = await app.listen();
    closing.push(() => app.close());
  });

  const args = ['--journey', '--rate', '100', '--duration', '1s', '--accounts', '4'];

  it('does what people do, by accounts of its own', async () => {
    const weights = 'list=50,create=25,complete=15,sign-in=5,sign-up=5';
    const { output } = await load([url, ...args, '--weights', weights, '--json', '-']);
    const report = JSON.parse(output) as LoadReport;
    expect(report.requests).toMatchObject({ sent: 100, good: 100, failed: 0 });
    expect(report.target).toMatchObject({ journey: { list: 50 }, accounts: 4 });
    const sent = Object.fromEntries(report.kinds.map((kind) => [kind.name, kind.sent]));
    expect(Object.keys(sent).sort()).toEqual(['complete', 'create', 'list', 'sign-in', 'sign-up']);
    expect(sent.list).toBeGreaterThan(35);
    expect(app.counts).toMatchObject({
      'POST /api/v1/auth/register': 4 + sent['sign-up']!,
      'GET /api/v1/tasks': sent.list,
      'PATCH /api/v1/tasks/{id}': sent.complete,
      'DELETE /api/v1/profile': 4 + sent['sign-up']!,
    });
    expect(app.accounts.size).toBe(0);
  });

  it('renews tokens before they expire', async () => {
    app.expiresIn = 0;
    const { output } = await load([url, ...args, '--weights', 'list=1', '--json', '-']);
    expect((JSON.parse(output) as LoadReport).requests.failed).toBe(0);
    expect(app.counts['POST /api/v1/auth/login']).toBeGreaterThan(4);
  });

  it('names a rate limit', async () => {
    app.limited = 'GET /api/v1/tasks';
    const { exitCode, output } = await load([url, ...args]);
    expect(exitCode).toBe(1);
    expect(output).toMatch(/answers were 429: that is a rate limit.+RATE_LIMIT_USER/);
    app.limited = 'POST /api/v1/auth/register';
    expect(await load([url, ...args])).toMatchObject({
      exitCode: 1,
      complaints: expect.stringMatching('raise RATE_LIMIT_ANONYMOUS'),
    });
  });

  it('says when there is no PrimeTrade', async () => {
    app.close();
    expect(await load([url, ...args])).toMatchObject({
      exitCode: 1,
      complaints: expect.stringMatching('does PrimeTrade run there'),
    });
  });

  it('tidies up when it is interrupted', async () => {
    const long = ['--journey', '--rate', '50', '--duration', '10m', '--accounts', '4'];
    const running = load([url, ...long]);
    while ((app.counts['GET /api/v1/tasks'] ?? 0) < 3) await delay(10);
    process.emit('SIGINT');
    expect(await running).toEqual({
      exitCode: 1,
      output: '',
      complaints: 'primetrade: interrupted: there is no report\n',
    });
    expect(app.accounts.size).toBe(0);
    expect(process.listenerCount('SIGINT')).toBe(0);
  });

  it('says when accounts stay behind', async () => {
    app.limited = 'DELETE /api/v1/profile';
    const { complaints } = await load([url, ...args]);
    expect(complaints).toContain('4 accounts of the run could not be deleted');
  });
});

describe('primetrade load search', () => {
  it('finds a capacity, and the throughput by concurrency', async () => {
    const url = await serve(slow(20));
    const [json, usl, html] = ['s.json', 'usl.json', 's.html'].map((name) => join(folder, name));
    const { exitCode, output } = await load([
      ...['search', url, '--slo', 'p95=2s', '--from', '40', '--to', '80', '--pause', '0'],
      ...['--duration', '500ms', '--confirm', '1s', '--concurrency', '1,2,3,4,5,6'],
      ...['--json', json!, '--usl', usl!, '--html', html!],
    ]);
    expect(output).toMatch('Capacity: at least 80 requests a second');
    expect(exitCode).toBe(0);
    const report = JSON.parse(readFileSync(json!, 'utf8')) as SearchReport;
    expect(report).toMatchObject({
      kind: 'primetrade-load-search',
      capacity: { rate: 80, result: 'limit-reached' },
      runs: [{ rate: 40 }, { rate: 80 }, { rate: 80, phase: 'confirming' }],
      points: [{ rate: 40 }, { rate: 80 }],
    });
    const { points, fit } = JSON.parse(readFileSync(usl!, 'utf8')) as UslReport;
    expect(points.map(({ concurrency }) => concurrency)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(points.every(({ good, failed }) => good > 0 && failed === 0)).toBe(true);
    expect(fit!.points).toBe(6);
    expect(readFileSync(html!, 'utf8')).toContain('Latency by rate');
  });

  it('fails when nothing keeps the objective', async () => {
    const url = await serve(slow(50, 500));
    const { exitCode, output } = await load([
      ...['search', url, '--slo', 'p95=1s', '--from', '40', '--duration', '500ms', '--pause', '0'],
    ]);
    expect(output).toMatch('No capacity');
    expect(exitCode).toBe(1);
  });
});
