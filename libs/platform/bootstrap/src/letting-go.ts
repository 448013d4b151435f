import type { Drain } from '@primetrade/platform-health';
import type { FastifyInstance } from 'fastify';

/**
 * Ends kept-alive connections when the process stops: during the drain each answer closes its
 * connection, so that whoever keeps a pool of them connects elsewhere; and when the listener has
 * closed, a connection whose request is finished is not waited for until it times out.
 */
export function letConnectionsGo(fastify: FastifyInstance, drain: Drain): void {
  let closing = false;
  fastify.addHook('onSend', (_request, reply, payload, done) => {
    if (drain.hasBegun) void reply.header('connection', 'close');
    done(null, payload);
  });
  fastify.addHook('preClose', (done) => {
    closing = true;
    done();
  });
  fastify.addHook('onResponse', (_request, _reply, done) => {
    // Node counts the connection as idle only after this event.
    if (closing) setImmediate(() => fastify.server.closeIdleConnections());
    done();
  });
}
