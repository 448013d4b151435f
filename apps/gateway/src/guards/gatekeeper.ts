import { Injectable } from '@nestjs/common';
import { PrincipalGuard } from '@primetrade/clients';
import { RateLimitGuard } from '@primetrade/platform-rate-limit';
import type { FastifyReply } from 'fastify';
import type { GatewayRequest } from './gateway-request.js';
import { httpContext } from './http-context.js';
import { LastWritesGuard } from './last-writes.guard.js';
import { RouteGuard } from './route.guard.js';
import { TokenGuard } from './token.guard.js';

/** The guards that every request passes, in this order. */
@Injectable()
export class Gatekeeper {
  constructor(
    private readonly route: RouteGuard,
    private readonly principal: PrincipalGuard,
    private readonly lastWrites: LastWritesGuard,
    private readonly rateLimit: RateLimitGuard,
    private readonly token: TokenGuard,
  ) {}

  /** @throws AppError where one of them turns the request away */
  async admit(request: GatewayRequest, reply: FastifyReply): Promise<void> {
    const context = httpContext(request, reply);
    this.route.canActivate(context);
    await this.principal.canActivate(context);
    this.lastWrites.canActivate(context);
    await this.rateLimit.canActivate(context);
    this.token.canActivate(context);
  }
}
