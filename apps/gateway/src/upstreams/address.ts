import {
  circuitBreaker,
  CircuitState,
  ExponentialBackoff,
  handleType,
  SamplingBreaker,
} from 'cockatiel';
import { Pool } from 'undici';
import { UpstreamFailure } from './failures.js';

const CONNECT_TIMEOUT_MS = 1_000;
/** Shorter than the 75 s of the services, so that no request meets a connection being closed. */
const KEEP_ALIVE_MS = 30_000;
const PROBE_TIMEOUT_MS = 2_000;

/** More than half of the requests of ten seconds fail, and there were at least as many as this. */
const BREAKER = { threshold: 0.5, duration: 10_000, minimumRps: 2 };
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5_000;

/**
 * `ready`: it says so. `unknown`: it was not asked yet. `unready`: it says no, or nothing. `gone`: a
 * connection to it failed since it was last asked.
 */
export type AddressState = 'ready' | 'unknown' | 'unready' | 'gone';

/** What came of a request at an address: the beginning of an answer. */
export interface Answer {
  status: number;
  /** The service itself said that it cannot serve this request at the moment. */
  excused: boolean;
}

/** One process of a service, by its network address. */
export class Address {
  readonly pool: Pool;
  state: AddressState = 'unknown';
  /** Requests that are not answered to the end yet. */
  inFlight = 0;
  private closed = false;

  /** Leaves a process alone that answers, if at all, with failures. */
  private readonly breaker = circuitBreaker(
    handleType(UpstreamFailure, ({ kind }) => kind !== 'draining').orWhenResult(isFailure),
    {
      breaker: new SamplingBreaker(BREAKER),
      halfOpenAfter: new ExponentialBackoff({
        initialDelay: FIRST_PAUSE_MS,
        maxDelay: LONGEST_PAUSE_MS,
      }),
    },
  );

  /**
   * @param origin with an IP address or a name
   * @param servername that its certificate is for, with https
   */
  constructor(
    readonly origin: string,
    readonly servername?: string,
  ) {
    this.pool = new Pool(origin, {
      // The bulkhead bounds how many there are.
      connections: null,
      pipelining: 1,
      connect: { timeout: CONNECT_TIMEOUT_MS, servername },
      keepAliveTimeout: KEEP_ALIVE_MS,
      // Whoever sends a request watches over its time.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  /**
   * Runs a request unless this process has only failed lately; after a pause, one request finds out
   * whether it is better.
   *
   * @throws BrokenCircuitError when it was not run, or what `attempt` throws
   */
  run(attempt: () => Promise<Answer>): Promise<Answer> {
    return this.breaker.execute(attempt);
  }

  /** Whether one request is finding out at the moment; others would have to wait for it. */
  get isBeingTried(): boolean {
    return this.breaker.state === CircuitState.HalfOpen;
  }

  get isOpen(): boolean {
    return this.breaker.state !== CircuitState.Closed;
  }

  /** Asks whether it is ready. A process that drains says no before it stops listening. */
  async probe(): Promise<void> {
    const ready = await this.saysReady();
    if (!this.closed) this.state = ready ? 'ready' : 'unready';
  }

  /** Sends nothing new; what is in flight may finish. */
  async retire(): Promise<void> {
    this.closed = true;
    await this.pool.close();
  }

  /** Ends its connections. */
  async destroy(): Promise<void> {
    this.closed = true;
    await this.pool.destroy();
  }

  private async saysReady(): Promise<boolean> {
    try {
      const { statusCode, body } = await this.pool.request({
        method: 'GET',
        path: '/ready',
        signal: AbortSignal.timeout(PROBE_TIMEOUT_MS),
      });
      await body.dump();
      return statusCode === 200;
    } catch {
      return false;
    }
  }
}

function isFailure(result: unknown): boolean {
  const { status, excused } = result as Answer;
  return status >= 500 && !excused;
}
