import { ReadinessRegistry } from '@primetrade/platform-health';
import { RedisCluster, redisProgram, RedisServer } from '@primetrade/testing/fleet';
import { type ChannelListener, RedisChannels } from './redis-channels.js';
import { RedisConnection } from './redis-connection.js';

interface Servers {
  urls: string[];
  nodes: readonly RedisServer[];
  stop(): Promise<unknown>;
}

async function single(): Promise<Servers> {
  const server = await RedisServer.create();
  await server.start();
  return { urls: [server.url], nodes: [server], stop: () => server.process.stop('SIGKILL') };
}

/** What a process of PrimeTrade has of Redis. */
class Process {
  readonly readiness = new ReadinessRegistry();
  readonly connection: RedisConnection;
  readonly channels: RedisChannels;
  readonly heard: string[] = [];

  constructor(urls: string[]) {
    const config = { REDIS_URL: urls, REDIS_CLUSTER: urls.length > 1, REDIS_TIMEOUT_MS: 250 };
    this.connection = new RedisConnection(config, this.readiness);
    this.channels = new RedisChannels(this.connection);
    const listener: ChannelListener = {
      message: (text) => this.heard.push(text),
      up: () => this.heard.push('up'),
      down: () => this.heard.push('down'),
    };
    this.channels.listen('test', listener);
    this.channels.onApplicationBootstrap();
  }

  async isReady(): Promise<boolean> {
    return this.readiness.checks[0]!.check().then(
      () => true,
      () => false,
    );
  }

  /** Writes a key of every part of a cluster; @returns how many could not be written */
  async failures(): Promise<number> {
    const keys = Array.from({ length: 30 }, (_, i) => `key-${i}`);
    const results = await Promise.allSettled(
      keys.map((key) => this.connection.client!.set(key, '1')),
    );
    return results.filter(({ status }) => status === 'rejected').length;
  }

  stop(): void {
    this.channels.onApplicationShutdown();
    this.connection.onApplicationShutdown();
  }
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
}

const kinds: [string, () => Promise<Servers>][] = [
  ['one server', single],
  ['a cluster', () => RedisCluster.start()],
];

(redisProgram() === undefined ? describe.skip : describe).each(kinds)('Redis as %s', (_, start) => {
  let servers: Servers;
  let one: Process;
  let other: Process;
  beforeAll(async () => {
    servers = await start();
  });
  afterAll(() => servers.stop());
  beforeEach(async () => {
    one = new Process(servers.urls);
    other = new Process(servers.urls);
    await until(async () => one.channels.up && other.channels.up && (await one.isReady()));
    await until(async () => (await one.failures()) === 0);
  });
  afterEach(() => {
    one.stop();
    other.stop();
  });

  it('carries messages to every process, in order', async () => {
    const texts = Array.from({ length: 200 }, (_, i) => `message ${i}`);
    for (const text of texts) await one.channels.publish('test', text);
    const all = texts.length + 1;
    await until(() => other.heard.length === all && one.heard.length === all);
    expect(other.heard).toEqual(['up', ...texts]);
    expect(one.heard).toEqual(['up', ...texts]);
  });

  it.each([
    ['away', 'SIGKILL', undefined],
    ['hanging', 'SIGSTOP', 'SIGCONT'],
  ] as const)('finds its servers when they were %s at its start', async (_what, stop, resume) => {
    for (const { process } of servers.nodes) {
      const end = process.ended;
      process.signal(stop);
      if (resume === undefined) await end;
    }
    const early = new Process(servers.urls);
    expect(await early.isReady()).toBe(false);
    expect(await early.failures()).toBeGreaterThan(0);
    // Long enough for several attempts, which fail in several ways.
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    for (const node of servers.nodes) {
      if (resume === undefined) await node.start();
      else node.process.signal(resume);
    }
    await until(async () => (await early.isReady()) && early.channels.up);
    // One of its servers may still be on its way back.
    await until(async () => (await early.failures()) === 0);
    early.stop();
  });

  it('looks for its servers again when all were away for long', async () => {
    for (const node of servers.nodes) await node.process.stop('SIGKILL');
    await until(() => one.connection.client!.status !== 'ready');
    for (const node of servers.nodes) await node.start();
    await until(async () => (await one.isReady()) && one.channels.up);
    expect(await one.failures()).toBe(0);
  });

  it.each([
    ['hangs', 'SIGSTOP', 'SIGCONT'],
    ['is killed', 'SIGKILL', undefined],
  ] as const)('goes on when a server %s, and notices', async (_what, stop, resume) => {
    /** Whether what one process says is heard by both. */
    const reaches = async (text: string) => {
      await one.channels.publish('test', text);
      return [one, other].every(({ channels, heard }) => channels.up && heard.includes(text));
    };
    let told = 0;
    for (const node of servers.nodes) {
      one.heard.length = other.heard.length = 0;
      const end = node.process.ended;
      node.process.signal(stop);
      if (resume === undefined) await end;
      await until(async () => (await one.isReady()) === false);
      // Every command of this node fails, and none waits for long once the first one has.
      await until(async () => (await one.failures()) > 0);
      const began = performance.now();
      for (let round = 0; round < 5; round += 1) expect(await one.failures()).toBeGreaterThan(0);
      expect(performance.now() - began).toBeLessThan(5 * 250);
      // Messages find their way around a node of a cluster.
      if (servers.nodes.length > 1) await until(() => reaches('meanwhile'));
      else await until(() => !other.channels.up && !one.channels.up);

      if (resume === undefined) await node.start();
      else node.process.signal(resume);
      await until(async () => (await one.isReady()) && (await one.failures()) === 0);
      await until(() => reaches('back'));
      // Whoever was deaf in between was told so, in this order.
      const changes = other.heard.filter((text) => ['up', 'down'].includes(text));
      expect(changes).toEqual(changes.map((_change, i) => (i % 2 === 0 ? 'down' : 'up')));
      told += changes.length;
    }
    // Its connection led to one of them.
    expect(told).toBeGreaterThan(0);
  });
});
