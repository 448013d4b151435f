import { setTimeout as delay } from 'node:timers/promises';

export interface LoadReport {
  sent: number;
  /** How many answers were not what they should be, by what they were: `GET 502`, `POST reset`. */
  failures: Record<string, number>;
  /** The 95th percentile, from when a request was due to its whole answer, in milliseconds. */
  p95: number;
}

/** One request of a load; `undefined` when the answer was as it should be, else what it was. */
export type Shot = (n: number) => Promise<string | undefined>;

/**
 * Requests at a constant rate, whatever becomes of those before: a slow answer does not slow down
 * the next request.
 */
export class ConstantLoad {
  private readonly failures: Record<string, number> = {};
  private readonly times: number[] = [];
  private running = true;
  private sent = 0;
  private readonly pacing: Promise<void>;
  private readonly open = new Set<Promise<void>>();

  /** @param rate requests a second */
  constructor(
    rate: number,
    private readonly shot: Shot,
  ) {
    this.pacing = this.pace(1000 / rate);
  }

  get count(): number {
    return this.sent;
  }

  async stop(): Promise<LoadReport> {
    this.running = false;
    await this.pacing;
    await Promise.all(this.open);
    const sorted = this.times.sort((a, b) => a - b);
    return {
      sent: this.sent,
      failures: this.failures,
      p95: sorted[Math.floor(sorted.length * 0.95)] ?? 0,
    };
  }

  private async pace(everyMs: number): Promise<void> {
    const started = performance.now();
    for (let due = started; this.running; due += everyMs) {
      const wait = due - performance.now();
      if (wait > 0) await delay(wait);
      const request = this.fire(this.sent, due).finally(() => this.open.delete(request));
      this.sent += 1;
      this.open.add(request);
    }
  }

  private async fire(n: number, due: number): Promise<void> {
    const failure = await this.shot(n).catch((error: unknown) => `broken: ${reasonOf(error)}`);
    this.times.push(performance.now() - due);
    if (failure !== undefined) this.failures[failure] = (this.failures[failure] ?? 0) + 1;
  }
}

/** fetch hides what happened in the cause. */
function reasonOf(error: unknown): string {
  const cause = (error as { cause?: { code?: string } }).cause;
  return cause?.code ?? (error instanceof Error ? error.message : String(error));
}
