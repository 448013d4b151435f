const FIRST_MS = 200;
const LONGEST_MS = 10_000;
/** A process that lived this long was healthy: its next crash counts as the first again. */
const HEALTHY_MS = 60_000;

/** How long to wait before a crashed process is started again: 0.2 s, doubling, at most 10 s. */
export class Backoff {
  private delay = FIRST_MS;

  /**
   * @param livedMs how long the process that has just ended had been running, in milliseconds
   * @returns milliseconds to wait
   */
  next(livedMs: number): number {
    if (livedMs >= HEALTHY_MS) this.delay = FIRST_MS;
    const delay = this.delay;
    this.delay = Math.min(this.delay * 2, LONGEST_MS);
    return delay;
  }
}
