import { TIMEOUT_HEADER } from '@primetrade/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Address, Answer } from '../upstreams/address.js';
import { CallerGone, type FailureKind } from '../upstreams/failures.js';
import type { Exchange } from '../upstreams/upstream.js';
import { Attempt } from './attempt.js';
import type { EventStreams } from './event-streams.js';
import type { RequestBody } from './request-body.js';

export interface ProxyExchangeOptions {
  request: FastifyRequest;
  reply: FastifyReply;
  headers: Record<string, string | string[]>;
  body: RequestBody;
  /** Whether doing it twice does no harm. */
  isIdempotent: boolean;
  /** When the caller is told that it took too long, on the clock of performance.now(). */
  deadline: number;
  idleMs: number;
  streams: EventStreams;
}

/** The service gives up this much earlier, so that its own answer still arrives in time. */
const MARGIN_MS = 250;

/** A caller's request, on its way to a service and back. */
export class ProxyExchange implements Exchange {
  private current: Attempt | undefined;
  private gone = false;

  constructor(private readonly options: ProxyExchangeOptions) {
    const { raw } = options.reply;
    this.gone = raw.destroyed;
    raw.once('close', () => {
      this.gone = true;
      this.current?.stop();
    });
  }

  attempt(address: Address, again: boolean, over: () => void): Promise<Answer> {
    const { request, reply, headers, body, idleMs, streams } = this.options;
    const left = this.left;
    headers[TIMEOUT_HEADER] = String(Math.max(1, Math.floor(left - MARGIN_MS)));
    this.current = new Attempt({
      target: { method: request.method, path: request.url, headers },
      body,
      reply,
      patienceMs: Math.max(1, left),
      idleMs,
      again: again && this.mayRepeat('draining'),
      streams,
      over,
    });
    return this.current.send(address.pool);
  }

  mayRepeat(kind: FailureKind): boolean {
    if (this.gone || this.left <= 0 || kind === 'timeout' || !this.options.body.isWhole) {
      return false;
    }
    return kind === 'refused' || this.options.isIdempotent;
  }

  mayBegin(): boolean {
    if (this.gone) throw new CallerGone();
    return this.left > 0;
  }

  private get left(): number {
    return this.options.deadline - performance.now();
  }
}
