import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import { reportError } from '@primetrade/platform-tracing';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from './app-error.js';
import { PROBLEM_CONTENT_TYPE, toProblem } from './problem.js';

/** Answers every error as RFC 9457 problem details; logs what is our fault with its stack. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Errors');

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const problem = toProblem(error, request.id);
    if (problem.status >= 500) {
      const cause = error instanceof AppError ? (error.cause ?? error) : error;
      this.logger.error(
        { requestId: request.id, code: problem.code, err: cause },
        `${request.method} ${request.routeOptions?.url ?? 'unknown route'} failed`,
      );
    }
    // An outage has alarms of its own; what nobody expected is told to whoever mends it.
    if (problem.code === 'internal_error') reportError(error, { requestId: request.id });
    // A stream that broke half-way cannot turn into a problem document any more.
    if (reply.sent || reply.raw.headersSent) {
      reply.raw.destroy();
      return;
    }
    if (error instanceof AppError && error.retryAfter !== undefined) {
      void reply.header('retry-after', String(Math.ceil(error.retryAfter)));
    }
    if (problem.status === 401) void reply.header('www-authenticate', 'Bearer');
    void reply
      .status(problem.status)
      .header('content-type', PROBLEM_CONTENT_TYPE)
      .header('cache-control', 'no-store')
      .send(JSON.stringify(problem));
  }
}
