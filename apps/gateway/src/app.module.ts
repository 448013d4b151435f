import { Module } from '@nestjs/common';
import { PrincipalGuard } from '@primetrade/clients';
import { AuthClientModule } from '@primetrade/clients/remote-auth';
import { CacheModule } from '@primetrade/platform-cache';
import { EventsModule } from '@primetrade/platform-events';
import { OwnWritesModule } from '@primetrade/platform-own-writes';
import { RateLimitGuard, RateLimitModule } from '@primetrade/platform-rate-limit';
import { RedisModule } from '@primetrade/platform-redis';
import { MergedDocument } from './documents/merged-document.js';
import { Gatekeeper } from './guards/gatekeeper.js';
import { LastWritesGuard } from './guards/last-writes.guard.js';
import { RouteGuard } from './guards/route.guard.js';
import { TokenGuard } from './guards/token.guard.js';
import { EventStreams } from './proxy/event-streams.js';
import { Proxy } from './proxy/proxy.js';
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
  providers: [
    Upstreams,
    RouteGuard,
    PrincipalGuard,
    LastWritesGuard,
    RateLimitGuard,
    TokenGuard,
    Gatekeeper,
    EventStreams,
    Proxy,
    MergedDocument,
    Readiness,
  ],
})
export class AppModule {}
