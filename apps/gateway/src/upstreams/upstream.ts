import { BrokenCircuitError, bulkhead, BulkheadRejectedError } from 'cockatiel';
import type { ServiceName } from '@primetrade/contracts';
import type { Address, Answer } from './address.js';
import { AddressBook, type AddressBookOptions } from './address-book.js';
import { choose } from './choose.js';
import { describe, type FailureKind, tooMany, UpstreamFailure } from './failures.js';
import { RetryBudget } from './retry-budget.js';
import { show, upstreamDuration, upstreamRetries } from './upstream-metrics.js';

export interface UpstreamOptions extends AddressBookOptions {
  service: ServiceName;
  /** Requests that may wait for the beginning of an answer. */
  maxInFlight: number;
  /** Requests that may wait for a place among those. */
  maxQueued: number;
}

/** A request, and where its answer goes. */
export interface Exchange {
  /**
   * Sends it to a process.
   *
   * @param again whether it could be sent to another one after this
   * @param over to be called when the answer has ended, in whatever way
   * @returns when the answer has begun
   * @throws UpstreamFailure when there is none
   */
  attempt(address: Address, again: boolean, over: () => void): Promise<Answer>;
  /** Whether it may be sent again after such a failure. */
  mayRepeat(kind: FailureKind): boolean;
  /** Whether there is time left to begin. @throws CallerGone */
  mayBegin(): boolean;
}

/** Processes that one request is sent to at most. */
const MAX_ATTEMPTS = 3;

/** One service: its processes, and what keeps its troubles from becoming everyone's. */
export class Upstream {
  readonly budget = new RetryBudget();
  private readonly book: AddressBook;
  private readonly bulkhead;
  private readonly hide: () => void;
  private turn = 0;

  constructor(private readonly options: UpstreamOptions) {
    this.book = new AddressBook(options);
    this.bulkhead = bulkhead(options.maxInFlight, options.maxQueued);
    this.hide = show(this);
    this.book.start();
  }

  get service(): ServiceName {
    return this.options.service;
  }

  get addresses(): readonly Address[] {
    return this.book.all;
  }

  get queued(): number {
    return this.options.maxQueued - this.bulkhead.queueSlots;
  }

  /**
   * Sends a request to a process of the service, and to another one where that is safe and the
   * first does not answer.
   *
   * @returns when the answer has begun
   * @throws AppError `unavailable`, `overloaded` or `upstream_timeout`, or what the exchange throws
   */
  async send(exchange: Exchange): Promise<void> {
    this.budget.earn();
    try {
      await this.bulkhead.execute(() => this.attempts(exchange));
    } catch (error) {
      if (error instanceof BulkheadRejectedError) throw tooMany(this.service, error);
      throw error instanceof UpstreamFailure ? describe(this.service, error) : error;
    }
  }

  /**
   * Gets a document that the service itself serves.
   *
   * @throws when it does not
   */
  async json(path: string, timeoutMs: number): Promise<unknown> {
    const address = choose(await this.book.current(), new Set(), (this.turn += 1));
    if (address === undefined) throw new UpstreamFailure('refused');
    const signal = AbortSignal.timeout(timeoutMs);
    const { statusCode, body } = await address.pool.request({ method: 'GET', path, signal });
    if (statusCode === 200) return body.json();
    await body.dump();
    throw new Error(`${path} of ${this.service} was answered with ${statusCode}`);
  }

  async close(): Promise<void> {
    this.hide();
    await this.book.close();
  }

  private async attempts(exchange: Exchange): Promise<void> {
    if (!exchange.mayBegin()) throw tooMany(this.service);
    const tried = new Set<Address>();
    let failure: UpstreamFailure | undefined;
    for (let attempts = 1; ; attempts += 1) {
      const addresses = await this.book.current();
      const address = choose(addresses, tried, (this.turn += 1));
      if (address === undefined) throw failure ?? new UpstreamFailure('refused');
      tried.add(address);
      try {
        const again = attempts < MAX_ATTEMPTS && tried.size < addresses.length;
        await address.run(() => this.attempt(address, exchange, again && this.budget.left >= 1));
        return;
      } catch (error) {
        if (error instanceof BrokenCircuitError) continue;
        if (!(error instanceof UpstreamFailure)) throw error;
        failure = error;
        const { kind } = error;
        if (kind === 'refused' || kind === 'lost') address.state = 'gone';
        // A connection may have been closed for its age just as it was used again.
        if (kind === 'lost' && addresses.length === 1 && attempts === 1) tried.clear();
        if (attempts >= MAX_ATTEMPTS || tried.size >= addresses.length) throw failure;
        if (!exchange.mayRepeat(kind) || !this.budget.spend()) throw failure;
        upstreamRetries.inc({ service: this.service, reason: kind });
      }
    }
  }

  private async attempt(address: Address, exchange: Exchange, again: boolean): Promise<Answer> {
    const stop = upstreamDuration.startTimer({ service: this.service });
    address.inFlight += 1;
    try {
      const answer = await exchange.attempt(address, again, () => (address.inFlight -= 1));
      stop({ outcome: `${Math.floor(answer.status / 100)}xx` });
      return answer;
    } catch (error) {
      stop({ outcome: error instanceof UpstreamFailure ? error.kind : 'aborted' });
      throw error;
    }
  }
}
