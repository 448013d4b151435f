import pg from 'pg';
import { DataSource } from 'typeorm';
import type { FeatureSchema } from './feature-schema.js';

/** Any fixed number: it names the lock that migrations of PrimeTrade take. */
const ADVISORY_LOCK = 7_305_114;

/**
 * Brings the schemas of all features up to date. Concurrent calls, from whatever process, wait for
 * each other. Each migration runs in a transaction of its own and counts whole or not at all.
 *
 * @param url of the primary
 * @param report is told of each migration that was applied
 * @returns how many were applied
 */
export async function migrate(
  url: string,
  features: readonly FeatureSchema[],
  report: (line: string) => void = () => undefined,
): Promise<number> {
  const lock = new pg.Client({ connectionString: url, application_name: 'primetrade-migrate' });
  await lock.connect();
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [ADVISORY_LOCK]);
    let applied = 0;
    for (const feature of features) {
      await lock.query(`CREATE SCHEMA IF NOT EXISTS ${pg.escapeIdentifier(feature.schema)}`);
      const source = new DataSource({
        type: 'postgres',
        url,
        schema: feature.schema,
        migrations: [...feature.migrations],
        migrationsTableName: 'migrations',
        migrationsTransactionMode: 'each',
        installExtensions: false,
        applicationName: 'primetrade-migrate',
        poolSize: 1,
      });
      await source.initialize();
      try {
        for (const migration of await source.runMigrations()) {
          applied += 1;
          report(`${feature.schema}: ${migration.name}`);
        }
      } finally {
        await source.destroy();
      }
    }
    return applied;
  } finally {
    // Ending the session gives the lock back.
    await lock.end();
  }
}
