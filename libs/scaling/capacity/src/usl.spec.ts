import fc from 'fast-check';
import { CISCO } from './testing/cisco.js';
import { concurrencyFor, fitUsl, throughputAt } from './usl.js';

const TWO_HUNDREDTHS_OF_A_PERCENT = 0.0002;

function expectNear(actual: number, expected: number): void {
  expect(Math.abs(actual - expected) / expected).toBeLessThanOrEqual(TWO_HUNDREDTHS_OF_A_PERCENT);
}

describe('fitUsl', () => {
  it('gives the published values for the published data', () => {
    const fit = fitUsl(CISCO);
    expectNear(fit.sigma, 0.02671591);
    expectNear(fit.kappa, 7.690945e-4);
    expectNear(fit.lambda, 995.6486);
    expect(fit.peakConcurrency).toBe(35);
    expectNear(fit.peakThroughput, 12341);
    expect(fit.rSquared).toBeGreaterThan(0.99);
  });

  it('finds the law that made the points', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 5000, noNaN: true }),
        fc.double({ min: 0.001, max: 0.4, noNaN: true }),
        fc.double({ min: 0.00001, max: 0.01, noNaN: true }),
        (lambda, sigma, kappa) => {
          const points = [1, 2, 4, 8, 12, 16, 24, 32].map((concurrency) => ({
            concurrency,
            throughput: throughputAt({ lambda, sigma, kappa }, concurrency),
          }));
          const fit = fitUsl(points);
          expect(fit.lambda).toBeCloseTo(lambda, 3);
          expect(fit.sigma).toBeCloseTo(sigma, 5);
          expect(fit.kappa).toBeCloseTo(kappa, 6);
        },
      ),
    );
  });

  it('never gives a negative share', () => {
    const better = [1, 2, 3, 4, 5, 6].map((n) => ({ concurrency: n, throughput: 100 * n ** 1.1 }));
    const fit = fitUsl(better);
    expect([fit.sigma, fit.kappa, fit.peakConcurrency]).toEqual([0, 0, Infinity]);
    const amdahl = [1, 2, 4, 8, 16, 32].map((n) => ({
      concurrency: n,
      throughput: throughputAt({ lambda: 100, sigma: 0.1, kappa: 0 }, n) * (n === 32 ? 1.01 : 1),
    }));
    const limited = fitUsl(amdahl);
    expect(limited.kappa).toBe(0);
    expect(limited.peakThroughput).toBeCloseTo(limited.lambda / limited.sigma);
  });

  it('refuses too little', () => {
    expect(() => fitUsl(CISCO.slice(0, 5))).toThrow('at least 6 points, and there are 5');
    expect(() => fitUsl(CISCO.map((point) => ({ ...point, concurrency: 1 })))).toThrow(
      'three or more concurrencies',
    );
    expect(() => fitUsl(CISCO.map((point) => ({ ...point, throughput: 0 })))).toThrow('above 0');
  });
});

describe('concurrencyFor', () => {
  it('is where the law reaches a throughput', () => {
    const fit = fitUsl(CISCO);
    for (const throughput of [500, 5000, 12_000]) {
      expect(throughputAt(fit, concurrencyFor(fit, throughput)!)).toBeCloseTo(throughput, 6);
    }
    expect(concurrencyFor(fit, 13_000)).toBeNull();
    expect(concurrencyFor({ ...fit, sigma: 0.1, kappa: 0 }, fit.lambda * 11)).toBeNull();
  });
});
