import { type DynamicModule, Module } from '@nestjs/common';
import type { Processes } from '@primetrade/platform-config';
import { RedisConnection } from '@primetrade/platform-redis';
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
        RedisEventBus,
        {
          provide: EventBus,
          inject: [RedisConnection, LocalEventBus, RedisEventBus],
          useFactory: (
            redis: RedisConnection,
            local: LocalEventBus,
            shared: RedisEventBus,
          ): EventBus => (redis.client === undefined ? local : shared),
        },
      ],
      exports: [EventBus],
    };
  }
}
