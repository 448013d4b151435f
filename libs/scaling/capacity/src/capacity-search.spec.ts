import fc from 'fast-check';
import { nextRun, type RunOutcome, type Search, startSearch } from './capacity-search.js';

function runAll(search: Search, outcomeOf: (search: Search) => RunOutcome) {
  const rates: number[] = [];
  let current = search;
  while (current.phase !== 'done') {
    if (rates.push(current.rate) > 200) throw new Error('it does not end');
    current = nextRun(current, outcomeOf(current));
  }
  return { end: current, rates };
}

const upTo = (capacity: number) => (search: Search) =>
  search.rate <= capacity ? 'kept' : 'missed';

describe('the capacity search', () => {
  it('doubles, bisects and confirms', () => {
    const { end, rates } = runAll(startSearch({ start: 100 }), upTo(730));
    expect(rates).toEqual([100, 200, 400, 800, 600, 700, 750, 725, 725]);
    expect(end).toMatchObject({ rate: 725, result: 'confirmed' });
  });

  it('finds any capacity to within 5 %', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 1e5, noNaN: true }),
        fc.double({ min: 1, max: 1000, noNaN: true }),
        (capacity, start) => {
          const { end } = runAll(startSearch({ start }), upTo(capacity));
          if (end.result === 'none') expect(capacity).toBeLessThanOrEqual(start / 1000);
          else {
            expect(end.rate).toBeLessThanOrEqual(capacity);
            expect(end.rate * 1.05).toBeGreaterThanOrEqual(capacity * 0.999999);
          }
        },
      ),
    );
  });

  it('goes below the first rate', () => {
    expect(runAll(startSearch({ start: 100 }), upTo(30)).end.rate).toBeGreaterThan(28);
    expect(runAll(startSearch({ start: 100 }), upTo(0)).end).toMatchObject({
      result: 'none',
      rate: 0,
    });
  });

  it('looks further down if the longer run misses the objective', () => {
    const { end } = runAll(startSearch({ start: 100 }), (search) =>
      search.rate <= (search.phase === 'confirming' ? 600 : 730) ? 'kept' : 'missed',
    );
    expect(end.result).toBe('confirmed');
    expect(end.rate).toBeLessThanOrEqual(600);
    expect(end.rate).toBeGreaterThan(500);
  });

  it('repeats an invalid run and then says what limits it', () => {
    let run = 0;
    const flaky = runAll(startSearch({ start: 100 }), (search) =>
      ++run % 3 === 0 ? 'invalid' : upTo(730)(search),
    );
    expect(flaky.end.result).toBe('confirmed');
    const weak = runAll(startSearch({ start: 100 }), ({ rate }) =>
      rate > 300 ? 'invalid' : 'kept',
    );
    expect(weak.rates).toEqual([100, 200, 400, 400]);
    expect(weak.end).toMatchObject({ result: 'generator-limited', rate: 200 });
  });

  it('stops at the limit', () => {
    const { end, rates } = runAll(startSearch({ start: 100, limit: 350 }), () => 'kept');
    expect(rates).toEqual([100, 200, 350, 350]);
    expect(end).toMatchObject({ result: 'limit-reached', rate: 350 });
    expect(() => nextRun(end, 'kept')).toThrow('the search is done');
    expect(() => startSearch({ start: 0 })).toThrow(RangeError);
  });
});
