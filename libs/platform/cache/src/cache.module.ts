import { type DynamicModule, Module } from '@nestjs/common';
import { type ConfigOf, type Processes } from '@primetrade/platform-config';
import { RedisConnection } from '@primetrade/platform-redis';
import { Cache } from './cache.js';
import { CacheConfig } from './cache.config.js';
import type { CacheStore } from './cache-store.js';
import { CoherentCache } from './coherent-cache.js';
import { MemoryStore } from './memory-store.js';
import { NoStore } from './no-store.js';
import { RedisStore } from './redis-store.js';

@Module({})
export class CacheModule {
  /** Binds the Cache port to Redis where it is configured, else to the memory of the one process. */
  static forRoot(processes: Processes): DynamicModule {
    return {
      module: CacheModule,
      global: true,
      providers: [
        {
          provide: Cache,
          inject: [RedisConnection, CacheConfig.token],
          useFactory: (redis: RedisConnection, config: ConfigOf<typeof CacheConfig>) =>
            new CoherentCache(storeFor(processes, redis, config)),
        },
      ],
      exports: [Cache],
    };
  }
}

function storeFor(
  processes: Processes,
  redis: RedisConnection,
  config: ConfigOf<typeof CacheConfig>,
): CacheStore {
  if (redis.client !== undefined) return new RedisStore(redis.client);
  return processes === 'one' ? new MemoryStore(config.CACHE_MAX_BYTES) : new NoStore();
}
