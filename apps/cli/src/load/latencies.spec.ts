import fc from 'fast-check';
import { Latencies } from './latencies.js';

function of(values: readonly number[]): Latencies {
  const latencies = Latencies.empty();
  for (const value of values) latencies.record(value);
  return latencies;
}

describe('Latencies', () => {
  it('summarises within 0.1 %', () => {
    const { count, mean, p50, p95, p99, max } = of(
      Array.from({ length: 1000 }, (_, i) => i + 1),
    ).summary();
    expect(count).toBe(1000);
    for (const [value, exact] of [
      [mean, 500.5],
      [p50, 500],
      [p95, 950],
      [p99, 990],
      [max, 1000],
    ] as const) {
      expect(Math.abs(value - exact) / exact).toBeLessThan(0.002);
    }
  });

  it('grows beyond the slowest answer so far', () => {
    expect(of([1, 90_000]).percentile(100) / 90_000).toBeCloseTo(1, 2);
  });

  it('has nothing to say without answers', () => {
    expect(Latencies.empty().summary()).toMatchObject({ count: 0, mean: 0, p95: 0, max: 0 });
    expect(Latencies.empty().interval(95)).toBeNull();
    expect(Latencies.empty().bars(10)).toEqual([]);
  });

  const values = fc.array(fc.double({ min: 0.001, max: 60_000, noNaN: true }), { minLength: 1 });
  it('merges parts as if they had been one, in any order, also after a journey as text', () => {
    fc.assert(
      fc.property(values, values, (left, right) => {
        const whole = of([...left, ...right]);
        const merged = Latencies.merged([of(right), of(left)]);
        const carried = Latencies.merged(
          [of(left), of(right)].map((part) => Latencies.decode(part.encode())),
        );
        expect(merged.summary()).toEqual(whole.summary());
        expect(carried.summary()).toEqual(whole.summary());
      }),
    );
  });

  it('counts every answer in one bar', () => {
    fc.assert(
      fc.property(values, (all) => {
        const bars = of(all).bars(20);
        expect(bars.reduce((sum, { count }) => sum + count, 0)).toBe(all.length);
      }),
    );
  });

  it('bounds a percentile by order statistics', () => {
    const interval = of(Array.from({ length: 1000 }, (_, i) => i + 1)).interval(95)!;
    expect(interval.low).toBeGreaterThan(930);
    expect(interval.low).toBeLessThan(interval.value);
    expect(interval.high).toBeGreaterThan(interval.value);
    expect(interval.high).toBeLessThan(970);
  });
});
