import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { type ConfigOf, InjectConfig } from '@primetrade/platform-config';
import { ReadinessRegistry } from '@primetrade/platform-health';
import { Redis } from 'ioredis';
import { CacheConfig } from './cache.config.js';

/**
 * The process's connection to Redis, where REDIS_URL is set. Commands fail fast while it is away:
 * whoever uses it has something to fall back on.
 */
@Injectable()
export class RedisConnection implements OnApplicationShutdown {
  /** Undefined where no Redis is configured. */
  readonly client: Redis | undefined;
  private readonly logger = new Logger('Redis');
  private readonly all: Redis[] = [];

  constructor(
    @InjectConfig(CacheConfig) private readonly config: ConfigOf<typeof CacheConfig>,
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
  open(): Redis | undefined {
    if (this.config.REDIS_URL === undefined) return undefined;
    const client = new Redis(this.config.REDIS_URL, {
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      connectTimeout: 2_000,
      commandTimeout: this.config.REDIS_TIMEOUT_MS,
      // A server that hangs costs one timeout, not one a command: its connection is given up, and
      // until another one is ready commands fail at once.
      socketTimeout: this.config.REDIS_TIMEOUT_MS,
      retryStrategy: (attempt) => Math.min(attempt * 100, 2_000),
      // A subscriber that lost its connection missed messages; it learns so from `ready`.
      autoResubscribe: true,
    });
    let away = false;
    client.on('error', (error) => {
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

  onApplicationShutdown(): void {
    for (const client of this.all) client.disconnect();
  }
}
