import { Global, Module } from '@nestjs/common';
import { RedisConnection } from './redis-connection.js';
import { RedisChannels } from './redis-channels.js';

/** One connection a process, and one for what others publish, where REDIS_URL is set. */
@Global()
@Module({
  providers: [RedisConnection, RedisChannels],
  exports: [RedisConnection, RedisChannels],
})
export class RedisModule {}
