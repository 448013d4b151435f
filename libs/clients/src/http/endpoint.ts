import http from 'node:http';
import https from 'node:https';
import { Logger } from '@nestjs/common';
import {
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  ExponentialBackoff,
  handleWhen,
} from 'cockatiel';
import { ConnectTimeout, isAbsence } from './failures.js';

/** Connections to one address; more calls than that wait for their turn. */
const MAX_CONNECTIONS = 32;
const MAX_IDLE_CONNECTIONS = 8;
const CONNECT_TIMEOUT_MS = 1_000;
/** Shorter than the 75 s of the server, so that no request meets a connection being closed. */
const KEEP_ALIVE_MS = 30_000;
/** Unanswered calls in a row after which an address is left alone for a while. */
const FAILURES = 5;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5_000;

export interface EndpointRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string | undefined;
  signal: AbortSignal;
}

/** One base address of a service: its connections, and whether it is worth calling. */
export class Endpoint {
  private readonly logger = new Logger('Services');
  private readonly client: typeof http | typeof https;
  private readonly agent: http.Agent;
  private readonly breaker = circuitBreaker(handleWhen(isAbsence), {
    breaker: new ConsecutiveBreaker(FAILURES),
    halfOpenAfter: new ExponentialBackoff({
      initialDelay: FIRST_PAUSE_MS,
      maxDelay: LONGEST_PAUSE_MS,
    }),
  });

  constructor(private readonly origin: string) {
    // Node's own client: undici reads HTTP by WebAssembly, which takes 15 MB of each process.
    this.client = origin.startsWith('https:') ? https : http;
    this.agent = new this.client.Agent({
      keepAlive: true,
      maxSockets: MAX_CONNECTIONS,
      maxFreeSockets: MAX_IDLE_CONNECTIONS,
      timeout: KEEP_ALIVE_MS,
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
  async run<T>(call: () => Promise<T>): Promise<T> {
    return this.breaker.execute(call);
  }

  /** Whether somebody is finding out at this moment; the others need not wait for it. */
  get isBeingTried(): boolean {
    return this.breaker.state === CircuitState.HalfOpen;
  }

  /** @returns the head of the answer, whose body is still to be read */
  request({ method, path, headers, body, signal }: EndpointRequest): Promise<http.IncomingMessage> {
    return new Promise((resolve, reject) => {
      const request = this.client.request(this.origin + path, {
        method,
        headers,
        signal,
        agent: this.agent,
      });
      // After the answer has begun, whoever reads it gets to know.
      request.once('response', resolve).on('error', reject).end(body);
      request.once('socket', (socket) => {
        if (!socket.connecting) return;
        const timer = setTimeout(() => request.destroy(new ConnectTimeout()), CONNECT_TIMEOUT_MS);
        const connected = () => clearTimeout(timer);
        socket.once('connect', connected).once('close', connected);
      });
    });
  }

  /** Ends its connections; calls in flight fail. */
  close(): void {
    this.agent.destroy();
  }
}
