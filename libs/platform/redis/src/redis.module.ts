import { Global, Module } from '@nestjs/common';
import { RedisConnection } from './redis-connection.js';

/** One connection a process, where REDIS_URL is set. */
@Global()
@Module({ providers: [RedisConnection], exports: [RedisConnection] })
export class RedisModule {}
