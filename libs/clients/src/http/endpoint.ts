import { Logger } from '@nestjs/common';
import {
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  ExponentialBackoff,
  handleWhen,
} from 'cockatiel';
import { Pool } from 'undici';
import { isAbsence } from './failures.js';

/** Connections to one address; more calls than that wait for their turn. */
const MAX_CONNECTIONS = 32;
const CONNECT_TIMEOUT_MS = 1_000;
/** Shorter than the 75 s of the server, so that no request meets a connection being closed. */
const KEEP_ALIVE_MS = 30_000;
/** Longest silence within a body. */
const BODY_TIMEOUT_MS = 30_000;
/** Unanswered calls in a row after which an address is left alone for a while. */
const FAILURES = 5;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5_000;

/** One base address of a service: its connections, and whether it is worth calling. */
export class Endpoint {
  private readonly logger = new Logger('Services');
  private readonly pool: Pool;
  private readonly breaker = circuitBreaker(handleWhen(isAbsence), {
    breaker: new ConsecutiveBreaker(FAILURES),
    halfOpenAfter: new ExponentialBackoff({
      initialDelay: FIRST_PAUSE_MS,
      maxDelay: LONGEST_PAUSE_MS,
    }),
  });

  constructor(origin: string) {
    this.pool = new Pool(origin, {
      connections: MAX_CONNECTIONS,
      connect: { timeout: CONNECT_TIMEOUT_MS },
      keepAliveTimeout: KEEP_ALIVE_MS,
      bodyTimeout: BODY_TIMEOUT_MS,
      // The time that each call has is given with it.
      headersTimeout: 0,
    });
    // It opens again after each attempt that fails; once is enough to say so.
    let leftOut = false;
    this.breaker.onBreak(() => {
      if (!leftOut) this.logger.warn(`${origin} does not answer and is left out until it does`);
      leftOut = true;
    });
    this.breaker.onReset(() => {
      this.logger.log(`${origin} answers again`);
      leftOut = false;
    });
  }

  /**
   * Runs a call unless this address did not answer lately: then it costs nothing. After a pause one
   * call finds out whether it is back.
   *
   * @throws BrokenCircuitError when it was not run, or what `call` throws
   */
  async run<T>(call: (pool: Pool) => Promise<T>): Promise<T> {
    return this.breaker.execute(() => call(this.pool));
  }

  /** Whether somebody is finding out at this moment; the others need not wait for it. */
  get isBeingTried(): boolean {
    return this.breaker.state === CircuitState.HalfOpen;
  }

  /** Ends its connections; calls in flight fail. */
  async close(): Promise<void> {
    await this.pool.destroy();
  }
}
