import { Redis } from 'ioredis';
import { gather } from './gather.js';

const url = process.env['PRIMETRADE_TEST_REDIS'];

(url === undefined ? it.skip : it)('commands given at once leave at once, together', async () => {
  const redis = new Redis(url!);
  await redis.ping();
  const before = redis.stream.bytesWritten;
  gather(redis);
  const first = redis.echo('first');
  await Promise.resolve();
  const second = redis.echo('second');
  expect(redis.stream.writableCorked).toBe(1);
  expect(redis.stream.writableLength).toBeGreaterThan(0);
  expect(await Promise.all([first, second])).toEqual(['first', 'second']);
  expect(redis.stream.writableCorked).toBe(0);
  expect(redis.stream.bytesWritten).toBeGreaterThan(before);
  redis.disconnect();
  // One that is away has nothing to gather.
  gather(redis);
});
