import fc from 'fast-check';
import { percentileInterval, requestsToSupport, supportedSuccess } from './evidence.js';
import { cpuRequest, growthWithin, hpaTarget, totalLag } from './hpa-target.js';
import {
  addMemorySample,
  addOutOfMemory,
  createMemoryHistogram,
  memoryAdvice,
} from './memory-advice.js';
import { checkPoolBudget, poolSize } from './pool.js';

const MINUTE = 60_000;
const DAY = 86_400_000;
const MIB = 1024 ** 2;

describe("the autoscaler's target", () => {
  it('leaves room for the tolerance and for growth while help is on its way', () => {
    expect(hpaTarget(0.77, 1)).toBeCloseTo(0.7);
    expect(hpaTarget(0.77, 1.4)).toBeCloseTo(0.5);
    expect(() => hpaTarget(0.7, 0.9)).toThrow(RangeError);
  });

  it('takes growth from the load', () => {
    const lag = totalLag({ scrape: 15, sync: 15, schedule: 1, boot: 9, readiness: 5 });
    expect(lag).toBe(45);
    const doubling = Array.from({ length: 20 }, (_, i) => 2 ** i);
    expect(growthWithin(doubling, 15, lag)).toBe(8);
    expect(growthWithin([100, 90, 80, 70, 60], 15, lag)).toBe(1);
    expect(growthWithin([1, 2, 3], 15, lag)).toBeNull();
    expect(growthWithin([0, 0, 0, 0, 5], 15, lag)).toBeNull();
  });

  it('takes the cpu request from the highest rate within the objective', () => {
    const steps = [
      { rate: 100, p95: 0.05, cpu: 210.4 },
      { rate: 300, p95: 0.14, cpu: 620.2 },
      { rate: 400, p95: 0.4, cpu: 900 },
    ];
    expect(cpuRequest(steps, 0.15)).toBe(621);
    expect(cpuRequest(steps, 0.01)).toBeNull();
  });
});

describe('pools', () => {
  it('hold the busy connections and their variance', () => {
    expect(poolSize(200, 0.02)).toBe(8);
    expect(poolSize(0, 0.02)).toBe(1);
  });

  it('stay under max_connections', () => {
    const budget = { maxReplicas: 8, surge: 2, pool: 9, jobs: 4, admin: 3, maxConnections: 100 };
    expect(checkPoolBudget(budget)).toEqual({
      needed: 97,
      available: 97,
      fits: true,
      largestMaxReplicas: 8,
    });
    expect(checkPoolBudget({ ...budget, surge: 3 })).toMatchObject({
      fits: false,
      largestMaxReplicas: 7,
    });
  });
});

describe('evidence', () => {
  it('has the ranks of the binomial distribution', () => {
    const sorted = Array.from({ length: 100 }, (_, i) => i + 1);
    expect(percentileInterval(sorted, 0.5)).toEqual({
      value: 50,
      low: 40,
      high: 61,
      confidence: 0.95,
    });
    expect(percentileInterval(sorted, 0.99)).toBeNull();
    expect(percentileInterval([], 0.5)).toBeNull();
    expect(() => percentileInterval(sorted, 1)).toThrow(RangeError);
  });

  it('covers the true percentile as often as it says', () => {
    let state = 42;
    const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
    let covered = 0;
    for (let run = 0; run < 400; run++) {
      const samples = Array.from({ length: 500 }, random).sort((a, b) => a - b);
      const { low, high } = percentileInterval(samples, 0.95)!;
      if (low <= 0.95 && 0.95 <= high) covered++;
    }
    expect(covered / 400).toBeGreaterThanOrEqual(0.94);
  });

  it('contains the value, the tighter the more samples there are', () => {
    const widths = [1e3, 1e4, 1e5].map((n) => {
      const { low, value, high } = percentileInterval(
        Array.from({ length: n }, (_, i) => i / n),
        0.95,
      )!;
      expect(low).toBeLessThanOrEqual(value);
      expect(value).toBeLessThanOrEqual(high);
      return high - low;
    });
    expect(widths).toEqual(widths.toSorted((a, b) => b - a));
  });

  it('supports a share of success by requests without a failure', () => {
    const shares = [3_000, 6_000, 30_000].map((n) => supportedSuccess(n));
    expect(shares[0]).toBeGreaterThan(0.999);
    expect(shares[1]).toBeGreaterThan(0.9995);
    expect(shares[2]).toBeGreaterThan(0.9999);
    expect(requestsToSupport(0.999)).toBe(2995);
    expect(supportedSuccess(0)).toBe(0);
  });
});

describe('the memory request', () => {
  function days(count: number, bytesAt: (minute: number) => number) {
    const histogram = createMemoryHistogram();
    for (let minute = 0; minute <= count * 1440; minute++) {
      addMemorySample(histogram, minute * MINUTE, bytesAt(minute));
    }
    return histogram;
  }

  it('is the 90th percentile of the daily peaks with a margin, at the end of its bucket', () => {
    const { target, low, high, confidence } = memoryAdvice(days(8, () => 200 * MIB))!;
    expect(confidence).toBe(8);
    expect(target / (200 * MIB * 1.15)).toBeGreaterThanOrEqual(1);
    expect(target / (200 * MIB * 1.15)).toBeLessThan(1.06);
    expect(low).toBeLessThan(target);
    expect(high).toBeCloseTo(target * (1 + 1 / 8), -1);
  });

  it('counts one peak a day, and forgets by half each day', () => {
    const once = (minute: number) => (minute % 1440 === 700 ? 400 * MIB : 100 * MIB);
    expect(memoryAdvice(days(5, once))!.target).toBeGreaterThan(400 * MIB);
    const long = (minute: number) => (minute < 1440 ? 400 * MIB : 100 * MIB);
    expect(memoryAdvice(days(9, long))!.target).toBeLessThan(130 * MIB);
  });

  it('grows after a container was killed', () => {
    const histogram = days(3, () => 100 * MIB);
    addOutOfMemory(histogram, 3 * DAY, 100 * MIB);
    expect(memoryAdvice(histogram)!.target).toBeGreaterThan(200 * MIB);
    const large = days(3, () => 1000 * MIB);
    addOutOfMemory(large, 3 * DAY, 1000 * MIB);
    expect(memoryAdvice(large)!.target).toBeGreaterThan(1200 * MIB);
  });

  it('is not advised on too little data', () => {
    expect(memoryAdvice(createMemoryHistogram())).toBeNull();
    expect(memoryAdvice(days(0.5, () => MIB))).toBeNull();
    const sparse = createMemoryHistogram();
    for (let day = 0; day < 10; day++) addMemorySample(sparse, day * DAY, MIB);
    expect(memoryAdvice(sparse)).toBeNull();
    expect(() => addMemorySample(sparse, 0, MIB)).toThrow('in order of time');
  });

  it('stays finite over years', () => {
    const histogram = createMemoryHistogram();
    for (let day = 0; day < 3000; day++) addMemorySample(histogram, day * DAY, 300 * MIB);
    expect(memoryAdvice(histogram)!.target).toBeLessThan(400 * MIB);
  });

  it('never falls when there is more use', () => {
    const peaks = fc.array(fc.integer({ min: 20, max: 4000 }), { minLength: 3, maxLength: 20 });
    fc.assert(
      fc.property(peaks, fc.integer({ min: 0, max: 500 }), (values, more) => {
        const targets = [0, more].map((extra) => {
          const histogram = createMemoryHistogram();
          values.forEach((mib, day) => addMemorySample(histogram, day * DAY, (mib + extra) * MIB));
          return memoryAdvice(histogram, 0)!.target;
        });
        expect(targets[1]).toBeGreaterThanOrEqual(targets[0]!);
      }),
    );
  });
});
