import { AppError } from '@primetrade/platform-errors';

interface Waiting {
  enter: () => void;
  timer: NodeJS.Timeout;
}

/**
 * Lets a bounded number of works run at once. The others wait in order, up to a deadline, and are
 * then refused: under more load than the machine can take, late answers help nobody.
 */
export class Turnstile {
  private free: number;
  private readonly queue: Waiting[] = [];

  /**
   * @param width works at once
   * @param waitMs longest wait for a turn
   */
  constructor(
    width: number,
    private readonly waitMs: number,
  ) {
    this.free = width;
  }

  /** Works that wait now. */
  get waiting(): number {
    return this.queue.length;
  }

  /** @throws AppError overloaded when no turn came in time */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free -= 1;
    else await this.turn();
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  private turn(): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        enter: () => {
          clearTimeout(waiting.timer);
          resolve();
        },
        timer: setTimeout(() => {
          this.queue.splice(this.queue.indexOf(waiting), 1);
          reject(
            new AppError('overloaded', {
              detail: 'Too many people sign in at this moment. Try again in a few seconds.',
              retryAfter: Math.max(1, Math.ceil(this.waitMs / 1000)),
            }),
          );
        }, this.waitMs),
      };
      this.queue.push(waiting);
    });
  }

  private leave(): void {
    const next = this.queue.shift();
    if (next === undefined) this.free += 1;
    else next.enter();
  }
}
