import { type DynamicModule, Module } from '@nestjs/common';
import type { Processes } from '@primetrade/platform-config';
import { RedisChannels, RedisConnection } from '@primetrade/platform-redis';
import { EventBus } from './event-bus.js';
import { LocalEventBus } from './local-event-bus.js';
import { RedisEventBus } from './redis-event-bus.js';

@Module({})
export class EventsModule {
  /** Binds the EventBus port: over Redis where it is configured, else within the process. */
  static forRoot(processes: Processes): DynamicModule {
    return {
      module: EventsModule,
      global: true,
      providers: [
        { provide: LocalEventBus, useFactory: () => new LocalEventBus(processes === 'one') },
        {
          provide: EventBus,
          inject: [RedisConnection, RedisChannels, LocalEventBus],
          useFactory: (
            redis: RedisConnection,
            channels: RedisChannels,
            local: LocalEventBus,
          ): EventBus => (redis.client === undefined ? local : new RedisEventBus(local, channels)),
        },
      ],
      exports: [EventBus],
    };
  }
}
