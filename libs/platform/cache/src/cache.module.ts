import { Global, Module } from '@nestjs/common';
import { type ConfigOf } from '@primetrade/platform-config';
import { Cache } from './cache.js';
import { CacheConfig } from './cache.config.js';
import { CoherentCache } from './coherent-cache.js';
import { MemoryStore } from './memory-store.js';
import { RedisConnection } from './redis-connection.js';
import { RedisStore } from './redis-store.js';

/** Binds the Cache port to Redis where REDIS_URL is set, else to this process's memory. */
@Global()
@Module({
  providers: [
    RedisConnection,
    {
      provide: Cache,
      inject: [RedisConnection, CacheConfig.token],
      useFactory: (redis: RedisConnection, config: ConfigOf<typeof CacheConfig>) =>
        new CoherentCache(
          redis.client === undefined
            ? new MemoryStore(config.CACHE_MAX_BYTES)
            : new RedisStore(redis.client),
        ),
    },
  ],
  exports: [Cache, RedisConnection],
})
export class CacheModule {}
