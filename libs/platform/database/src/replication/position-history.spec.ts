import { PositionHistory } from './position-history.js';

describe('PositionHistory', () => {
  it('tells up to when a copy holds everything for certain', () => {
    const history = new PositionHistory(10_000);
    history.add(100n, 1_000);
    history.add(200n, 1_250);
    history.add(200n, 1_500);
    history.add(300n, 1_750);
    expect(history.latest).toBe(300n);
    expect(history.asOf(99n)).toBeUndefined();
    expect(history.asOf(100n)).toBe(1_000);
    expect(history.asOf(199n)).toBe(1_000);
    // The primary stood still: the later of the two times.
    expect(history.asOf(200n)).toBe(1_500);
    expect(history.asOf(300n)).toBe(1_750);
    expect(history.asOf(1_000n)).toBe(1_750);
  });

  it('remembers as far back as it is asked to, and one more', () => {
    const history = new PositionHistory(1_000);
    for (let at = 0; at <= 5_000; at += 500) history.add(BigInt(at), at);
    expect(history.asOf(3_500n)).toBe(3_500);
    expect(history.asOf(3_499n)).toBeUndefined();
  });

  it('forgets when the primary goes back, as only another one does', () => {
    const history = new PositionHistory(10_000);
    history.add(500n, 1_000);
    history.add(400n, 1_250);
    expect(history.asOf(500n)).toBe(1_250);
    expect(history.asOf(399n)).toBeUndefined();
  });
});
