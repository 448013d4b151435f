import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type AddressLimit, routeOf } from '@primetrade/contracts';
import { type ConfigOf, InjectConfig } from '@primetrade/platform-config';
import { AppError } from '@primetrade/platform-errors';
import { Counter, registry } from '@primetrade/platform-metrics';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { networkOf } from './network.js';
import { RateLimitConfig } from './rate-limit.config.js';
import { type Limit, RateLimiter, type Verdict } from './rate-limiter.js';
import { routedPath } from './routed-path.js';

type Request = FastifyRequest & { user?: { userId: string } };

/** Health probes are outside of rate limits; platform/health marks them so. */
const PROBE = 'primetrade:probe';
/** So are calls of other services, which libs/clients marks. */
const INTERNAL = 'primetrade:internal';

const refused = new Counter({
  name: 'rate_limited_requests_total',
  help: 'Requests refused with 429, by what they were counted against.',
  labelNames: ['limit'],
  registers: [registry],
});

/**
 * Counts callers who are not signed in by address and everyone else by account. Stands behind the
 * guard that finds out who the caller is and before the one that refuses, so that refused
 * requests count too.
 */
@Injectable()
export class RateLimitGuard implements CanActivate {
  private readonly anonymous: Limit;
  private readonly user: Limit;

  constructor(
    private readonly limiter: RateLimiter,
    private readonly reflector: Reflector,
    @InjectConfig(RateLimitConfig) private readonly config: ConfigOf<typeof RateLimitConfig>,
  ) {
    const replicas = config.RATE_LIMIT_REPLICAS;
    this.anonymous = { name: 'ip', points: config.RATE_LIMIT_ANONYMOUS, seconds: 900, replicas };
    this.user = { name: 'user', points: config.RATE_LIMIT_USER, seconds: 60, replicas };
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const targets = [context.getHandler(), context.getClass()];
    if (!this.config.RATE_LIMIT_ENABLED) return true;
    if (this.reflector.getAllAndOverride<boolean>(PROBE, targets)) return true;
    if (this.reflector.get<boolean | undefined>(INTERNAL, context.getClass())) return true;
    const request = context.switchToHttp().getRequest<Request>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const counted = addressLimitOf(request);
    if (request.user !== undefined && counted !== 'by-address') {
      const verdict = await this.limiter.count(this.user, request.user.userId);
      announce(reply, verdict);
      if (!verdict.allowed) throw this.refusal('user_rate_limited', verdict);
      return true;
    }
    const failuresOnly = counted === 'failures-only';
    const address = networkOf(request.ip);
    const verdict = await this.limiter.count(this.anonymous, address, failuresOnly ? 0 : 1);
    announce(reply, verdict);
    if (!verdict.allowed) throw this.refusal('rate_limited', verdict);
    if (failuresOnly) {
      reply.raw.once('close', () => {
        if (reply.statusCode >= 400 && reply.statusCode < 500) {
          this.limiter.count(this.anonymous, address).catch(() => undefined);
        }
      });
    }
    return true;
  }

  private refusal(code: 'rate_limited' | 'user_rate_limited', verdict: Verdict): AppError {
    refused.inc({ limit: code === 'rate_limited' ? 'ip' : 'user' });
    return new AppError(code, {
      detail: `Try again in ${verdict.resetSeconds} seconds.`,
      retryAfter: verdict.resetSeconds,
    });
  }
}

function addressLimitOf(request: Request): AddressLimit {
  return routeOf(routedPath(request.url))?.addressLimit ?? 'every-request';
}

function announce(reply: FastifyReply, verdict: Verdict): void {
  void reply.headers({
    'ratelimit-limit': String(verdict.limit),
    'ratelimit-remaining': String(verdict.remaining),
    'ratelimit-reset': String(verdict.resetSeconds),
  });
}
