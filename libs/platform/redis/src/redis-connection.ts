import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { type ConfigOf, InjectConfig } from '@primetrade/platform-config';
import { ReadinessRegistry } from '@primetrade/platform-health';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { RedisConfig } from './redis.config.js';

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
  private readonly all: RedisClient[] = [];

  constructor(
    @InjectConfig(RedisConfig) private readonly config: ConfigOf<typeof RedisConfig>,
    readiness: ReadinessRegistry,
  ) {
    this.client = this.open();
    if (this.client !== undefined) {
      const client = this.client;
      readiness.add({
        name: 'redis',
        required: false,
        check: async () => void (await client.ping()),
      });
    }
  }

  /** Another connection, for subscriptions; closed with this one. */
  open(): RedisClient | undefined {
    const addresses = this.config.REDIS_URL;
    if (addresses === undefined) return undefined;
    const client =
      addresses.length > 1 || this.config.REDIS_CLUSTER
        ? this.cluster(addresses)
        : new Redis(addresses[0]!, { ...this.options(), retryStrategy });
    let away = false;
    client.on('error', (error: Error) => {
      if (!away) this.logger.warn(`Redis is away: ${error.message}. Going on without it.`);
      away = true;
    });
    client.on('ready', () => {
      if (away) this.logger.log('Redis is back.');
      away = false;
    });
    this.all.push(client);
    return client;
  }

  private cluster(addresses: readonly string[]): Cluster {
    const { username, password, protocol } = new URL(addresses[0]!);
    return new Cluster(
      addresses.map((address) => {
        const { hostname, port } = new URL(address);
        return { host: hostname, port: Number(port || 6379) };
      }),
      {
        enableOfflineQueue: false,
        clusterRetryStrategy: retryStrategy,
        redisOptions: {
          ...this.options(),
          username: decodeURIComponent(username) || undefined,
          password: decodeURIComponent(password) || undefined,
          tls: protocol === 'rediss:' ? {} : undefined,
        },
      },
    );
  }

  private options(): RedisOptions {
    return {
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      connectTimeout: 2_000,
      commandTimeout: this.config.REDIS_TIMEOUT_MS,
      // A server that hangs costs one timeout, not one a command: its connection is given up, and
      // until another one is ready commands fail at once.
      socketTimeout: this.config.REDIS_TIMEOUT_MS,
      // A subscriber that lost its connection missed messages; it learns so from `ready`.
      autoResubscribe: true,
    };
  }

  onApplicationShutdown(): void {
    for (const client of this.all) client.disconnect();
  }
}

function retryStrategy(attempt: number): number {
  return Math.min(attempt * 100, 2_000);
}
