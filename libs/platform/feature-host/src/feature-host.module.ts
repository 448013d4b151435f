import { type DynamicModule, Module } from '@nestjs/common';
import type { ServiceName } from '@primetrade/contracts';
import { CacheModule } from '@primetrade/platform-cache';
import type { Processes } from '@primetrade/platform-config';
import { DatabaseModule } from '@primetrade/platform-database';
import { EventsModule } from '@primetrade/platform-events';
import { JobsModule } from '@primetrade/platform-jobs';
import { OwnWritesModule } from '@primetrade/platform-own-writes';
import { RateLimitModule } from '@primetrade/platform-rate-limit';
import { RedisModule } from '@primetrade/platform-redis';

export interface FeatureHostOptions {
  /** Which service this process is of; `standalone` where it runs every feature. */
  service: ServiceName | 'standalone';
  /** Whether others like it may run beside it. */
  processes: Processes;
}

/** What every feature needs of the process that it runs in: database, cache, events, jobs, limits. */
@Module({})
export class FeatureHostModule {
  static forRoot(options: FeatureHostOptions): DynamicModule {
    return {
      module: FeatureHostModule,
      imports: [
        RedisModule,
        OwnWritesModule.forRoot(options),
        DatabaseModule.forRoot(options.processes),
        CacheModule.forRoot(options),
        EventsModule.forRoot(options.processes),
        JobsModule,
        RateLimitModule,
      ],
    };
  }
}
