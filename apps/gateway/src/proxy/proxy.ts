import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { IDEMPOTENCY_HEADER } from '@primetrade/contracts';
import { bodyLimitOf, ServerConfig } from '@primetrade/platform-bootstrap';
import { type ConfigOf, InjectConfig } from '@primetrade/platform-config';
import { Drain } from '@primetrade/platform-health';
import type { FastifyReply } from 'fastify';
import { GatewayConfig } from '../gateway.config.js';
import { Gatekeeper } from '../guards/gatekeeper.js';
import type { GatewayRequest } from '../guards/gateway-request.js';
import { CallerGone } from '../upstreams/failures.js';
import { Upstreams } from '../upstreams/upstreams.js';
import { EventStreams } from './event-streams.js';
import { ProxyExchange } from './proxy-exchange.js';
import { NO_BODY, type RequestBody, requestBody } from './request-body.js';
import { requestHeaders } from './request-headers.js';

const READING = new Set(['GET', 'HEAD']);
/** What is logged and counted of a request whose caller did not wait for the answer. */
const CALLER_GONE = 499;

/**
 * Passes requests on to the services, and their answers back, as they come. Every path that nobody
 * else answers comes here, by a route of Fastify's own: what Nest does for a route of a controller
 * would be a tenth of the time that a request spends in the gateway.
 */
@Injectable()
export class Proxy implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost<FastifyAdapter>,
    private readonly gatekeeper: Gatekeeper,
    private readonly upstreams: Upstreams,
    private readonly streams: EventStreams,
    private readonly drain: Drain,
    @InjectConfig(GatewayConfig) private readonly config: ConfigOf<typeof GatewayConfig>,
    @InjectConfig(ServerConfig) private readonly server: ConfigOf<typeof ServerConfig>,
  ) {}

  onModuleInit(): void {
    this.host.httpAdapter.getInstance().route({
      // No service answers OPTIONS: CORS is the gateway's own business.
      method: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
      url: '/*',
      handler: (request, reply) => this.forward(request, reply),
    });
  }

  private async forward(request: GatewayRequest, reply: FastifyReply): Promise<void> {
    try {
      await this.gatekeeper.admit(request, reply);
      await this.exchange(request, reply);
    } catch (error) {
      if (!(error instanceof CallerGone)) throw error;
      reply.hijack();
      reply.raw.statusCode = CALLER_GONE;
      reply.raw.destroy();
    }
  }

  private async exchange(request: GatewayRequest, reply: FastifyReply): Promise<void> {
    const { GATEWAY_TIMEOUT_MS, GATEWAY_IDLE_TIMEOUT_MS } = this.config;
    const isRead = READING.has(request.method);
    const isIdempotent = isRead || request.headers[IDEMPOTENCY_HEADER] !== undefined;
    const body = isRead ? NO_BODY : await this.bodyOf(request, isIdempotent);
    const headers = { ...requestHeaders(request), ...(await request.lastWrites) };
    if (body === NO_BODY) delete headers['content-length'];
    if (this.drain.hasBegun) void reply.header('connection', 'close');
    // How long a body takes is up to its sender; without one the wait has begun long ago.
    const since = body === NO_BODY ? performance.now() - reply.elapsedTime : performance.now();
    const exchange = new ProxyExchange({
      request,
      reply,
      headers,
      body,
      isIdempotent,
      deadline: since + GATEWAY_TIMEOUT_MS,
      idleMs: GATEWAY_IDLE_TIMEOUT_MS,
      streams: this.streams,
    });
    await this.upstreams.of(request.publicRoute!.service).send(exchange);
  }

  private bodyOf(request: GatewayRequest, keep: boolean): Promise<RequestBody> {
    const path = request.url.split('?', 1)[0]!;
    return requestBody(request.raw, bodyLimitOf(path, this.server.BODY_LIMIT_BYTES), keep);
  }
}
