import { jest } from '@jest/globals';
import { Turnstile } from './turnstile.js';

/** A work that ends when it is told to. */
function held() {
  let finish: () => void = () => undefined;
  const done = new Promise<void>((resolve) => (finish = resolve));
  return { work: () => done, finish };
}

describe('Turnstile', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('runs as many works at once as it is wide, the others in order', async () => {
    const turnstile = new Turnstile(2, 1_000);
    const started: number[] = [];
    const works = [held(), held(), held(), held()];
    const runs = works.map(({ work }, index) =>
      turnstile.run(() => {
        started.push(index);
        return work();
      }),
    );
    await Promise.resolve();
    expect(started).toEqual([0, 1]);
    expect(turnstile.waiting).toBe(2);
    works[1]?.finish();
    await runs[1];
    expect(started).toEqual([0, 1, 2]);
    for (const { finish } of works) finish();
    await Promise.all(runs);
    expect(started).toEqual([0, 1, 2, 3]);
    expect(turnstile.waiting).toBe(0);
  });

  it('refuses who has waited too long, and nobody else', async () => {
    const turnstile = new Turnstile(1, 1_500);
    const first = held();
    const running = turnstile.run(first.work);
    const late = turnstile.run(() => Promise.resolve('late'));
    const refused = expect(late).rejects.toMatchObject({ code: 'overloaded', retryAfter: 2 });
    jest.advanceTimersByTime(1_000);
    const next = turnstile.run(() => Promise.resolve('next'));
    jest.advanceTimersByTime(500);
    await refused;
    first.finish();
    await running;
    expect(await next).toBe('next');
  });

  it('lets the next one in when a work fails', async () => {
    const turnstile = new Turnstile(1, 1_000);
    const failing = turnstile.run(() => Promise.reject(new Error('failed')));
    const next = turnstile.run(() => Promise.resolve('next'));
    await expect(failing).rejects.toThrow('failed');
    expect(await next).toBe('next');
  });
});
