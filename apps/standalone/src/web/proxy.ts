import { existsSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import replyFrom from '@fastify/reply-from';
import serveStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RETRY_AFTER_SECONDS, UNAVAILABLE_PAGE, UNAVAILABLE_POLICY } from './unavailable-page.js';
import type { WebBuild } from './web-build.js';

/** What belongs to the API: an unknown path below these is answered as the API answers it. */
const API_PATH = /^\/(?:api|health|ready|\.well-known)(?:[/?]|$)/;

/**
 * A target that no browser asks for: a complete address, or one that becomes another host's when it
 * is resolved against ours.
 */
const STRANGE_TARGET = /^(?!\/)|^\/\\/;

/** Idle connections to the web server are closed before it closes them. */
const KEEP_ALIVE_MS = 60_000;
const PUBLIC_MAX_AGE_SECONDS = 3600;

export interface WebProxyOptions {
  /** Where the web server answers. */
  url: string;
  build: Pick<WebBuild, 'staticFiles' | 'publicFiles'>;
}

/**
 * Serves the web app on every GET and HEAD that is not the API's: files from disk, pages from
 * Next's server. Register it before the application listens.
 */
export async function webProxy(
  fastify: FastifyInstance,
  { url, build }: WebProxyOptions,
): Promise<void> {
  await fastify.register(serveStatic, {
    root: build.staticFiles,
    prefix: '/_next/static/',
    decorateReply: false,
    index: false,
    preCompressed: true,
    // Their names change with their content.
    immutable: true,
    maxAge: '1y',
    setHeaders: withNosniff,
  });
  if (existsSync(build.publicFiles)) {
    await fastify.register(serveStatic, {
      root: build.publicFiles,
      // One route a file: whatever is not among them is a page.
      wildcard: false,
      decorateReply: false,
      index: false,
      maxAge: PUBLIC_MAX_AGE_SECONDS * 1000,
      setHeaders: withNosniff,
    });
  }
  await fastify.register(replyFrom, {
    base: url,
    undici: { connections: 64, pipelining: 1, keepAliveTimeout: KEEP_ALIVE_MS },
    disableRequestLogging: true,
  });
  fastify.get('/*', (request, reply) => {
    if (API_PATH.test(request.url) || STRANGE_TARGET.test(request.url)) {
      reply.callNotFound();
      return reply;
    }
    return reply.from(request.url, {
      rewriteRequestHeaders: forwarded,
      // An idle connection may be closed just as it is used again; anything else is not repeated.
      retryDelay: ({ err, attempt }) =>
        attempt === 0 && err !== null && 'code' in err && err.code === 'UND_ERR_SOCKET' ? 1 : null,
      onError: (failed) => unavailable(failed as unknown as FastifyReply),
    });
  });
}

function withNosniff(reply: FastifyReply): void {
  void reply.header('x-content-type-options', 'nosniff');
}

/** Tells Next how the browser addressed it, which it cannot see from behind. */
function forwarded(
  request: Pick<FastifyRequest, 'host' | 'protocol' | 'ip'>,
  headers: IncomingHttpHeaders,
): IncomingHttpHeaders {
  const { 'accept-encoding': packedHere, ...others } = headers;
  return {
    ...others,
    host: request.host,
    'x-forwarded-host': request.host,
    'x-forwarded-proto': request.protocol,
    'x-forwarded-for': request.ip,
  };
}

function unavailable(reply: FastifyReply): void {
  void reply
    .code(503)
    .headers({
      'retry-after': RETRY_AFTER_SECONDS,
      'cache-control': 'no-store',
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': UNAVAILABLE_POLICY,
      'x-content-type-options': 'nosniff',
    })
    .send(UNAVAILABLE_PAGE);
}
