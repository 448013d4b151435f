import fc from 'fast-check';
import { arrivalsOf, inParts, type Stage, totalRequests, totalSeconds } from './plan.js';
import { randomOf } from './random.js';

const at = (stages: Stage[]) => [...arrivalsOf(stages)].map((arrival) => arrival.at);

describe('arrivalsOf', () => {
  it('spaces a constant rate evenly', () => {
    expect(at([{ from: 4, to: 4, seconds: 1 }])).toEqual([125, 375, 625, 875]);
  });

  it('lets a ramp grow evenly', () => {
    const times = at([{ from: 0, to: 100, seconds: 10 }]);
    expect(times).toHaveLength(500);
    // Half of the way up a quarter of the requests has been sent.
    expect(times.filter((time) => time < 5000)).toHaveLength(125);
  });

  it('names the stage of each', () => {
    const stages = [1, 2, 3].map((rate) => ({ from: rate, to: rate, seconds: 2 }));
    const counts = [0, 0, 0];
    for (const { stage } of arrivalsOf(stages)) counts[stage]! += 1;
    expect(counts).toEqual([2, 4, 6]);
  });

  it('draws random arrivals of the same rate, the same for the same seed', () => {
    const stages = [{ from: 100, to: 100, seconds: 100 }];
    const times = [...arrivalsOf(stages, randomOf(7))].map((arrival) => arrival.at);
    expect(times.length).toBeGreaterThan(9_700);
    expect(times.length).toBeLessThan(10_300);
    expect([...arrivalsOf(stages, randomOf(7))].map((arrival) => arrival.at)).toEqual(times);
    // Gaps of a Poisson process deviate as much as their mean.
    const gaps = times.slice(1).map((time, i) => time - times[i]!);
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
    expect(Math.sqrt(variance) / mean).toBeCloseTo(1, 1);
  });

  const rate = fc.double({ min: 0.1, max: 200, noNaN: true });
  const stage = fc.record({
    from: rate,
    to: rate,
    seconds: fc.double({ min: 0.5, max: 20, noNaN: true }),
  });
  it('sends what was planned, in order and in time', () => {
    fc.assert(
      fc.property(fc.array(stage, { minLength: 1, maxLength: 4 }), (stages) => {
        const times = at(stages);
        expect(Math.abs(times.length - totalRequests(stages))).toBeLessThanOrEqual(1);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        expect(times.at(-1) ?? 0).toBeLessThanOrEqual(totalSeconds(stages) * 1000 + 1e-6);
      }),
    );
  });

  it('does not change a plan by cutting it into parts', () => {
    fc.assert(
      fc.property(stage, (whole) => {
        const parts = at(inParts([whole]));
        const times = at([whole]);
        expect(Math.abs(parts.length - times.length)).toBeLessThanOrEqual(1);
        for (let i = 0; i < Math.min(parts.length, times.length); i++) {
          expect(parts[i]).toBeCloseTo(times[i]!, 3);
        }
      }),
    );
  });
});
