import type { Generator } from '../meter.js';
import { runClosedLoop } from './closed-run.js';
import { searchHtmlOf } from './html.js';
import { arrivalsOf } from './plan.js';
import { randomOf } from './random.js';
import { type LoadReport, reportOf } from './report.js';
import { runOpenLoop } from './run.js';
import { findCapacity, type SearchReport, type SearchSettings } from './search.js';
import { stopRuleOf } from './search-command.js';
import { searchSummaryOf } from './search-summary.js';
import type { Send } from './sender.js';
import { simulatedServer } from './testing/simulated-server.js';
import { VirtualClock } from './testing/virtual-clock.js';

const SLO = { percentile: 95, limitMs: 150 };
const ORDER = { kind: 'GET /', method: 'GET', path: '/', headers: {} };
const AT_REST: Generator = { utilization: 0.1, cores: 0.1, machine: 0.2 };

interface Situation {
  server?: (clock: VirtualClock) => Send;
  generatorAt?: (rate: number) => Generator;
  random?: boolean;
}

function search(
  { server, generatorAt, random = false }: Situation,
  settings: Partial<SearchSettings> = {},
): Promise<SearchReport> {
  const measure = async (rate: number, seconds: number): Promise<LoadReport> => {
    const clock = new VirtualClock();
    const stages = [{ from: rate, to: rate, seconds }];
    const recording = await runOpenLoop({
      stages,
      arrivals: arrivalsOf(stages, random ? randomOf(3) : undefined),
      next: () => ORDER,
      send: server ? server(clock) : simulatedServer(clock, 4, 50),
      clock,
      connections: 1000,
      meter: () => () => generatorAt?.(rate) ?? AT_REST,
      stop: stopRuleOf(SLO, 0.001, rate * seconds),
    });
    const plan = { stages, arrivals: 'even', seed: 1, warmupSeconds: 0 } as const;
    const setup = {
      target: { url: 'http://localhost/', method: 'GET' },
      plan: { ...plan, timeoutMs: 10_000, connections: 1000 },
    };
    return reportOf(setup, recording, { slos: [SLO], maxErrors: 0.001 }, new Date(0));
  };
  return findCapacity({
    from: 10,
    slo: SLO,
    maxErrors: 0.001,
    seconds: 20,
    confirmSeconds: 40,
    measure,
    ...settings,
  });
}

describe('findCapacity', () => {
  it('finds the capacity of a server that is known', async () => {
    // 4 workers of 50 ms each: 80 a second.
    const report = await search({});
    const { rate, result, interval } = report.capacity;
    expect(result).toBe('confirmed');
    expect(rate).toBeGreaterThan(80 / 1.05);
    expect(rate).toBeLessThanOrEqual(81);
    expect(interval.low).toBe(rate);
    expect(interval.high! / rate).toBeLessThanOrEqual(1.06);
    expect(report.runs.map(({ phase }) => phase)).toEqual(
      expect.arrayContaining(['doubling', 'bisecting', 'confirming']),
    );
    expect(report.points.map((point) => point.rate)).toEqual(
      report.points.map((point) => point.rate).toSorted((a, b) => a - b),
    );
  });

  it('finds less when users come at random, as queues grow before the end', async () => {
    const { capacity } = await search({ random: true });
    expect(capacity.result).toBe('confirmed');
    expect(capacity.rate).toBeLessThan(78);
    expect(capacity.rate).toBeGreaterThan(55);
    expect(capacity.interval.low).toBeLessThanOrEqual(capacity.rate);
  });

  it('stops at the limit', async () => {
    const { capacity } = await search({}, { to: 40 });
    expect(capacity).toMatchObject({ rate: 40, result: 'limit-reached', interval: { high: null } });
  });

  it('says when no rate keeps the objective', async () => {
    const { capacity } = await search({ server: (clock) => simulatedServer(clock, 4, 200) });
    expect(capacity).toMatchObject({ rate: 0, result: 'none' });
  });

  it('does not take its own end for the server’s', async () => {
    const report = await search({
      generatorAt: (rate) => (rate > 30 ? { ...AT_REST, utilization: 0.99 } : AT_REST),
    });
    expect(report.capacity).toMatchObject({ rate: 20, result: 'generator-limited' });
    expect(searchSummaryOf(report)).toMatch(/Invalid: the generator.+\n.+busy 99 %/);
  });

  it('counts refusals as a miss', async () => {
    const server = (clock: VirtualClock): Send => {
      let n = 0;
      return async () => {
        await clock.until(clock.now() + 10);
        n += 1;
        const failed = n > 300;
        return failed
          ? { status: 503, failure: 'http-5xx', body: '' }
          : { status: 200, failure: null, body: '' };
      };
    };
    const { capacity } = await search({ server });
    expect(capacity.rate).toBeLessThan(15);
  });

  it('is shown in words and as a page', async () => {
    const report = await search({});
    const text = searchSummaryOf(report);
    expect(text).toMatch(/Capacity: \d.+ requests a second, confirmed/);
    expect(text).toMatch(/With 95 % confidence it is between/);
    expect(text).toMatch(/doubling +20 s/);
    const html = searchHtmlOf(report);
    expect(html).toContain('p95 ≤ 150 ms');
    expect(html.match(/<polyline/g)).toHaveLength(3);
    expect(html).not.toMatch(/NaN|undefined|Infinity/);
  });
});

describe('runClosedLoop', () => {
  it('keeps a number of requests in flight', async () => {
    for (const [concurrency, throughput] of [
      [1, 20],
      [4, 80],
      [16, 80],
    ] as const) {
      const clock = new VirtualClock();
      const point = await runClosedLoop({
        concurrency,
        seconds: 10,
        warmupSeconds: 1,
        next: () => ORDER,
        send: simulatedServer(clock, 4, 50),
        clock,
      });
      expect(point.throughput / throughput).toBeCloseTo(1, 1);
      expect((point.throughput * point.latencyMs.mean) / 1000 / concurrency).toBeCloseTo(1, 1);
      expect(point.failed).toBe(0);
    }
  });

  it('does not ask a server that refuses without a pause', async () => {
    const clock = new VirtualClock();
    const point = await runClosedLoop({
      concurrency: 2,
      seconds: 1,
      warmupSeconds: 0,
      next: () => ORDER,
      send: async () => ({ status: null, failure: 'connect', body: '' }),
      clock,
    });
    expect(point).toMatchObject({ good: 0, failed: 100, throughput: 0 });
  });
});
