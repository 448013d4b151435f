import { Redis } from 'ioredis';
import { CoherentCache } from './coherent-cache.js';
import { RedisStore } from './redis-store.js';

const url = process.env['PRIMETRADE_TEST_REDIS'];

(url === undefined ? describe.skip : describe)('RedisStore', () => {
  let redis: Redis;
  beforeAll(() => {
    redis = new Redis(url!);
  });
  afterAll(() => redis.disconnect());

  it('shares values between processes and invalidates for all of them', async () => {
    const key = 'profile:{shared}';
    const one = new CoherentCache(new RedisStore(redis));
    const other = new CoherentCache(new RedisStore(redis));
    expect(await one.wrap(key, 300, async () => ({ name: 'Ada' }))).toEqual({ name: 'Ada' });
    expect(await other.wrap(key, 300, async () => ({ name: 'never' }))).toEqual({ name: 'Ada' });
    await other.invalidate(key);
    expect(await one.wrap(key, 300, async () => ({ name: 'Grace' }))).toEqual({ name: 'Grace' });
  });

  it('drops what one process read before another invalidated', async () => {
    const key = 'user:{race}:tasks';
    const reader = new CoherentCache(new RedisStore(redis));
    const writer = new CoherentCache(new RedisStore(redis));
    let release!: (text: string) => void;
    let started!: () => void;
    const fetching = new Promise<void>((resolve) => (started = resolve));
    const slow = reader.wrapText(key, 300, () => {
      started();
      return new Promise((resolve) => (release = resolve));
    });
    await fetching;
    await writer.invalidate(key);
    release('old');
    expect(await slow).toBe('old');
    expect(await writer.wrapText(key, 300, async () => 'new')).toBe('new');
  });

  it('gives keys about the time to live that was asked for', async () => {
    const key = 'profile:{ttl}';
    await new CoherentCache(new RedisStore(redis)).wrapText(key, 300, async () => 'x');
    const ttl = await redis.pttl(key);
    expect(ttl).toBeGreaterThan(260_000);
    expect(ttl).toBeLessThanOrEqual(330_000);
  });

  it('goes on without Redis', async () => {
    const gone = new Redis({
      port: 1,
      lazyConnect: true,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      retryStrategy: () => null,
    });
    gone.on('error', () => undefined);
    const cache = new CoherentCache(new RedisStore(gone));
    expect(await cache.wrapText('profile:{gone}', 300, async () => 'x')).toBe('x');
    await cache.invalidate('profile:{gone}');
    gone.disconnect();
  });
});
