import type { ConfigOf } from '@primetrade/platform-config';
import { AppError } from '@primetrade/platform-errors';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ServerConfig } from './server.config.js';

const HEADERS = {
  'content-security-policy':
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  // What is personal stays out of every cache; routes whose answers may be kept say so.
  'cache-control': 'no-store',
};
/** Swagger UI brings its own scripts and styles, and styles elements by attribute. */
const DOCS_POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Security headers on every answer, and no changing request on behalf of a site that is not ours. */
export function securityHeaders(
  fastify: FastifyInstance,
  config: Pick<ConfigOf<typeof ServerConfig>, 'PUBLIC_URL' | 'CORS_ORIGINS'>,
): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    // Pages and files of a web app served by the same process replace them by their own.
    void reply.headers(HEADERS);
    if (request.routeOptions.url?.startsWith('/api/docs')) {
      void reply.header('content-security-policy', DOCS_POLICY);
    }
    done(crossSite(request, config) ? new AppError('origin_mismatch') : undefined);
  });
}

/**
 * Whether a browser sends a changing request on behalf of another site. Browsers always say so, in
 * Sec-Fetch-Site or Origin; other clients send neither and have no cookies to abuse.
 */
function crossSite(
  request: FastifyRequest,
  { PUBLIC_URL, CORS_ORIGINS }: Pick<ConfigOf<typeof ServerConfig>, 'PUBLIC_URL' | 'CORS_ORIGINS'>,
): boolean {
  if (READING.has(request.method)) return false;
  const origin = request.headers.origin;
  if (origin !== undefined && CORS_ORIGINS.includes(origin)) return false;
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  if (origin === undefined) return false;
  if (PUBLIC_URL !== undefined) return origin !== new URL(PUBLIC_URL).origin;
  return URL.parse(origin)?.host !== request.host;
}
