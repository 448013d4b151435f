import { type DynamicModule, Module } from '@nestjs/common';
import type { ServiceName } from '@primetrade/contracts';
import type { Processes } from '@primetrade/platform-config';
import { RedisConnection } from '@primetrade/platform-redis';
import { AccountWrites, LastWrites } from './last-writes.js';
import { LocalLastWrites, NoOthersAccountWrites, UnknownLastWrites } from './local-last-writes.js';
import { RedisAccountWrites } from './redis-account-writes.js';
import { RedisLastWrites } from './redis-last-writes.js';

@Module({})
export class OwnWritesModule {
  /**
   * Makes LastWrites and AccountWrites known to every module of the process.
   *
   * @param service whose database it is; `standalone` where all features share one process
   */
  static forRoot(options: {
    service: ServiceName | 'gateway' | 'standalone';
    processes: Processes;
  }): DynamicModule {
    return {
      module: OwnWritesModule,
      global: true,
      providers: [
        {
          provide: LastWrites,
          inject: [RedisConnection],
          useFactory: ({ client }: RedisConnection): LastWrites => {
            if (options.processes === 'one') return new LocalLastWrites();
            return client === undefined
              ? new UnknownLastWrites()
              : new RedisLastWrites(client, options.service);
          },
        },
        {
          provide: AccountWrites,
          inject: [RedisConnection, LastWrites],
          useFactory: ({ client }: RedisConnection, own: LastWrites): AccountWrites => {
            if (options.processes === 'one') return new NoOthersAccountWrites();
            return client === undefined || options.service === 'auth'
              ? own
              : new RedisAccountWrites(client);
          },
        },
      ],
      exports: [LastWrites, AccountWrites],
    };
  }
}
