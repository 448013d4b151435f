import { Module } from '@nestjs/common';
import { AuthClientModule } from '@primetrade/clients/remote-auth';
import { CacheModule } from '@primetrade/platform-cache';
import { EventsModule } from '@primetrade/platform-events';
import { OwnWritesModule } from '@primetrade/platform-own-writes';
import { RateLimitModule } from '@primetrade/platform-rate-limit';
import { RedisModule } from '@primetrade/platform-redis';
import { MergedDocument } from './documents/merged-document.js';
import { EventStreams } from './proxy/event-streams.js';
import { ProxyController } from './proxy/proxy.controller.js';
import { Readiness } from './readiness.js';
import { Upstreams } from './upstreams/upstreams.js';

const PROCESS = { service: 'gateway', processes: 'many' } as const;

/** The public edge of many services: who is it, has it sent too much, and who answers. */
@Module({
  imports: [
    RedisModule,
    OwnWritesModule.forRoot(PROCESS),
    CacheModule.forRoot(PROCESS),
    EventsModule.forRoot(PROCESS.processes),
    RateLimitModule,
    AuthClientModule.remote('gateway'),
  ],
  controllers: [ProxyController],
  providers: [Upstreams, EventStreams, MergedDocument, Readiness],
})
export class AppModule {}
