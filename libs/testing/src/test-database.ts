import { randomUUID } from 'node:crypto';
import { type FeatureSchema, migrate, type MigrateOptions } from '@primetrade/platform-database';
import pg from 'pg';

export interface TestDatabase {
  url: string;
  drop(): Promise<void>;
}

/** Where jest's global setup left the address of the shared server. */
const SERVER_URL_VARIABLE = 'PRIMETRADE_TEST_POSTGRES';

/**
 * An empty database of its own, with the schemas of the features migrated.
 *
 * @param features whose schemas it gets
 */
export async function createTestDatabase(
  features: readonly FeatureSchema[],
  options: MigrateOptions = {},
): Promise<TestDatabase> {
  const server = process.env[SERVER_URL_VARIABLE];
  if (server === undefined) {
    throw new Error('No test server: run medium tests through jest.config.mjs, which starts one.');
  }
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await onServer(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  await migrate(url.href, features, options);
  return {
    url: url.href,
    drop: () => onServer(server, `DROP DATABASE ${name} WITH (FORCE)`),
  };
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
