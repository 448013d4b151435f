import type { createAccessLogger } from '@primetrade/platform-logging';
import { routeLabel } from '@primetrade/platform-metrics';
import type { FastifyInstance } from 'fastify';

/** One line a request. Probes, which come every few seconds, are left out. */
export function requestLog(
  fastify: FastifyInstance,
  logger: ReturnType<typeof createAccessLogger>,
): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    done();
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = routeLabel(request);
    if (route !== '/health' && route !== '/ready') {
      logger.info(
        {
          requestId: request.id,
          method: request.method,
          route,
          status: reply.statusCode,
          durationMs: Math.round(reply.elapsedTime * 100) / 100,
          userId: (request as { user?: { userId?: string } }).user?.userId,
        },
        'request',
      );
    }
    done();
  });
}
