import { littleDeviation, pairedRatios, spread } from './statistics.js';

describe('a spread', () => {
  it('has the middle value, or the mean of the two in the middle', () => {
    expect(spread([5, 1, 3])).toEqual({ median: 3, min: 1, max: 5 });
    expect(spread([10, 1, 2, 4])).toEqual({ median: 3, min: 1, max: 10 });
    expect(spread([7])).toEqual({ median: 7, min: 7, max: 7 });
  });

  it('of nothing is a mistake', () => {
    expect(() => spread([])).toThrow('nothing to summarise');
  });
});

it('ratios are taken round by round, not of the medians', () => {
  // A machine that slows down for one round: each ratio stays 2.
  expect(pairedRatios([200, 20, 200], [100, 10, 100])).toEqual({ median: 2, min: 2, max: 2 });
});

it("Little's law shows a generator that lost time", () => {
  expect(littleDeviation(32, 8_000, 0.004)).toBeCloseTo(0);
  expect(littleDeviation(32, 4_000, 0.004)).toBeCloseTo(0.5);
});
