import { type DynamicModule, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { ConfigOf, Processes } from '@primetrade/platform-config';
import { DatabaseConnector } from './connections/connector.js';
import { dataSourceOptions } from './connections/data-source.js';
import { Probe } from './connections/probe.js';
import { Database } from './database.js';
import { DatabaseConfig } from './database.config.js';
import { ReadRouter } from './replication/read-router.js';
import { Replication } from './replication/replication.js';
import { PROCESSES, WriteRecorder } from './replication/write-recorder.js';
import { RequiredSchemas } from './schema/required-schemas.js';

/**
 * One pool a process for the primary, and one for each replica. Features add their entities with
 * TypeOrmModule.forFeature, and the schema that they need with SchemaModule.require.
 */
@Module({})
export class DatabaseModule {
  /** @param processes whether others may serve the same users beside this one */
  static forRoot(processes: Processes): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      imports: [
        TypeOrmModule.forRootAsync({
          inject: [DatabaseConfig.token],
          useFactory: (config: ConfigOf<typeof DatabaseConfig>) => ({
            ...dataSourceOptions(config, config.DATABASE_URL, config.DATABASE_POOL_MAX),
            autoLoadEntities: true,
            // DatabaseConnector connects, and keeps trying.
            manualInitialization: true,
          }),
        }),
      ],
      providers: [
        {
          provide: Probe,
          inject: [DatabaseConfig.token],
          useFactory: (config: ConfigOf<typeof DatabaseConfig>) =>
            new Probe(config.DATABASE_URL, config.DATABASE_CONNECT_TIMEOUT_MS),
        },
        { provide: PROCESSES, useValue: processes },
        Database,
        DatabaseConnector,
        ReadRouter,
        Replication,
        RequiredSchemas,
        WriteRecorder,
      ],
      exports: [Database, RequiredSchemas],
    };
  }
}
