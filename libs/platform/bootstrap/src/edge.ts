import { constants } from 'node:zlib';
import compress from '@fastify/compress';
import cookie from '@fastify/cookie';
import etag from '@fastify/etag';
import { AVATAR_MAX_BYTES, IMPORT_MAX_BYTES } from '@primetrade/contracts';
import type { ConfigOf } from '@primetrade/platform-config';
import { AppError } from '@primetrade/platform-errors';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { nestsDeeperThan } from './json-depth.js';
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

/** Far more than any request needs, and far less than the stack of whoever walks a body. */
const MAX_JSON_DEPTH = 64;

/** Routes whose bodies are files, as large as their type allows; others take BODY_LIMIT_BYTES. */
const UPLOADS = new Set(['/api/v1/profile/avatar', '/api/v1/tasks/import']);

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/** What stands before every route of every service: headers, origins, bodies, compression. */
export async function edge(
  fastify: FastifyInstance,
  config: ConfigOf<typeof ServerConfig>,
): Promise<void> {
  fastify.addHook('onRequest', (request, reply, done) => {
    // Pages and files of a web app served by the same process replace them by their own.
    void reply.headers(HEADERS);
    if (request.routeOptions.url?.startsWith('/api/docs')) {
      void reply.header('content-security-policy', DOCS_POLICY);
    }
    done(crossSite(request, config.PUBLIC_URL) ? new AppError('origin_mismatch') : undefined);
  });
  fastify.addHook('preValidation', (request, _reply, done) => {
    done(nestsDeeperThan(request.body, MAX_JSON_DEPTH) ? tooDeep() : undefined);
  });
  // Fastify would close the connection of a body that is too large, and a sender that is still
  // sending would see a broken pipe instead of the answer. Kept open, the rest is read and dropped.
  fastify.addHook('onSend', (_request, reply, payload, done) => {
    if (reply.statusCode === 413) void reply.removeHeader('connection');
    done(null, payload);
  });
  await fastify.register(cookie);
  await fastify.register(compress, {
    threshold: 1024,
    encodings: ['br', 'gzip'],
    // Quality 4 packs JSON nearly as well as the default 11, in a fraction of the time.
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } },
    zlibOptions: { level: 5 },
  });
  await fastify.register(etag, { weak: true });
  // A route's own limit counts before that of the type: elsewhere nobody fills the memory with files.
  fastify.addHook('onRoute', (route) => {
    if (!UPLOADS.has(route.url)) route.bodyLimit = config.BODY_LIMIT_BYTES;
  });
  for (const [type, bodyLimit] of [
    [/^image\/[a-z+.-]+(?:;|$)/, AVATAR_MAX_BYTES],
    ['text/csv', IMPORT_MAX_BYTES],
    ['application/octet-stream', IMPORT_MAX_BYTES],
  ] as const) {
    fastify.addContentTypeParser(type, { parseAs: 'buffer', bodyLimit }, (_request, body, done) =>
      done(null, body),
    );
  }
}

function tooDeep(): AppError {
  return new AppError('bad_request', {
    detail: `The body nests deeper than ${MAX_JSON_DEPTH} levels.`,
  });
}

/**
 * Whether a browser sends a changing request on behalf of another site. Browsers always say so, in
 * Sec-Fetch-Site or Origin; other clients send neither and have no cookies to abuse.
 */
function crossSite(request: FastifyRequest, publicUrl: string | undefined): boolean {
  if (READING.has(request.method)) return false;
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const origin = request.headers.origin;
  if (origin === undefined) return false;
  if (publicUrl !== undefined) return origin !== new URL(publicUrl).origin;
  return URL.parse(origin)?.host !== request.host;
}
