import type { IncomingMessage } from 'node:http';
import { context, propagation } from '@opentelemetry/api';
import { STALE_HEADER, TIMEOUT_HEADER } from '@primetrade/contracts';
import { AppError } from '@primetrade/platform-errors';
import { currentRequest, remainingMs } from '@primetrade/platform-request-context';
import { BrokenCircuitError } from 'cockatiel';
import type { z } from 'zod';
import type { Caller, ServiceTokens } from '../service/service-tokens.js';
import { readText, toAppError, unavailable } from './answers.js';
import { Endpoint } from './endpoint.js';
import { CallTimeout, isConnectionFailure, wasNotSent } from './failures.js';

export interface ServiceClientOptions {
  /** The service that calls. */
  caller: Caller;
  /** The service that is called. */
  service: Caller;
  /** Base addresses of its processes. */
  addresses: readonly string[];
  tokens: ServiceTokens;
}

export interface ServiceCall {
  method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  path: string;
  /** The user for whom it is. */
  userId?: string;
  /** Sent as JSON. */
  body?: unknown;
  /** Longest wait for the answer, also where the request that it is for has more time. */
  timeoutMs?: number;
  /** Whether doing it twice does no harm; by default it follows from the method. */
  idempotent?: boolean;
  /** Goes without a service token, to a route that is open to everyone. */
  anonymous?: boolean;
}

const TIMEOUT_MS = 5_000;
/** The other end gives up this much earlier, so that its answer still arrives in time. */
const MARGIN_MS = 50;
/** A service that does not answer within less is not to blame. */
const PATIENCE_MS = 1_000;
/** Longest wait for the next piece of a stream. */
const SILENCE_MS = 30_000;

/**
 * Calls another service over HTTP. Its processes take turns; calls that may be repeated go to the
 * next one when a connection fails, and an address that does not answer is left out for a while.
 */
export class ServiceClient {
  private readonly endpoints: readonly Endpoint[];
  private turn = 0;

  constructor(private readonly options: ServiceClientOptions) {
    this.endpoints = options.addresses.map((address) => new Endpoint(address));
  }

  /**
   * @param schema of the answer
   * @throws AppError as the other service threw it; `unavailable` when it does not answer
   */
  async call<S extends z.ZodType>(call: ServiceCall, schema: S): Promise<z.output<S>> {
    const text = await this.exchange(call, readText);
    try {
      return schema.parse(JSON.parse(text));
    } catch (error) {
      throw unavailable(this.options.service, error);
    }
  }

  /** As `call`, for calls that are answered by nothing. */
  async send(call: ServiceCall): Promise<void> {
    await this.exchange(call, readText);
  }

  /**
   * As `call`, for answers of any length: what is not read yet is not sent yet.
   *
   * @returns the text in pieces; iterating throws AppError `unavailable` where it breaks off
   */
  async *stream(call: ServiceCall): AsyncGenerator<string> {
    const answer = await this.exchange(call, async (begun) => begun);
    const pieces = (answer.setEncoding('utf8') as AsyncIterable<string>)[Symbol.asyncIterator]();
    try {
      for (;;) {
        const silent = setTimeout(() => answer.destroy(new Error('it fell silent')), SILENCE_MS);
        const piece = await pieces.next().finally(() => clearTimeout(silent));
        if (piece.done) return;
        yield piece.value;
      }
    } catch (error) {
      throw unavailable(this.options.service, error);
    } finally {
      answer.destroy();
    }
  }

  /** Ends all connections. */
  close(): void {
    for (const endpoint of this.endpoints) endpoint.close();
  }

  private async exchange<T>(
    call: ServiceCall,
    read: (answer: IncomingMessage) => Promise<T>,
  ): Promise<T> {
    const own = call.timeoutMs ?? TIMEOUT_MS;
    const deadline = performance.now() + Math.min(own, remainingMs(own));
    const idempotent = call.idempotent ?? call.method !== 'POST';
    let failure: unknown = new Error('left out, as several calls were not answered');
    for (const endpoint of this.order()) {
      if (endpoint.isBeingTried) continue;
      try {
        return await endpoint.run(() => this.attempt(endpoint, call, deadline, read));
      } catch (error) {
        if (error instanceof AppError) throw error;
        // One that is left out has nothing new to say.
        if (error instanceof BrokenCircuitError) continue;
        failure = error;
        if (!wasNotSent(error) && !(idempotent && isConnectionFailure(error))) break;
      }
    }
    throw unavailable(this.options.service, failure);
  }

  /** Whom to ask, one after the other; a single process is asked twice. */
  private order(): readonly Endpoint[] {
    const first = this.turn++ % this.endpoints.length;
    const order = [...this.endpoints.slice(first), ...this.endpoints.slice(0, first)];
    return order.length === 1 ? [...order, ...order] : order;
  }

  private async attempt<T>(
    endpoint: Endpoint,
    call: ServiceCall,
    deadline: number,
    read: (answer: IncomingMessage) => Promise<T>,
  ): Promise<T> {
    const left = deadline - performance.now();
    const timeout = new CallTimeout(left >= PATIENCE_MS);
    if (left <= MARGIN_MS) throw timeout;
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(timeout), left);
    try {
      const body = call.body === undefined ? undefined : JSON.stringify(call.body);
      const answer = await endpoint.request({
        method: call.method,
        path: call.path,
        headers: await this.headers(call, body, left),
        body,
        signal: controller.signal,
      });
      if ((answer.statusCode ?? 500) >= 400) throw await toAppError(this.options.service, answer);
      const request = currentRequest();
      if (request && answer.headers[STALE_HEADER] !== undefined) request.stale = true;
      return await read(answer);
    } catch (error) {
      throw controller.signal.aborted && !(error instanceof AppError) ? timeout : error;
    } finally {
      clearTimeout(timer);
    }
  }

  private async headers(
    call: ServiceCall,
    body: string | undefined,
    left: number,
  ): Promise<Record<string, string>> {
    const { caller, service, tokens } = this.options;
    const headers: Record<string, string> = {
      [TIMEOUT_HEADER]: String(Math.floor(left - MARGIN_MS)),
    };
    const requestId = currentRequest()?.requestId;
    if (requestId !== undefined) headers['x-request-id'] = requestId;
    // Where nothing is traced it adds nothing.
    propagation.inject(context.active(), headers);
    if (body !== undefined) {
      headers['content-type'] = 'application/json';
      headers['content-length'] = String(Buffer.byteLength(body));
    }
    if (!call.anonymous) {
      headers['authorization'] = `Bearer ${await tokens.sign(caller, service, call.userId)}`;
    }
    return headers;
  }
}
