import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';

/** What scripts of other origins may read beside the body. */
const EXPOSED = [
  'content-disposition',
  'etag',
  'location',
  'ratelimit-limit',
  'ratelimit-remaining',
  'ratelimit-reset',
  'retry-after',
  'x-request-id',
];
/** How long browsers remember the answer to a preflight; none remembers it longer. */
const MAX_AGE_SECONDS = 7_200;

/** Lets scripts of these origins, and of no other, call the API. None: there is no CORS at all. */
export async function crossOrigin(
  fastify: FastifyInstance,
  origins: readonly string[],
): Promise<void> {
  if (origins.length === 0) return;
  await fastify.register(cors, {
    origin: [...origins],
    credentials: true,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders: EXPOSED,
    maxAge: MAX_AGE_SECONDS,
  });
}
