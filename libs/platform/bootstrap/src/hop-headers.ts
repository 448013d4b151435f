import {
  ACCOUNT_WRITE_HEADER,
  LAST_WRITE_HEADER,
  STALE_HEADER,
  TIMEOUT_HEADER,
} from '@primetrade/contracts';
import type { FastifyInstance } from 'fastify';

const HOP_HEADERS = [TIMEOUT_HEADER, LAST_WRITE_HEADER, ACCOUNT_WRITE_HEADER, STALE_HEADER];

/** Where clients send to this process, what only our own processes may say is not listened to. */
export function dropHopHeaders(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    const { headers } = request.raw;
    for (const name of HOP_HEADERS) if (headers[name] !== undefined) delete headers[name];
    done();
  });
}
