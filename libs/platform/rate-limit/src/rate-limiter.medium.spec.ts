import { Redis } from 'ioredis';
import type { RedisConnection } from '@primetrade/platform-redis';
import { RateLimiter } from './rate-limiter.js';

const url = process.env['PRIMETRADE_TEST_REDIS'];
const withClient = (client: Redis | undefined) => ({ client }) as RedisConnection;

async function countAllowed(limiters: RateLimiter[], name: string, key: string, replicas: number) {
  let allowed = 0;
  for (let i = 0; i < 20; i += 1) {
    const verdict = await limiters[i % limiters.length]!.count(
      { name, points: 10, seconds: 900, replicas },
      key,
    );
    if (verdict.allowed) allowed += 1;
  }
  return allowed;
}

describe('RateLimiter', () => {
  it('allows just the limit, key by key', async () => {
    const limiter = new RateLimiter(withClient(undefined));
    expect(await countAllowed([limiter], 'a', '192.0.2.1', 1)).toBe(10);
    expect(await countAllowed([limiter], 'a', '192.0.2.2', 1)).toBe(10);
  });

  it('tells without counting', async () => {
    const limiter = new RateLimiter(withClient(undefined));
    const limit = { name: 'b', points: 1, seconds: 900, replicas: 1 };
    expect(await limiter.count(limit, 'k', 0)).toMatchObject({ allowed: true, remaining: 1 });
    expect(await limiter.count(limit, 'k', 0)).toMatchObject({ allowed: true, remaining: 1 });
    await limiter.count(limit, 'k');
    expect(await limiter.count(limit, 'k', 0)).toMatchObject({ allowed: false, remaining: 0 });
  });

  (url === undefined ? it.skip : it)('counts across processes in Redis', async () => {
    const redis = new Redis(url!);
    const two = [new RateLimiter(withClient(redis)), new RateLimiter(withClient(redis))];
    expect(await countAllowed(two, 'c', '192.0.2.3', 2)).toBe(10);
    redis.disconnect();
  });

  it('counts its share in memory while Redis is away, never nothing', async () => {
    const gone = new Redis({
      port: 1,
      lazyConnect: true,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      retryStrategy: () => null,
    });
    gone.on('error', () => undefined);
    const limiter = new RateLimiter(withClient(gone));
    expect(await countAllowed([limiter], 'd', '192.0.2.4', 2)).toBe(5);
    const limit = { name: 'd', points: 10, seconds: 900, replicas: 2 };
    expect(await limiter.count(limit, '192.0.2.4', 0)).toMatchObject({ allowed: false });
    expect(await limiter.count(limit, '192.0.2.5', 0)).toMatchObject({ allowed: true });
    gone.disconnect();
  });
});
