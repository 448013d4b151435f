import { constants } from 'node:zlib';
import compress from '@fastify/compress';
import etag from '@fastify/etag';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { AVATAR_MAX_BYTES, IMPORT_MAX_BYTES } from '@primetrade/contracts';
import { AppError } from '@primetrade/platform-errors';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { exceededLimit, type JsonLimits } from './json-shape.js';

/** Far more than any request needs, and far less than what keeps the process busy or its stack full. */
const JSON_LIMITS: JsonLimits = { depth: 64, containers: 50_000, values: 200_000 };
const TOO_MUCH: Readonly<Record<keyof JsonLimits, string>> = {
  depth: `The body nests deeper than ${JSON_LIMITS.depth} levels.`,
  containers: `The body has more than ${JSON_LIMITS.containers} lists and objects.`,
  values: `The body has more than ${JSON_LIMITS.values} values.`,
};

/** Routes whose bodies are files, as large as their type allows; others take BODY_LIMIT_BYTES. */
const UPLOADS: ReadonlyMap<string, number> = new Map([
  ['/api/v1/profile/avatar', AVATAR_MAX_BYTES],
  ['/api/v1/tasks/import', IMPORT_MAX_BYTES],
]);

/**
 * The largest body that the service behind a public path takes, whatever its type; the service
 * itself may take less.
 *
 * @param path without a query
 * @param limit BODY_LIMIT_BYTES
 */
export function bodyLimitOf(path: string, limit: number): number {
  return Math.max(UPLOADS.get(path) ?? 0, limit);
}

/** Bodies that are parsed here: bounded in size, and JSON in its shape too. */
export function readBodies(adapter: FastifyAdapter, limit: number): void {
  const fastify: FastifyInstance = adapter.getInstance();
  const parse = fastify.getDefaultJsonParser('error', 'error');
  const parseJson = (
    request: FastifyRequest,
    body: Buffer,
    done: (error: Error | null, parsed?: unknown) => void,
  ): void => {
    const exceeded = exceededLimit(body, JSON_LIMITS);
    if (exceeded === undefined) void parse(request, body.toString(), done);
    else done(new AppError('bad_request', { detail: TOO_MUCH[exceeded] }));
  };
  adapter.useBodyParser('application/json', false, { bodyLimit: limit }, parseJson);
  // A route's own limit counts before that of the type: elsewhere nobody fills the memory with files.
  fastify.addHook('onRoute', (route) => {
    if (!UPLOADS.has(route.url)) route.bodyLimit = limit;
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

/** Bodies of any type stay unread in `request.raw`, for whoever passes them on. */
export function leaveBodies(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', (_request, _payload, done) => done(null));
}

/**
 * Compression and validators of answers that are made here.
 *
 * @param unpack whether compressed bodies of requests are unpacked too
 */
export async function packAnswers(fastify: FastifyInstance, unpack: boolean): Promise<void> {
  // Fastify would close the connection of a body that is too large, and a sender that is still
  // sending would see a broken pipe instead of the answer. Kept open, the rest is read and dropped.
  fastify.addHook('onSend', (_request, reply, payload, done) => {
    if (reply.statusCode === 413) void reply.removeHeader('connection');
    done(null, payload);
  });
  await fastify.register(compress, {
    threshold: 1024,
    encodings: ['br', 'gzip'],
    globalDecompression: unpack,
    // Quality 4 packs JSON nearly as well as the default 11, in a fraction of the time.
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } },
    zlibOptions: { level: 5 },
  });
  await fastify.register(etag, { weak: true });
}
