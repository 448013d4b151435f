import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { type ConfigOf } from '@primetrade/platform-config';
import { DatabaseConnector } from './connector.js';
import { Database } from './database.js';
import { DatabaseConfig } from './database.config.js';
import { meteredClient } from './metered-client.js';

/** One pool a process. Features add their entities with TypeOrmModule.forFeature. */
@Global()
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      inject: [DatabaseConfig.token],
      useFactory: (config: ConfigOf<typeof DatabaseConfig>) => ({
        type: 'postgres' as const,
        url: config.DATABASE_URL,
        autoLoadEntities: true,
        synchronize: false,
        installExtensions: false,
        logging: false,
        // DatabaseConnector connects, and keeps trying.
        manualInitialization: true,
        poolSize: config.DATABASE_POOL_MAX,
        applicationName: 'primetrade',
        extra: {
          Client: meteredClient(config.DATABASE_SLOW_QUERY_MS, config.DATABASE_PREPARED_STATEMENTS),
          idleTimeoutMillis: config.DATABASE_IDLE_TIMEOUT_MS,
          connectionTimeoutMillis: config.DATABASE_CONNECT_TIMEOUT_MS,
          statement_timeout: config.DATABASE_STATEMENT_TIMEOUT_MS,
          idle_in_transaction_session_timeout: config.DATABASE_STATEMENT_TIMEOUT_MS * 2,
          keepAlive: true,
        },
      }),
    }),
  ],
  providers: [Database, DatabaseConnector],
  exports: [Database],
})
export class DatabaseModule {}
