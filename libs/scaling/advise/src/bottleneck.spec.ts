import type { Point, Settings } from './evidence.js';
import { bottleneckOf } from './bottleneck.js';
import { CHART, points, service } from './testing/evidence.js';

function found(more: Partial<Point>, settings: Settings | null = null) {
  return bottleneckOf(service(points(20, more), { settings }), 0.1);
}

describe('the bottleneck', () => {
  it('is a full event loop', () => {
    expect(found({ rate: 400, cpu: 930, lag: 0.12 })).toEqual({
      kind: 'cpu',
      service: 'tasks',
      evidence:
        'tasks uses 93 % of the core of an event loop at 400 requests a second, and its event loop is 120 ms late',
    });
  });

  it('is a full limit of the pod', () => {
    expect(found({ cpu: 420 }, CHART)).toMatchObject({
      kind: 'cpu',
      evidence: 'tasks uses 84 % of 500m at 100 requests a second',
    });
    expect(found({ cpu: 420 }).kind).toBe('none');
    // Two processes share what one of them could not do.
    expect(found({ cpu: 420, processes: 2 }, CHART).kind).toBe('none');
  });

  it('is a pool that is too small', () => {
    expect(found({ rate: 200, pool: 2, busy: 2, waiting: 30, p95: 0.4 })).toEqual({
      kind: 'pool',
      service: 'tasks',
      evidence:
        '30 callers of tasks wait for a connection at 200 requests a second, 150 ms each, while a statement takes 2 ms',
    });
  });

  it('is a full database where statements take longer than when there is little to do', () => {
    const full = { rate: 1600, busy: 20, waiting: 160, queryTime: 0.0076 };
    expect(found(full).kind).toBe('database');
    const quiet = points(100, { rate: 10, queryTime: 0.001 });
    const rush = points(3, { rate: 300, busy: 20, waiting: 30, queryTime: 0.004 });
    expect(bottleneckOf(service([...quiet, ...rush]), 0.1)).toEqual({
      kind: 'database',
      service: 'tasks',
      evidence:
        'all connections of tasks are in use at 300 requests a second, and a statement takes 4 ms, and 1 ms when there is less to do: 30 callers wait, 100 ms each',
    });
    expect(
      bottleneckOf(service([...quiet, ...points(3, { ...full, queryTime: 0.002 })]), 0.1).kind,
    ).toBe('pool');
  });

  it('is a slow statement, even where callers wait for the connections that it holds', () => {
    const slow = { queryTime: 0.3, slowQueries: 60, queries: 200, waiting: 12, busy: 20 };
    expect(found(slow)).toEqual({
      kind: 'slow-query',
      service: 'tasks',
      evidence:
        'statements of tasks take 300 ms on average at 100 requests a second, 30 % of them are slow, and 12 callers wait for the connections that they hold',
    });
    expect(found({ slowQueries: 6 }).kind).toBe('slow-query');
    expect(found({ slowQueries: 1 }).kind).toBe('none');
  });

  it('is the processor before all that waits for it', () => {
    expect(found({ cpu: 950, queryTime: 0.08, waiting: 20, busy: 20 }).kind).toBe('cpu');
  });

  it('is what blocks the event loop while the processor is idle', () => {
    expect(found({ lag: 0.2, cpu: 150 }).kind).toBe('event-loop');
    expect(found({ lag: 0.2, cpu: 600 }).kind).toBe('cpu');
  });

  it('is unknown where p95 is missed and nothing is busy', () => {
    expect(found({ p95: 0.3 }).kind).toBe('unknown');
    expect(found({}).kind).toBe('none');
    expect(found({ rate: 0 }).kind).toBe('none');
  });

  it('is looked for where there is most to do', () => {
    const quiet = points(196, { rate: 10, cpu: 30 });
    const rush = points(4, { rate: 500, cpu: 990 });
    expect(bottleneckOf(service([...quiet, ...rush]), 0.1).kind).toBe('cpu');
  });
});
