import { arrivalsOf, type Stage } from './plan.js';
import { type LoadReport, reportOf, type Setup } from './report.js';
import { type Recording, runOpenLoop, type RunOptions, type Usage } from './run.js';
import type { Reply, Send } from './sender.js';
import { simulatedServer } from './testing/simulated-server.js';
import { VirtualClock } from './testing/virtual-clock.js';
import type { Objectives } from './verdict.js';

const ORDER = { kind: 'GET /', method: 'GET', path: '/', headers: {} };
const GOOD: Reply = { status: 200, failure: null, body: '' };
const AT_REST = { utilization: 0.1, cores: 0.1, machine: 0.2 };

let clock: VirtualClock;
beforeEach(() => (clock = new VirtualClock()));

function run(stages: Stage[], send: Send, extra: Partial<RunOptions> = {}): Promise<Recording> {
  return runOpenLoop({
    stages,
    arrivals: arrivalsOf(stages),
    next: () => ORDER,
    send,
    clock,
    connections: 1000,
    meter: () => () => AT_REST,
    ...extra,
  });
}

const steady = (rate: number, seconds: number) => [{ from: rate, to: rate, seconds }];

function report(recording: Recording, objectives: Partial<Objectives> = {}): LoadReport {
  const setup: Setup = {
    target: { url: 'http://localhost/', method: 'GET' },
    plan: {
      stages: recording.stages,
      arrivals: 'even',
      seed: 1,
      warmupSeconds: 0,
      timeoutMs: 10_000,
      connections: 1000,
    },
  };
  return reportOf(setup, recording, { slos: [], maxErrors: 0, ...objectives }, new Date(0));
}

describe('runOpenLoop', () => {
  it('sends on schedule while the server stalls, and counts the wait', async () => {
    // Nothing is answered before 2 s have passed; 100 requests are due until then.
    const sent: number[] = [];
    const recording = await run(steady(50, 4), async () => {
      sent.push(clock.now());
      await clock.until(Math.max(2000, clock.now() + 5));
      return GOOD;
    });
    expect(sent).toHaveLength(200);
    expect(sent.map(Math.round)).toEqual(sent.map((_, i) => (i + 0.5) * 20));
    const { latencyMs, requests, judgement } = report(recording);
    expect(requests).toMatchObject({ planned: 200, sent: 200, dropped: 0, good: 200 });
    // Half of them waited, 1 s on the average; a closed loop would have seen a single slow one.
    expect(latencyMs.max).toBeCloseTo(1990, -1);
    expect(latencyMs.mean).toBeCloseTo((1000 + 5) / 2, -1);
    expect(judgement).toMatchObject({ valid: true, exitCode: 0 });
  });

  it('agrees with Little’s law', async () => {
    const recording = await run(steady(100, 5), simulatedServer(clock, 4, 30));
    const { little, rate, points } = report(recording);
    expect(little!.deviation).toBeLessThan(0.01);
    expect(little!.measured).toBeCloseTo(3, 1);
    expect(rate.offered).toBe(100);
    expect(points[0]!.concurrency).toBeCloseTo(3, 1);
  });

  it('is invalid with dropped arrivals', async () => {
    const recording = await run(steady(100, 2), simulatedServer(clock, 1, 500), {
      connections: 10,
    });
    const { judgement, requests } = report(recording);
    expect(requests.dropped).toBeGreaterThan(100);
    expect(requests.sent + requests.dropped).toBe(200);
    expect(judgement).toMatchObject({
      valid: false,
      exitCode: 3,
      reasons: [expect.stringMatching('requests were dropped')],
    });
  });

  it('is invalid when requests leave late', async () => {
    // The event loop hangs for 300 ms once a second.
    let hung = 0;
    const hanging = {
      now: () => clock.now(),
      until: async (moment: number) => {
        const second = Math.floor(clock.now() / 1000);
        if (second > hung) {
          hung = second;
          await clock.until(clock.now() + 300);
        }
        await clock.until(moment);
      },
    };
    const recording = await run(steady(100, 5), simulatedServer(clock, 10, 5), { clock: hanging });
    const { judgement, latencyMs } = report(recording);
    expect(judgement.exitCode).toBe(3);
    expect(judgement.reasons.join()).toMatch(/ms late or more.+Little’s law/);
    expect(latencyMs.max).toBeGreaterThan(250);
  });

  it('is invalid when the generator was busy all the time, or ran out of files', async () => {
    const busy = await run(steady(10, 1), async () => GOOD, {
      meter: () => () => ({ ...AT_REST, utilization: 0.97 }),
    });
    expect(report(busy).judgement.reasons.join()).toMatch('busy 97 % of the time');
    const poor = await run(steady(10, 1), async () => ({ ...GOOD, failure: 'generator' }));
    expect(report(poor).judgement).toMatchObject({ valid: false, exitCode: 3 });
  });

  it('is invalid when nothing was due', async () => {
    const recording = await run(steady(0.1, 1), async () => GOOD);
    expect(report(recording).judgement.reasons).toEqual(['nothing was sent']);
  });

  it('counts failures by class, and does not take fast ones for fast answers', async () => {
    let n = 0;
    const recording = await run(steady(100, 1), async () => {
      n += 1;
      if (n % 10 === 0) return { status: 429, failure: 'http-429', body: '' };
      if (n % 10 === 1) {
        await clock.until(clock.now() + 3000);
        return { status: null, failure: 'timeout', body: '' };
      }
      await clock.until(clock.now() + 20);
      return GOOD;
    });
    const { failures, statuses, latencyMs, judgement } = report(recording, { maxErrors: 0.1 });
    expect(failures).toEqual({ 'http-429': 10, timeout: 10 });
    expect(statuses).toEqual({ 200: 80, 429: 10 });
    expect(latencyMs.count).toBe(90);
    expect(latencyMs.p50).toBeCloseTo(20, 0);
    expect(latencyMs.p99).toBeCloseTo(3000, -1);
    expect(judgement).toMatchObject({
      valid: true,
      exitCode: 1,
      errors: { share: 0.2, kept: false },
      advice: [expect.stringMatching('rate limit.+RATE_LIMIT_USER')],
    });
  });

  it('judges objectives', async () => {
    const recording = await run(steady(100, 2), simulatedServer(clock, 10, 30));
    const slos = (limitMs: number) => [{ percentile: 95, limitMs }];
    expect(report(recording, { slos: slos(31) }).judgement.exitCode).toBe(0);
    const { judgement } = report(recording, { slos: slos(29) });
    expect(judgement).toMatchObject({ exitCode: 1, slos: [{ kept: false, percentile: 95 }] });
  });

  it('shows each rate of its own, with what the server says of itself', async () => {
    let cpuSeconds = 0;
    const stages = [10, 20, 40].flatMap((rate) => steady(rate, 5));
    const send: Send = async () => {
      cpuSeconds += 0.01;
      await clock.until(clock.now() + 10);
      return GOOD;
    };
    const usage = async (): Promise<Usage> => ({ cpuSeconds, resident: 1e8 });
    const { points } = report(await run(stages, send, { usage }));
    expect(points.map(({ rate, good }) => [rate, good])).toEqual([
      [10, 50],
      [20, 100],
      [40, 200],
    ]);
    for (const { rate, serverCpuCores, serverMemoryBytes } of points) {
      expect(serverCpuCores).toBeCloseTo(rate / 100, 1);
      expect(serverMemoryBytes).toBe(1e8);
    }
  });

  it('does not count the warm-up', async () => {
    let sent = 0;
    const send: Send = async () => {
      sent += 1;
      return GOOD;
    };
    const recording = await run(steady(10, 2), send, {
      warmup: { arrivals: arrivalsOf(steady(10, 1)), seconds: 1 },
    });
    expect(sent).toBe(30);
    expect(report(recording).requests.sent).toBe(20);
  });

  it('ends as soon as the objective is missed for certain', async () => {
    let cancelled = false;
    const recording = await run(steady(100, 60), simulatedServer(clock, 1, 20), {
      stop: { limitMs: 100, slow: 300, failed: 6 },
      cancel: () => (cancelled = true),
    });
    expect(recording.stoppedEarly).toBe(true);
    expect(cancelled).toBe(true);
    expect(recording.seconds).toBeLessThan(10);
    const { judgement } = report(recording, { slos: [{ percentile: 95, limitMs: 100 }] });
    expect(judgement).toMatchObject({ valid: true, exitCode: 1 });
  });

  it('tells how far it is', async () => {
    const seen: number[] = [];
    await run(steady(10, 3), async () => GOOD, { onProgress: ({ sent }) => seen.push(sent) });
    expect(seen).toEqual([0, 5, 10, 15, 20, 25, 30]);
  });
});
