import { randomUUID } from 'node:crypto';
import { runForRequest } from '@primetrade/platform-request-context';
import { Redis } from 'ioredis';
import type { LastWrites } from './last-writes.js';
import { RedisAccountWrites } from './redis-account-writes.js';
import { RedisLastWrites } from './redis-last-writes.js';
import { lastWriteKey } from './shared-positions.js';

const url = process.env['PRIMETRADE_TEST_REDIS'];

(url === undefined ? describe.skip : describe)('RedisLastWrites', () => {
  let redis: Redis;
  let one: LastWrites;
  let other: LastWrites;
  beforeAll(() => {
    redis = new Redis(url!);
    one = new RedisLastWrites(redis, 'tasks');
    other = new RedisLastWrites(redis, 'tasks');
  });
  afterAll(() => redis.disconnect());

  it('tells every process of a write, and no other service', async () => {
    const anna = randomUUID();
    expect(await other.of(anna)).toBe('none');
    expect(await one.record(anna, '1000')).toBe(true);
    expect(await other.of(anna)).toBe('1000');
    expect(await new RedisLastWrites(redis, 'auth').of(anna)).toBe('none');
  });

  it('only grows, also where the number of digits changes', async () => {
    const anna = randomUUID();
    await one.record(anna, '1000');
    await other.record(anna, '999');
    expect(await one.of(anna)).toBe('1000');
    await other.record(anna, '1001');
    expect(await one.of(anna)).toBe('1001');
  });

  it('believes what came with the request, until the request itself writes', async () => {
    const anna = randomUUID();
    const context = {
      requestId: 'test',
      deadline: Number.MAX_SAFE_INTEGER,
      lastWrite: { owner: anna, position: '7' },
    };
    await runForRequest(context, async () => {
      expect(await one.of(anna)).toBe('7');
      expect(await one.of(randomUUID())).toBe('none');
      await one.record(anna, '9');
      expect(await one.of(anna)).toBe('9');
    });
    context.lastWrite = { owner: anna, position: "0'; DROP" };
    expect(await runForRequest(context, () => one.of(anna))).toBe('unknown');
  });

  it('asks once a request, and again once nobody waits for it any more', async () => {
    const anna = randomUUID();
    const context = { requestId: 'test', deadline: Number.MAX_SAFE_INTEGER };
    await runForRequest(context, async () => {
      expect(await one.of(anna)).toBe('none');
      await other.record(anna, '8');
      expect(await one.of(anna)).toBe('none');
      context.deadline = 0;
      expect(await one.of(anna)).toBe('8');
    });
  });

  it('tells other services of the writes of accounts', async () => {
    const anna = randomUUID();
    const accounts = new RedisAccountWrites(redis);
    await new RedisLastWrites(redis, 'auth').record(anna, '8');
    await one.record(anna, '9');
    expect(await accounts.of(anna)).toBe('8');
    const context = {
      requestId: 'test',
      deadline: Number.MAX_SAFE_INTEGER,
      lastWrite: { owner: anna, position: '9' },
      accountWrite: { owner: anna, position: '7' },
    };
    expect(await runForRequest(context, () => accounts.of(anna))).toBe('7');
  });

  it('says that it does not know while Redis is away, and records what it missed', async () => {
    const anna = randomUUID();
    // Connects with the first command, too late for that one.
    const away = new Redis(url!, {
      lazyConnect: true,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
    });
    let now = 0;
    const cut = new RedisLastWrites(away, 'tasks', () => now);
    expect(await cut.of(anna)).toBe('unknown');
    expect(await cut.record(anna, '5')).toBe(false);
    expect(await cut.record(anna, '4')).toBe(false);
    while ((await redis.get(lastWriteKey('tasks', anna))) !== '5') {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    // Others may not have recorded yet what they missed.
    expect(await cut.of(randomUUID())).toBe('unknown');
    now += 2_000;
    expect(await cut.of(randomUUID())).toBe('none');
    expect(await cut.of(anna)).toBe('5');
    away.disconnect();
  });
});
