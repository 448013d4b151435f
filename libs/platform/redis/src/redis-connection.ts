import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { type ConfigOf, InjectConfig } from '@primetrade/platform-config';
import { ReadinessRegistry } from '@primetrade/platform-health';
import { Cluster, Redis } from 'ioredis';
import { RedisConfig } from './redis.config.js';
import { clusterOptions, nodeOf, serverOptions, sharedOptions } from './redis-options.js';

/** One server, or a cluster of them; both take the same commands. */
export type RedisClient = Redis | Cluster;

/**
 * The process's connection to Redis, where REDIS_URL is set. Commands fail fast while it is away:
 * whoever uses it has something to fall back on.
 */
@Injectable()
export class RedisConnection implements OnApplicationShutdown {
  /** Undefined where no Redis is configured. */
  readonly client: RedisClient | undefined;
  private readonly logger = new Logger('Redis');

  constructor(
    @InjectConfig(RedisConfig) private readonly config: ConfigOf<typeof RedisConfig>,
    readiness: ReadinessRegistry,
  ) {
    this.client = this.open();
    if (this.client !== undefined) {
      const client = this.client;
      readiness.add({ name: 'redis', required: false, check: () => ping(client) });
    }
  }

  /**
   * A connection for a subscription, not connected yet; the caller ends it. It leads to one server
   * and does not come back by itself. What is published on any node of a cluster reaches all.
   *
   * @param turn counts the attempts: in a cluster each goes to another node
   */
  subscription(turn: number): Redis | undefined {
    const addresses = this.config.REDIS_URL;
    if (addresses === undefined) return undefined;
    const options = {
      ...serverOptions(this.config.REDIS_TIMEOUT_MS),
      lazyConnect: true,
      retryStrategy: () => null,
    };
    if (!(this.client instanceof Cluster)) return new Redis(addresses[0]!, options);
    const known = this.client.nodes().map((node) => node.options as { host: string; port: number });
    const nodes = known.length > 0 ? known : addresses.map(nodeOf);
    const { host, port } = nodes[turn % nodes.length]!;
    return new Redis({ ...options, ...sharedOptions(addresses[0]!), host, port });
  }

  onApplicationShutdown(): void {
    this.client?.disconnect();
  }

  private open(): RedisClient | undefined {
    const addresses = this.config.REDIS_URL;
    if (addresses === undefined) return undefined;
    const options = serverOptions(this.config.REDIS_TIMEOUT_MS);
    if (addresses.length === 1 && !this.config.REDIS_CLUSTER) {
      const client = new Redis(addresses[0]!, options);
      this.report(client, 'Redis');
      return client;
    }
    const cluster: Cluster = new Cluster(
      addresses.map(nodeOf),
      clusterOptions(
        { ...options, ...sharedOptions(addresses[0]!) },
        () => cluster.status === 'ready',
      ),
    );
    this.report(cluster, 'The Redis Cluster');
    cluster.on('+node', (node: Redis) => {
      this.report(node, `The Redis node ${node.options.host}:${node.options.port}`);
    });
    return cluster;
  }

  /** Logs that a server went away and that it came back, once each. */
  private report(client: RedisClient, name: string): void {
    let away = false;
    client.on('error', (error: Error) => {
      if (!away) this.logger.warn(`${name} is away: ${error.message}. Going on without it.`);
      away = true;
    });
    client.on('ready', () => {
      if (away) this.logger.log(`${name} is back.`);
      away = false;
    });
  }
}

/** Every node that serves keys has to answer: each holds a part of them. */
async function ping(client: RedisClient): Promise<void> {
  if (!(client instanceof Cluster)) return void (await client.ping());
  const nodes = client.nodes('master');
  if (client.status !== 'ready' || nodes.length === 0) throw new Error('the cluster is away');
  await Promise.all(nodes.map((node) => node.ping()));
}
