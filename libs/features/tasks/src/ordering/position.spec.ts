import fc from 'fast-check';
import { EndPositions, positionBetween } from './position.js';

describe('EndPositions', () => {
  it('makes rising keys, whatever the clock does', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1_500_000_000_000, max: 4_000_000_000_000 }), {
          minLength: 2,
          maxLength: 50,
        }),
        fc.double({ min: 0, max: 0.999999, noNaN: true }),
        (times, random) => {
          let i = 0;
          const positions = new EndPositions(
            () => times[i++]!,
            () => random,
          );
          const made = times.map(() => positions.next());
          expect(made).toEqual([...made].sort());
          expect(new Set(made).size).toBe(made.length);
        },
      ),
    );
  });

  it('makes keys that others can be put in front of, between and behind', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 0.999999, noNaN: true }), (random) => {
        const positions = new EndPositions(
          () => 1_764_000_000_000,
          () => random,
        );
        const [a, b] = [positions.next(), positions.next()];
        const front = positionBetween(null, a);
        const middle = positionBetween(a, b);
        const end = positionBetween(b, null);
        expect([front, a, middle, b, end]).toEqual([front, a, middle, b, end].sort());
      }),
    );
  });

  it('keeps keys apart that two processes make in the same microsecond', () => {
    const [a, b] = [0.1, 0.9].map((random) =>
      new EndPositions(
        () => 1_764_000_000_000,
        () => random,
      ).next(),
    );
    expect(a).not.toBe(b);
  });
});
