import type { Measured } from './measurements.js';
import type { OpenConnections } from './open-connections.js';
import { ratioOf, targets, whyVoid } from './targets.js';

function window(server: string, round: number, rate: number): Measured {
  return {
    scenario: 'page',
    server,
    round,
    rate,
    p50: 1,
    p95: 2,
    p99: 3,
    littleDeviation: 0,
    cores: { server: 1, generator: 0.5, machine: 2 },
  };
}

const held: OpenConnections = {
  connections: 10_000,
  seconds: 40,
  rate: 1_000,
  requests: 40_000,
  errors: 0,
  reconnects: 0,
  p50: 1,
  p95: 150,
  p99: 180,
  max: 190,
  littleDeviation: 0.01,
  sendDelayP99: 2,
  utilisation: 0.3,
  memory: { before: 1, open: 2, peak: 3 },
};

describe('a ratio', () => {
  it('pairs windows of one round, whatever round is missing elsewhere', () => {
    const measured = [
      window('primetrade', 2, 300),
      window('primetrade', 1, 100),
      window('fastify', 2, 100),
      window('fastify', 3, 1),
    ];
    expect(ratioOf(measured, 'page', 'primetrade', 'fastify')).toEqual({
      median: 3,
      min: 3,
      max: 3,
    });
    expect(ratioOf(measured, 'create', 'primetrade', 'fastify')).toBeUndefined();
  });

  it('just below its target misses it', () => {
    const [reached] = targets([window('primetrade', 1, 80), window('fastify', 1, 100)], undefined);
    const [missed] = targets([window('primetrade', 1, 79), window('fastify', 1, 100)], undefined);
    expect([reached?.met, missed?.met]).toEqual([true, false]);
  });
});

describe('open connections', () => {
  const met = (change: Partial<OpenConnections>) => targets([], { ...held, ...change })[0]?.met;

  it('reach their target only without an error, a lost connection or a slow answer', () => {
    expect(met({})).toBe(true);
    expect([met({ errors: 1 }), met({ reconnects: 1 }), met({ p95: 200 })]).toEqual([
      false,
      false,
      false,
    ]);
  });

  it.each([{ littleDeviation: 0.06 }, { sendDelayP99: 51 }, { utilisation: 0.81 }])(
    'are void when the generator was the bottleneck: %o',
    (change) => {
      expect(whyVoid({ ...held, ...change })).toBeDefined();
      expect(met(change)).toBe(false);
    },
  );
});
