import type { IncomingHttpHeaders } from 'node:http';
import { AppError } from '@primetrade/platform-errors';
import type { FastifyReply } from 'fastify';
import type { Dispatcher } from 'undici';
import type { Answer } from '../upstreams/address.js';
import { CallerGone, connectionFailure, UpstreamFailure } from '../upstreams/failures.js';
import type { EventStreams } from './event-streams.js';
import type { RequestBody } from './request-body.js';
import { responseHead } from './response-head.js';

export interface AttemptOptions {
  target: Pick<Dispatcher.DispatchOptions, 'method' | 'path' | 'headers'>;
  body: RequestBody;
  reply: FastifyReply;
  /** Longest wait for the beginning of the answer, and longest pause of a body that is sent. */
  patienceMs: number;
  /** Longest silence once the answer has begun. */
  idleMs: number;
  /** Whether it could be sent elsewhere if this process turned it away because it is ending. */
  again: boolean;
  streams: EventStreams;
  /** Called once, when the answer has ended or will not come. */
  over: () => void;
}

type Controller = Dispatcher.DispatchController;

/** One request to one process: passes the answer on as it comes, and no faster than it is taken. */
export class Attempt implements Dispatcher.DispatchHandler {
  private readonly begun = Promise.withResolvers<Answer>();
  private state: 'waiting' | 'answering' | 'over' = 'waiting';
  private controller: Controller | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: AttemptOptions) {}

  /**
   * @returns when the answer has begun
   * @throws UpstreamFailure, CallerGone, or AppError where the request is to blame
   */
  send(dispatcher: Dispatcher): Promise<Answer> {
    const { target, body, patienceMs } = this.options;
    this.timer = setTimeout(this.expire, patienceMs);
    dispatcher.dispatch({ ...target, body: body.open(() => this.timer?.refresh()) }, this);
    return this.begun.promise;
  }

  /** The caller has gone. */
  stop(): void {
    if (this.state !== 'over') this.fail(new CallerGone());
  }

  /** Ends the answer as if it were complete. */
  finish(): void {
    if (this.state !== 'answering') return;
    this.end();
    this.options.reply.raw.end();
    this.controller?.abort(new CallerGone());
  }

  onRequestStart(controller: Controller): void {
    this.controller = controller;
    // It failed while it waited for a connection.
    if (this.state === 'over') controller.abort(new CallerGone());
  }

  onResponseStart(controller: Controller, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200 || this.state !== 'waiting') return;
    if (this.options.again && status === 503 && headers.connection === 'close') {
      this.fail(new UpstreamFailure('draining'));
      return;
    }
    this.state = 'answering';
    clearTimeout(this.timer);
    this.timer = setTimeout(this.expire, this.options.idleMs);
    const { reply, streams } = this.options;
    const raw = controller.rawHeaders as readonly Buffer[];
    const head = responseHead(raw, reply.getHeaders());
    reply.hijack();
    reply.raw.writeHead(status, head.headers);
    if (head.isEventStream) streams.add(this);
    // Together with the first part of the body where that has arrived too, else at once.
    queueMicrotask(() => {
      if (this.state === 'answering') reply.raw.flushHeaders();
    });
    const isProblem = headers['content-type']?.startsWith('application/problem+json') ?? false;
    this.begun.resolve({ status, excused: status === 503 && isProblem });
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    const { raw } = this.options.reply;
    this.timer?.refresh();
    if (raw.write(chunk)) return;
    controller.pause();
    raw.once('drain', () => {
      this.timer?.refresh();
      controller.resume();
    });
  }

  onResponseEnd(): void {
    this.end();
    this.options.reply.raw.end();
  }

  onResponseError(_controller: Controller, error: Error): void {
    this.fail(failureOf(error));
  }

  private readonly expire = (): void => this.fail(new UpstreamFailure('timeout'));

  private fail(error: Error): void {
    const { state } = this;
    if (state === 'over') return;
    this.end();
    this.controller?.abort(error);
    if (state === 'waiting') this.begun.reject(error);
    // What has begun and cannot be completed must not look complete.
    else this.options.reply.raw.destroy();
  }

  private end(): void {
    this.state = 'over';
    clearTimeout(this.timer);
    this.options.streams.delete(this);
    this.options.over();
  }
}

function failureOf(error: Error & { code?: string }): Error {
  if (error instanceof AppError || error instanceof CallerGone) return error;
  // undici refuses what no service could read.
  if (error.code === 'UND_ERR_INVALID_ARG') return new AppError('bad_request', { cause: error });
  return connectionFailure(error);
}
