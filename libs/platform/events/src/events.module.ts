import { Global, Module } from '@nestjs/common';
import { RedisConnection } from '@primetrade/platform-cache';
import { EventBus } from './event-bus.js';
import { LocalEventBus } from './local-event-bus.js';
import { RedisEventBus } from './redis-event-bus.js';

/** Binds the EventBus port: over Redis where it is configured, else within the process. */
@Global()
@Module({
  providers: [
    LocalEventBus,
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
})
export class EventsModule {}
