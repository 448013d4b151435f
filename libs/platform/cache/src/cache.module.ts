import { type DynamicModule, Module } from '@nestjs/common';
import type { ServiceName } from '@primetrade/contracts';
import { type ConfigOf, type Processes } from '@primetrade/platform-config';
import { LastWrites } from '@primetrade/platform-own-writes';
import { RedisChannels, RedisConnection } from '@primetrade/platform-redis';
import { Cache } from './cache.js';
import { CacheConfig } from './cache.config.js';
import { CoherentCache } from './coherent-cache.js';
import { FirstLevel } from './first-level.js';
import { MemoryStore } from './memory-store.js';
import { NoStore } from './no-store.js';
import { RedisStore } from './redis-store.js';

interface CacheModuleOptions {
  /** Processes of one service tell each other what to forget. */
  service: ServiceName | 'gateway' | 'standalone';
  processes: Processes;
}

@Module({})
export class CacheModule {
  /**
   * Binds the Cache port. One process keeps everything in its memory, or in Redis where that is
   * configured. Many keep it in Redis, and copies of what names an owner in their memory; without
   * Redis they keep nothing.
   */
  static forRoot({ service, processes }: CacheModuleOptions): DynamicModule {
    return {
      module: CacheModule,
      global: true,
      providers: [
        {
          provide: Cache,
          inject: [RedisConnection, RedisChannels, LastWrites, CacheConfig.token],
          useFactory: (
            { client }: RedisConnection,
            channels: RedisChannels,
            lastWrites: LastWrites,
            { CACHE_MAX_BYTES }: ConfigOf<typeof CacheConfig>,
          ): Cache => {
            if (processes === 'one') {
              const store = client ? new RedisStore(client) : new MemoryStore(CACHE_MAX_BYTES);
              return new CoherentCache(store);
            }
            if (client === undefined) return new CoherentCache(new NoStore(), { lastWrites });
            const channel = `primetrade:cache:${service}`;
            const firstLevel = new FirstLevel(channels, channel, CACHE_MAX_BYTES);
            return new CoherentCache(new RedisStore(client), { lastWrites, firstLevel });
          },
        },
      ],
      exports: [Cache],
    };
  }
}
