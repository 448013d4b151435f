/** Retries that each request earns: of ten requests, one may be sent again. */
const RATIO = 0.1;
/** Retries that are free in a second, so that few requests can be repeated too. */
const FREE_PER_SECOND = 10;
/** What is saved up at most: enough for one process that ends under its requests. */
const MOST = 100;

/**
 * How many requests to a service may be sent again. A budget shared by all of them, rather than a
 * number for each, keeps retries from multiplying the load of a service that suffers already.
 */
export class RetryBudget {
  private tokens = FREE_PER_SECOND;
  private filledAt: number;

  /** @param now milliseconds of a clock that only goes forward */
  constructor(private readonly now: () => number = () => performance.now()) {
    this.filledAt = now();
  }

  /** To be called for each request that is not a retry. */
  earn(): void {
    this.tokens = Math.min(MOST, this.tokens + RATIO);
  }

  /** Takes one retry; false when none is left. */
  spend(): boolean {
    if (this.left < 1) return false;
    this.tokens -= 1;
    return true;
  }

  /** Retries that are left. */
  get left(): number {
    const now = this.now();
    const free = ((now - this.filledAt) / 1000) * FREE_PER_SECOND;
    this.filledAt = now;
    // Time alone saves up no more than what one second gives.
    if (this.tokens < FREE_PER_SECOND) {
      this.tokens = Math.min(FREE_PER_SECOND, this.tokens + free);
    }
    return Math.floor(this.tokens);
  }
}
