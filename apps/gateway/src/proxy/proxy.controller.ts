import { Controller, Delete, Get, Patch, Post, Put, Req, Res, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { PrincipalGuard } from '@primetrade/clients';
import { IDEMPOTENCY_HEADER } from '@primetrade/contracts';
import { bodyLimitOf, ServerConfig } from '@primetrade/platform-bootstrap';
import { type ConfigOf, InjectConfig } from '@primetrade/platform-config';
import { Drain } from '@primetrade/platform-health';
import { RateLimitGuard } from '@primetrade/platform-rate-limit';
import type { FastifyReply } from 'fastify';
import { GatewayConfig } from '../gateway.config.js';
import type { GatewayRequest } from '../guards/gateway-request.js';
import { LastWritesGuard } from '../guards/last-writes.guard.js';
import { RouteGuard } from '../guards/route.guard.js';
import { TokenGuard } from '../guards/token.guard.js';
import { CallerGone } from '../upstreams/failures.js';
import { Upstreams } from '../upstreams/upstreams.js';
import { EventStreams } from './event-streams.js';
import { ProxyExchange } from './proxy-exchange.js';
import { NO_BODY, type RequestBody, requestBody } from './request-body.js';
import { requestHeaders } from './request-headers.js';

const READING = new Set(['GET', 'HEAD']);
/** What is logged and counted of a request whose caller did not wait for the answer. */
const CALLER_GONE = 499;

/** Passes requests on to the services, and their answers back, as they come. */
@ApiExcludeController()
@Controller()
@UseGuards(RouteGuard, PrincipalGuard, LastWritesGuard, RateLimitGuard, TokenGuard)
export class ProxyController {
  constructor(
    private readonly upstreams: Upstreams,
    private readonly streams: EventStreams,
    private readonly drain: Drain,
    @InjectConfig(GatewayConfig) private readonly config: ConfigOf<typeof GatewayConfig>,
    @InjectConfig(ServerConfig) private readonly server: ConfigOf<typeof ServerConfig>,
  ) {}

  // No service answers OPTIONS: CORS is the gateway's own business.
  @Get('*')
  get(@Req() request: GatewayRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.forward(request, reply);
  }

  @Post('*')
  post(@Req() request: GatewayRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.forward(request, reply);
  }

  @Put('*')
  put(@Req() request: GatewayRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.forward(request, reply);
  }

  @Patch('*')
  patch(@Req() request: GatewayRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.forward(request, reply);
  }

  @Delete('*')
  delete(@Req() request: GatewayRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.forward(request, reply);
  }

  private async forward(request: GatewayRequest, reply: FastifyReply): Promise<void> {
    try {
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
