import fc from 'fast-check';
import { checkLittle, rateOfUsers } from './little.js';
import {
  erlangC,
  maxUtilization,
  meanWait,
  mm1MaxUtilization,
  mm1P95,
  responsePercentile,
} from './queueing.js';

describe("Little's law", () => {
  it('accepts a run that agrees within 5 %', () => {
    expect(checkLittle(200, 0.05, 10.4)).toMatchObject({ expected: 10, valid: true });
    const invalid = checkLittle(200, 0.05, 9.4);
    expect(invalid.valid).toBe(false);
    expect(invalid.deviation).toBeCloseTo(0.06);
    expect(() => checkLittle(0, 1, 1)).toThrow(RangeError);
  });

  it('turns users into a rate', () => {
    expect([1e4, 1e5, 1e6].map((users) => rateOfUsers(users, 10))).toEqual([1e3, 1e4, 1e5]);
    expect(() => rateOfUsers(1, 0)).toThrow('thinkTime must be a number above 0, not 0');
  });
});

describe('one server', () => {
  it('has its 95th percentile at 3S ÷ (1 − ρ)', () => {
    expect(mm1P95(0.01, 0.7)).toBeCloseTo(0.1);
    expect(mm1P95(0.01, 1)).toBe(Infinity);
    expect(mm1MaxUtilization(0.01, 0.1)).toBeCloseTo(0.7);
    expect(mm1MaxUtilization(0.05, 0.1)).toBe(0);
  });

  it('is a group of one', () => {
    const one = { servers: 1, serviceTime: 0.01 };
    expect(responsePercentile(one, 0.7, 0.95)).toBeCloseTo((-Math.log(0.05) * 0.01) / 0.3, 9);
    expect(meanWait(one, 0.7)).toBeCloseTo((0.7 * 0.01) / 0.3, 9);
    // 3 stands for 2.9957.
    expect(maxUtilization(one, 0.1)).toBeCloseTo(mm1MaxUtilization(0.01, 0.1), 2);
  });
});

describe('a group of servers', () => {
  it('makes a request wait with the probability of Erlang', () => {
    expect(erlangC(1, 0.6)).toBeCloseTo(0.6);
    expect(erlangC(2, 1)).toBeCloseTo(1 / 3);
    expect(erlangC(10, 8)).toBeCloseTo(0.4092, 4);
    expect(erlangC(3, 3)).toBe(1);
    expect(() => erlangC(0, 1)).toThrow(RangeError);
  });

  it('waits longer the more its service varies', () => {
    const group = { servers: 4, serviceTime: 0.02 };
    const steady = { ...group, serviceVariation: 0 };
    expect(meanWait(steady, 0.8)).toBeCloseTo(meanWait(group, 0.8) / 2, 12);
    expect(maxUtilization({ ...group, serviceVariation: 4 }, 0.1)).toBeLessThan(
      maxUtilization(group, 0.1),
    );
    expect(meanWait(group, 1)).toBe(Infinity);
    expect(maxUtilization(group, 0.02)).toBe(0);
  });

  it('keeps the objective up to the highest utilization, and not beyond', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 64 }),
        fc.double({ min: 1.1, max: 20, noNaN: true }),
        fc.double({ min: 0.1, max: 8, noNaN: true }),
        (servers, slack, serviceVariation) => {
          const group = { servers, serviceTime: 0.01, serviceVariation };
          const slo = slack * 0.03;
          const most = maxUtilization(group, slo);
          expect(most).toBeLessThan(1);
          expect(responsePercentile(group, most, 0.95)).toBeLessThanOrEqual(slo);
          expect(responsePercentile(group, most + 1e-3, 0.95)).toBeGreaterThan(slo);
        },
      ),
    );
  });

  it('is the better the larger it is', () => {
    const most = [1, 2, 4, 8, 16].map((servers) =>
      maxUtilization({ servers, serviceTime: 0.01 }, 0.06),
    );
    expect(most).toEqual(most.toSorted((a, b) => a - b));
  });
});
