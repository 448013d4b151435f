import fc from 'fast-check';
import { drawDays, drawSpike, drawStep, resample } from './workload.js';

const HOUR = 3600;

describe('a drawn workload', () => {
  it('has its least at 4 and its most at 16 o’clock', () => {
    const day = drawDays({ base: 10, peak: 110, duration: 24 * HOUR, step: 60 });
    expect(day).toHaveLength(1440);
    expect(day.indexOf(Math.min(...day))).toBe(4 * 60 - 1);
    expect(day.indexOf(Math.max(...day))).toBe(16 * 60 - 1);
    expect(day[10 * 60]).toBeCloseTo(60, 0);
  });

  it('is as noisy as asked, and the same for the same seed', () => {
    const options = { base: 100, peak: 100, duration: HOUR, step: 15, noise: 0.2 };
    const rates = drawDays(options);
    expect(drawDays(options)).toEqual(rates);
    expect(drawDays({ ...options, seed: 2 })).not.toEqual(rates);
    expect(Math.min(...rates)).toBeGreaterThanOrEqual(80);
    expect(Math.max(...rates)).toBeLessThanOrEqual(120);
    expect(Math.max(...rates) - Math.min(...rates)).toBeGreaterThan(30);
  });

  it('rises and decays at a launch', () => {
    const launch = drawSpike({
      base: 10,
      peak: 110,
      at: 100,
      rise: 50,
      hold: 100,
      duration: 1000,
      step: 10,
    });
    expect(launch[9]).toBe(10);
    expect(launch[12]).toBe(60);
    expect([...launch.slice(15, 25)]).toEqual(Array.from({ length: 10 }, () => 110));
    expect(launch[35]).toBeCloseTo(10 + 100 * 2 ** -1.05);
  });

  it('steps', () => {
    const rates = drawStep({ base: 1, peak: 5, at: 30, duration: 60, step: 15 });
    expect([...rates]).toEqual([1, 1, 5, 5]);
    expect(() => drawStep({ base: 5, peak: 1, at: 0, duration: 60, step: 15 })).toThrow('in order');
  });
});

describe('resample', () => {
  it('draws lines between samples', () => {
    const samples = [
      { time: 100, rate: 0 },
      { time: 160, rate: 60 },
    ];
    expect([...resample(samples, 15)]).toEqual([7.5, 22.5, 37.5, 52.5]);
  });

  it('stays between the lowest and the highest sample', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ gap: fc.integer({ min: 1, max: 100 }), rate: fc.nat(500) }), {
          minLength: 2,
        }),
        (gaps) => {
          let time = 0;
          const samples = gaps.map(({ gap, rate }) => ({ time: (time += gap), rate }));
          const rates = samples.map(({ rate }) => rate);
          for (const rate of resample(samples, 15)) {
            expect(rate).toBeGreaterThanOrEqual(Math.min(...rates));
            expect(rate).toBeLessThanOrEqual(Math.max(...rates));
          }
        },
      ),
    );
  });

  it('needs samples in order', () => {
    expect(() => resample([{ time: 0, rate: 1 }], 15)).toThrow('at least two');
    const twice = [1, 1].map((time) => ({ time, rate: 1 }));
    expect(() => resample(twice, 15)).toThrow('sample 2 of the workload is not later');
  });
});
