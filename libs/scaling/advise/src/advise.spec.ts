import { advise } from './advise.js';
import { overlayOf } from './overlay.js';
import { CHART, evidence, livedWith, points, service } from './testing/evidence.js';
import { BOOK } from './testing/price-book.js';

const busy = points(20, { rate: 400, cpu: 950, lag: 0.1, p95: 0.3 });

describe('advice', () => {
  it('is none yet where little was measured', () => {
    const none = (services: Parameters<typeof evidence>[0]) => advise(evidence(services), BOOK);
    expect(none([])).toMatchObject({ verdict: 'no-advice-yet', reason: 'no service was measured' });
    expect(none([service(points(2, {}))]).reason).toMatch('2 steps were measured');
    const idle = none([service(points(20, { rate: 0.2 }))]);
    expect(idle.reason).toBe('60 requests were measured; it takes 100 to see anything');
    expect(idle).toMatchObject({ services: [], costs: [], confidence: { word: 'none' } });
    expect(overlayOf(idle)).toBeNull();
  });

  it('names the bottleneck after minutes, and sizes nothing yet', () => {
    const advice = advise(evidence([service(busy, { name: 'standalone' })], { phase: 1 }), BOOK);
    expect(advice).toMatchObject({
      phase: 1,
      slo: 0.2,
      verdict: 'move-phase',
      nextPhase: 2,
      bottleneck: { kind: 'cpu', service: 'standalone' },
      confidence: { word: 'none', samples: 20 },
    });
    expect(advice.services[0]).toMatchObject({ sizing: null, forecast: null });
    expect(advice.services[0]!.withoutSizing).toMatch('sizes need a day');
    expect(advice.costs.map(({ phase, band }) => [phase, band.expected])).toEqual([
      [1, 45],
      [2, 315],
    ]);
    expect(overlayOf(advice)).toBeNull();
  });

  it('is to stay where nothing is busy', () => {
    const advice = advise(evidence([service(points(20, {}))]), BOOK);
    expect(advice).toMatchObject({ verdict: 'stay', bottleneck: null, nextPhase: null });
  });

  it('is to tune before anything is scaled', () => {
    const pool = service(points(20, { busy: 20, waiting: 9 }), { name: 'tasks' });
    const full = service(busy, { name: 'auth' });
    expect(advise(evidence([full, pool]), BOOK)).toMatchObject({
      verdict: 'tune',
      bottleneck: { kind: 'pool', service: 'tasks' },
      reason: 'give it more connections: more processes would wait for the same',
    });
    const slow = service(points(20, { queryTime: 0.2 }));
    expect(advise(evidence([pool, slow]), BOOK).bottleneck!.kind).toBe('slow-query');
    const blocked = service(points(20, { lag: 0.3 }));
    expect(advise(evidence([blocked]), BOOK).verdict).toBe('tune');
    const unknown = service(points(20, { p95: 0.5 }));
    expect(advise(evidence([unknown]), BOOK).reason).toMatch('traces');
  });

  it('is to scale up in phase 3, and in phase 2 while its machines have room', () => {
    expect(advise(evidence([service(busy)], { phase: 3 }), BOOK).verdict).toBe('scale-up');
    expect(advise(evidence([service(busy)], { phase: 2 }), BOOK).verdict).toBe('scale-up');
    // Two days at 3,000 requests a second of 2.5 ms on 9 cores that are full.
    const days = points(2881, { rate: 3000, cpu: 7500, processes: 9, p95: 0.03 }, 60);
    const large = advise(evidence([service(days)], { phase: 2, step: 60 }), BOOK);
    expect(large).toMatchObject({ verdict: 'move-phase', nextPhase: 3 });
    expect(large.reason).toBe(
      'the highest load needs 12 cores with room for half as much again, and the machines of phase 2 have 5',
    );
    expect(large.costs.map(({ phase }) => phase)).toEqual([2, 3]);
  });

  it('sizes a service by what its requests cost', () => {
    const lived = livedWith('tasks', CHART, 2, 900);
    const advice = advise(evidence([lived], { step: 60, maxConnections: 500 }), BOOK);
    const { sizing, forecast } = advice.services[0]!;
    // What is true of the service is found again, though an autoscaler kept its pods at 70 %.
    expect(sizing!.basis.cpu.perRequest).toBeCloseTo(2.5, 1);
    expect(sizing!.basis.cpu.idle).toBeCloseTo(15, -1);
    expect(sizing).toMatchObject({
      // 15 + 80 % of the other 485
      request: { cpu: 410 },
      limit: { cpu: 500 },
      hpa: { min: 3, memory: 90 },
    });
    // (410 − 15) ÷ 2.5 = 158 requests a second of 3 statements of 2 ms: 0.95 + 2 √0.95
    expect(sizing!.pool).toBe(3);
    expect(forecast!.sloMinutesMissed).toBe(0);
    expect(forecast!.replicas.max).toBeLessThanOrEqual(sizing!.hpa.max);
    expect(advice.connections).toMatchObject({ advised: 500, lowered: [] });
  });

  it('takes the cpu request of a load run', () => {
    const lived = livedWith('tasks', CHART, 2, 900);
    const load = [
      { rate: 100, p95: 0.03, cpu: 260 },
      { rate: 130, p95: 0.07, cpu: 338 },
      { rate: 160, p95: 0.4, cpu: 430 },
    ];
    const advice = advise(evidence([{ ...lived, load }], { step: 60 }), BOOK);
    expect(advice.services[0]!.sizing!.request.cpu).toBe(340);
    expect(advice.services[0]!.sizing!.evidence.cpu).toMatch('in the load run');
  });

  it('keeps all pools within the connections of the database', () => {
    const settings = { ...CHART, pool: 20, hpa: { ...CHART.hpa, max: 60 } };
    const many = ['auth', 'tasks'].map((name) => {
      const lived = livedWith(name, settings, 2, 900);
      const slower = lived.points.map((point) => ({ ...point, queryTime: 0.04 }));
      return { ...lived, points: slower };
    });
    const advice = advise(evidence(many, { step: 60, maxConnections: 300 }), BOOK);
    const { connections, services } = advice;
    expect(overlayOf(advice)).toMatch(`postgresql:\n  maxConnections: ${connections!.advised}\n`);
    expect(connections!.lowered.map(({ service: name }) => name).sort()).toEqual(['auth', 'tasks']);
    for (const { sizing, forecast } of services) {
      expect(sizing!.hpa.max).toBeGreaterThanOrEqual(forecast!.replicas.max - 1);
    }
    // Lowering alone does not suffice.
    expect(connections!.needed).toBeGreaterThan(300);
    expect(connections!.advised).toBeGreaterThanOrEqual(connections!.needed + 3);
  });

  it('leaves out services that pods cannot help, with the reason', () => {
    const lived = livedWith('tasks', CHART, 2, 900);
    const slow = lived.points.map((point) => ({ ...point, p95: 0.4 }));
    const advice = advise(evidence([{ ...lived, points: slow }], { step: 60 }), BOOK);
    expect(advice.services[0]!.withoutSizing).toMatch('p95 is 400 ms even when there is little');
    const unmeasured = lived.points.map((point) => ({ ...point, memory: null }));
    const other = advise(evidence([{ ...lived, points: unmeasured }], { step: 60 }), BOOK);
    expect(other.services[0]!.withoutSizing).toMatch('no memory');
  });
});
