import { randomUUID } from 'node:crypto';
import { Module } from '@nestjs/common';
import type { ChangeEvent } from '@primetrade/contracts';
import { Cache, CacheModule } from '@primetrade/platform-cache';
import { EventBus, EventsModule } from '@primetrade/platform-events';
import { registry } from '@primetrade/platform-metrics';
import { LastWrites, OwnWritesModule } from '@primetrade/platform-own-writes';
import { RateLimiter, RateLimitModule } from '@primetrade/platform-rate-limit';
import { RedisChannels, RedisConnection, RedisModule } from '@primetrade/platform-redis';
import { runForRequest } from '@primetrade/platform-request-context';
import { startTestApp, type TestApp } from '@primetrade/testing';
import type { Redis } from 'ioredis';
import { RedisCluster, redisProgram, RedisServer } from '@primetrade/testing/fleet';

const MANY = { service: 'tasks', processes: 'many' } as const;

/** What processes of one service share, without a database. */
@Module({
  imports: [
    RedisModule,
    OwnWritesModule.forRoot(MANY),
    CacheModule.forRoot(MANY),
    EventsModule.forRoot(MANY.processes),
    RateLimitModule,
  ],
})
class SharedStateModule {}

const nowhere = { url: 'postgres://nobody@127.0.0.1:1/none', drop: async () => undefined };
const event: ChangeEvent = { type: 'projects.changed' };

interface Servers {
  urls: string[];
  nodes: readonly RedisServer[];
  healthy(): Promise<void>;
  stop(): Promise<unknown>;
}

async function single(): Promise<Servers> {
  const server = await RedisServer.create();
  await server.start();
  return {
    urls: [server.url],
    nodes: [server],
    healthy: async () => undefined,
    stop: () => server.process.stop('SIGKILL'),
  };
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** Reads through the cache so far, by result. */
async function cacheReads(result: string): Promise<number> {
  const metric = await registry.getSingleMetric('cache_requests_total')!.get();
  return metric.values.find(({ labels }) => labels['result'] === result)?.value ?? 0;
}

const kinds: [string, () => Promise<Servers>][] = [
  ['one server', single],
  ['a cluster', () => RedisCluster.start()],
];
const whereRedisIs = redisProgram() === undefined ? describe.skip : describe;

whereRedisIs.each(kinds)('Processes that share %s', (_name, start) => {
  let servers: Servers;
  let apps: TestApp[];
  const get = <T>(process: 0 | 1, type: abstract new (...args: never[]) => T): T =>
    apps[process]!.app.get(type, { strict: false });
  const caches = () => [get(0, Cache), get(1, Cache)] as const;
  const keyOf = (owner: string) => `user:{${owner}}:tasks`;
  const knows = async (process: 0 | 1) =>
    get(process, RedisChannels).up &&
    (await get(process, LastWrites).of(randomUUID())) !== 'unknown';

  beforeAll(async () => {
    servers = await start();
    const env = { REDIS_URL: servers.urls.join(',') };
    apps = [
      await startTestApp(SharedStateModule, [], env, nowhere),
      await startTestApp(SharedStateModule, [], env, nowhere),
    ];
    await until(async () => (await knows(0)) && (await knows(1)));
  });
  afterAll(async () => {
    for (const app of apps) await app.close();
    await servers.stop();
  });

  it('shows users their own writes in the other process, and has copies in each', async () => {
    const owner = randomUUID();
    const [one, other] = caches();
    let stored = 1;
    const read = (cache: Cache) =>
      cache.wrap(keyOf(owner), 300, async () => stored, { owner, field: 'list' });
    for (let round = 1n; round <= 20n; round += 1n) {
      stored += 1;
      await get(0, LastWrites).record(owner, `${round}`);
      await one.invalidate(keyOf(owner));
      expect(await read(other)).toBe(stored);
      expect(await read(one)).toBe(stored);
      // The word to forget what was may come late, and take what is with it once.
      const hits = await cacheReads('hit_local');
      await until(async () => {
        expect(await read(other)).toBe(stored);
        return (await cacheReads('hit_local')) > hits;
      });
    }
  });

  it('finds a copy without a word to Redis, where the request says when its sender wrote', async () => {
    const owner = randomUUID();
    const [one] = caches();
    const lastWrite = { owner, position: '7' };
    const read = () =>
      runForRequest({ requestId: 'test', deadline: Infinity, lastWrite }, () =>
        one.wrap(keyOf(owner), 300, async () => 'value', { owner }),
      );
    await read();
    const client = get(0, RedisConnection).client as Redis;
    const sent: string[] = [];
    const send = client.sendCommand.bind(client);
    client.sendCommand = (command, ...rest) => {
      if (command.name !== 'publish') sent.push(command.name);
      return send(command, ...rest);
    };
    expect(await read()).toBe('value');
    expect(sent).toEqual([]);
    client.sendCommand = send;
  });

  it('has other processes forget their copies', async () => {
    const owner = randomUUID();
    const [one, other] = caches();
    await other.wrap(keyOf(owner), 300, async () => 'old', { owner });
    // Nobody has recorded a write: what the owner did not do is seen a moment later.
    await one.invalidate(keyOf(owner));
    await until(
      async () => (await other.wrap(keyOf(owner), 300, async () => 'new', { owner })) === 'new',
    );
  });

  it('keeps nothing in any process that was read before an invalidation', async () => {
    const owner = randomUUID();
    const [one, other] = caches();
    let release!: (text: string) => void;
    let begun!: () => void;
    const fetching = new Promise<void>((resolve) => (begun = resolve));
    const slow = one.wrapText(
      keyOf(owner),
      300,
      () => {
        begun();
        return new Promise((resolve) => (release = resolve));
      },
      { owner },
    );
    await fetching;
    await other.invalidate(keyOf(owner));
    release('old');
    expect(await slow).toBe('old');
    expect(await other.wrapText(keyOf(owner), 300, async () => 'new', { owner })).toBe('new');
    await until(
      async () => (await one.wrapText(keyOf(owner), 300, async () => 'new', { owner })) === 'new',
    );
  });

  it('fetches an expired key once a process, however many ask', async () => {
    const owner = randomUUID();
    let fetches = 0;
    const fetch = async () => {
      fetches += 1;
      await new Promise((resolve) => setTimeout(resolve, 50));
      return 'text';
    };
    const all = caches().flatMap((cache) =>
      Array.from({ length: 1000 }, () => cache.wrapText(keyOf(owner), 300, fetch, { owner })),
    );
    expect(new Set(await Promise.all(all))).toEqual(new Set(['text']));
    expect(fetches).toBeLessThanOrEqual(2);
  });

  it('counts requests together, and events reach the other process', async () => {
    expect(await allowed(randomUUID())).toEqual([5, 5]);
    const owner = randomUUID();
    const heard: unknown[] = [];
    const subscription = get(1, EventBus)
      .subscribe(owner)
      .subscribe((message) => heard.push(message));
    get(0, EventBus).publish(owner, event);
    await until(() => heard.length > 0);
    expect(heard).toEqual([event]);
    subscription.unsubscribe();
  });

  it('goes on without Redis, each by itself, and together again when it is back', async () => {
    const owner = randomUUID();
    const key = keyOf(owner);
    const [one, other] = caches();
    await other.wrapText(key, 300, async () => 'old', { owner });
    await Promise.all(servers.nodes.map((node) => node.process.stop('SIGKILL')));
    await until(() => !get(0, EventBus).complete && !get(1, EventBus).complete);

    // A write that nobody else can be told of.
    expect(await get(0, LastWrites).record(owner, '9')).toBe(false);
    await one.invalidate(key);
    expect(await other.wrapText(key, 300, async () => 'new', { owner })).toBe('new');
    let fetches = 0;
    const herd = Array.from({ length: 1000 }, () =>
      other.wrapText(
        key,
        300,
        async () => {
          fetches += 1;
          await new Promise((resolve) => setTimeout(resolve, 50));
          return 'new';
        },
        { owner },
      ),
    );
    expect(new Set(await Promise.all(herd))).toEqual(new Set(['new']));
    // One that was under way, and one that began once all were there.
    expect(fetches).toBeLessThanOrEqual(2);
    expect(await allowed(randomUUID())).toEqual([5, 5]);
    expect(await allowed(randomUUID(), 20, 0)).toEqual([5, 0]);
    const heard: unknown[] = [];
    const bus = get(0, EventBus);
    const subscription = bus.subscribe(owner).subscribe((message) => heard.push(message));
    bus.publish(owner, event);
    expect(heard).toEqual([event]);

    await Promise.all(servers.nodes.map((node) => node.start()));
    await servers.healthy();
    await until(async () => (await knows(0)) && (await knows(1)));
    expect(heard).toEqual([event, 'missed']);
    subscription.unsubscribe();
    expect(await get(1, LastWrites).of(owner)).toBe('9');
    expect(await one.wrapText(key, 300, async () => 'newer', { owner })).toBe('newer');
    expect(await other.wrapText(key, 300, async () => 'newest', { owner })).toBe('newer');
    // Together once more: what one leaves over the other may use.
    const caller = randomUUID();
    expect(await allowed(caller, 8, 0)).toEqual([8, 0]);
    expect(await allowed(caller, 8, 8)).toEqual([1, 1]);
  });

  /** Of a limit of 10 among two processes, how many requests each lets pass, sent in turns. */
  async function allowed(caller: string, first = 10, second = 10): Promise<[number, number]> {
    const limit = { name: 'test', points: 10, seconds: 900, replicas: 2 };
    const passed: [number, number] = [0, 0];
    for (let turn = 0; turn < Math.max(first, second); turn += 1) {
      for (const process of [0, 1] as const) {
        if (turn >= (process === 0 ? first : second)) continue;
        const verdict = await get(process, RateLimiter).count(limit, caller);
        if (verdict.allowed) passed[process] += 1;
      }
    }
    return passed;
  }
});
