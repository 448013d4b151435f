import type { IncomingHttpHeaders } from 'node:http';
import { context, propagation } from '@opentelemetry/api';
import type { FastifyRequest } from 'fastify';
import { HOP_BY_HOP, namedByConnection } from './hop-by-hop.js';

/** What the gateway says itself, whatever the caller has said. */
const REPLACED = new Set([
  ...HOP_BY_HOP,
  'expect',
  'forwarded',
  'host',
  'proxy-authorization',
  'x-real-ip',
  'x-request-id',
]);

/**
 * What a service gets to hear: the caller's headers, and who and where the caller is to the network.
 * The services trust the gateway alone in this, and the gateway has found out whom to trust itself,
 * so that they need not know what stands in front of it.
 *
 * @param request as Fastify sees it: its `ip`, `host` and `protocol` come from X-Forwarded-* where a
 *   trusted proxy has sent it, and from the connection otherwise
 */
export function requestHeaders(
  request: Pick<FastifyRequest, 'headers' | 'id' | 'ip' | 'host' | 'protocol'>,
): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  const named = namedByConnection(request.headers.connection);
  const given: IncomingHttpHeaders = request.headers;
  for (const name in given) {
    if (REPLACED.has(name) || name.startsWith('x-forwarded-') || named?.has(name)) continue;
    headers[name] = given[name]!;
  }
  if (given.host !== undefined) headers['host'] = given.host;
  headers['x-request-id'] = request.id;
  headers['x-forwarded-for'] = request.ip;
  headers['x-forwarded-host'] = request.host;
  headers['x-forwarded-proto'] = request.protocol;
  // Where requests are traced: the span of this one is the parent of the service's.
  propagation.inject(context.active(), headers);
  return headers;
}
