import {
  ACCOUNT_WRITE_HEADER,
  LAST_WRITE_HEADER,
  STALE_HEADER,
  TIMEOUT_HEADER,
} from '@primetrade/contracts';
import { type RequestContext, runForRequest } from '@primetrade/platform-request-context';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/**
 * Gives each request its context: its id, its deadline and what the gateway knows of the caller's
 * last write. An answer made from a copy that may be out of date says so.
 *
 * @param timeoutMs for requests whose sender does not say how long it waits, or waits longer
 */
export function requestContext(fastify: FastifyInstance, timeoutMs: number): void {
  const contexts = new WeakMap<FastifyRequest, RequestContext>();
  fastify.addHook('onRequest', (request, _reply, done) => {
    const context: RequestContext = {
      requestId: request.id,
      deadline: performance.now() + patience(request, timeoutMs),
      lastWrite: lastWrite(request, LAST_WRITE_HEADER),
      accountWrite: lastWrite(request, ACCOUNT_WRITE_HEADER),
    };
    contexts.set(request, context);
    runForRequest(context, done);
  });
  // Reading the body happens in the context of the connection, which may be another request's.
  fastify.addHook('preValidation', (request, _reply, done) => {
    const context = contexts.get(request)!;
    // Who still sends does not wait for the answer yet.
    if (request.body !== undefined)
      context.deadline = performance.now() + patience(request, timeoutMs);
    runForRequest(context, done);
  });
  fastify.addHook('onSend', (request, reply, payload, done) => {
    const context = contexts.get(request);
    if (context?.stale) void reply.header(STALE_HEADER, 'true');
    // Who receives a stream has its answer, and takes as long as that takes.
    if (context !== undefined && isStream(payload)) context.deadline = Infinity;
    done(null, payload);
  });
}

function patience(request: FastifyRequest, timeoutMs: number): number {
  const given = Number(request.headers[TIMEOUT_HEADER]);
  return given > 0 && given < timeoutMs ? given : timeoutMs;
}

function isStream(payload: unknown): boolean {
  return typeof (payload as { pipe?: unknown } | null)?.pipe === 'function';
}

function lastWrite(request: FastifyRequest, name: string): RequestContext['lastWrite'] {
  const header = request.headers[name];
  if (typeof header !== 'string') return undefined;
  const [owner, position] = header.split('=', 2);
  return owner && position ? { owner, position } : undefined;
}
