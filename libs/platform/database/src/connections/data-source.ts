import type { ConfigOf } from '@primetrade/platform-config';
import type { DataSourceOptions } from 'typeorm';
import type { DatabaseConfig } from '../database.config.js';
import { driver } from './bounded-pool.js';
import { meteredClient } from './metered-client.js';

/** How much longer a client waits than the server allows itself, before it takes it for hung. */
const SERVER_GRACE_MS = 2_000;

/**
 * How to connect to a server of the database; apart from its address and the size of its pool,
 * alike for the primary and its replicas.
 *
 * @param poolMax connections
 */
export function dataSourceOptions(
  config: ConfigOf<typeof DatabaseConfig>,
  url: string,
  poolMax: number,
): DataSourceOptions & { type: 'postgres' } {
  return {
    type: 'postgres',
    url,
    synchronize: false,
    installExtensions: false,
    logging: false,
    poolSize: poolMax,
    applicationName: 'primetrade',
    driver,
    extra: {
      Client: meteredClient(config.DATABASE_SLOW_QUERY_MS, config.DATABASE_PREPARED_STATEMENTS),
      idleTimeoutMillis: config.DATABASE_IDLE_TIMEOUT_MS,
      connectionTimeoutMillis: config.DATABASE_CONNECT_TIMEOUT_MS,
      statement_timeout: config.DATABASE_STATEMENT_TIMEOUT_MS,
      query_timeout: config.DATABASE_STATEMENT_TIMEOUT_MS + SERVER_GRACE_MS,
      idle_in_transaction_session_timeout: config.DATABASE_STATEMENT_TIMEOUT_MS * 2,
      keepAlive: true,
    },
  };
}
