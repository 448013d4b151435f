import { Injectable } from '@nestjs/common';
import { RedisConnection } from '@primetrade/platform-redis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';

export interface Limit {
  /** Names the counter. */
  name: string;
  /** Requests allowed. */
  points: number;
  /** Length of the window in seconds. */
  seconds: number;
  /** Processes that share the limit while Redis is away. */
  replicas: number;
}

export interface Verdict {
  allowed: boolean;
  limit: number;
  remaining: number;
  /** Seconds until the window ends. */
  resetSeconds: number;
}

/** Counts requests per key in fixed windows: in Redis across processes, else in memory. */
@Injectable()
export class RateLimiter {
  private readonly limiters = new Map<string, RateLimiterMemory | RateLimiterRedis>();

  constructor(private readonly redis: RedisConnection) {}

  /**
   * Counts one request.
   *
   * @param key whom it counts against
   * @param points 0 asks without counting
   */
  async count(limit: Limit, key: string, points = 1): Promise<Verdict> {
    const limiter = this.limiterOf(limit);
    try {
      const result = points === 0 ? await limiter.get(key) : await limiter.consume(key, points);
      const remaining = Math.max(0, result?.remainingPoints ?? limit.points);
      return {
        // Asked without counting, a key that has used up its points is refused here and now.
        allowed: points > 0 || remaining > 0,
        limit: limit.points,
        remaining,
        resetSeconds: Math.ceil((result?.msBeforeNext ?? 0) / 1000),
      };
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      return {
        allowed: false,
        limit: limit.points,
        remaining: 0,
        resetSeconds: Math.max(1, Math.ceil(refusal.msBeforeNext / 1000)),
      };
    }
  }

  private limiterOf(limit: Limit): RateLimiterMemory | RateLimiterRedis {
    const existing = this.limiters.get(limit.name);
    if (existing !== undefined) return existing;
    const client = this.redis.client;
    const made =
      client === undefined
        ? new RateLimiterMemory(options(limit, limit.points))
        : new RateLimiterRedis({
            ...options(limit, limit.points),
            storeClient: client,
            // While Redis is away each process counts its share: the limit is never off.
            insuranceLimiter: new RateLimiterMemory(
              options(limit, Math.max(1, Math.floor(limit.points / limit.replicas))),
            ),
          });
    this.limiters.set(limit.name, made);
    return made;
  }
}

function options(limit: Limit, points: number) {
  return { keyPrefix: `rate:${limit.name}`, points, duration: limit.seconds };
}
