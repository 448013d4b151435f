import pg from 'pg';
import { DataSource, type Logger, type MigrationInterface } from 'typeorm';
import { type FeatureSchema, namesOf } from './feature-schema.js';

/** Any fixed number: it names the lock that migrations of PrimeTrade take. */
const ADVISORY_LOCK = 7_305_114;
/** How long to wait for another migrator: an index of a large table takes its time. */
const TURN_TIMEOUT_MS = 1_800_000;
const LOCK_TIMEOUT = '55P03';
const READ_ONLY = '25006';

/** TypeORM prints what it thinks of a migration; our caller is told instead. */
const SILENT: Logger = {
  logQuery: () => undefined,
  logQueryError: () => undefined,
  logQuerySlow: () => undefined,
  logSchemaBuild: () => undefined,
  logMigration: () => undefined,
  log: () => undefined,
};

export interface MigrateOptions {
  /** Runs contractions too: only when no process of a version before is left. */
  contract?: boolean;
  /** Longest wait of a statement for a lock on a table that is in use, in milliseconds. */
  lockTimeoutMs?: number;
  /** Is told what is being done. */
  report?: (line: string) => void;
}

/** A migration that did not go through. The message says which, why, and what to do. */
export class MigrationError extends Error {}

/**
 * Brings the schemas of all features up to date. Concurrent calls, from whatever process, wait for
 * each other. Each migration runs in a transaction of its own and counts whole or not at all.
 *
 * @param url of the primary
 * @returns how many were applied
 * @throws MigrationError
 */
export async function migrate(
  url: string,
  features: readonly FeatureSchema[],
  { contract = false, lockTimeoutMs = 5_000, report = () => undefined }: MigrateOptions = {},
): Promise<number> {
  const lock = new pg.Client({ connectionString: url, application_name: 'primetrade-migrate' });
  await lock.connect();
  try {
    await takeTurn(lock, report);
    let applied = 0;
    for (const { schema, migrations } of features) {
      await createSchema(lock, schema);
      applied += await run(url, schema, migrations, lockTimeoutMs, report);
    }
    for (const { schema, contractions = [] } of features) {
      if (contract) applied += await run(url, schema, contractions, lockTimeoutMs, report);
      else await reportWaiting(lock, schema, contractions, report);
    }
    return applied;
  } finally {
    // Ending the session gives the lock back.
    await lock.end();
  }
}

/** One migrator at a time: whoever comes later finds nothing left to do. */
async function takeTurn(lock: pg.Client, report: (line: string) => void): Promise<void> {
  const { rows } = await lock.query<{ got: boolean }>('SELECT pg_try_advisory_lock($1) AS got', [
    ADVISORY_LOCK,
  ]);
  if (rows[0]?.got) return;
  report('Another process migrates this database; waiting for it.');
  await lock.query(`SET lock_timeout = ${TURN_TIMEOUT_MS}`);
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [ADVISORY_LOCK]);
  } catch (error) {
    if ((error as { code?: string }).code !== LOCK_TIMEOUT) throw error;
    throw new MigrationError(
      `Another process has been migrating this database for ${TURN_TIMEOUT_MS / 60_000} minutes. Look at it (application_name primetrade-migrate in pg_stat_activity), and run migrate again.`,
      { cause: error },
    );
  }
}

async function createSchema(lock: pg.Client, schema: string): Promise<void> {
  try {
    await lock.query(`CREATE SCHEMA IF NOT EXISTS ${pg.escapeIdentifier(schema)}`);
  } catch (error) {
    throw explained(error, `The schema ${schema}`, 0);
  }
}

async function run(
  url: string,
  schema: string,
  migrations: FeatureSchema['migrations'],
  lockTimeoutMs: number,
  report: (line: string) => void,
): Promise<number> {
  if (migrations.length === 0) return 0;
  let current: string | undefined;
  const source = new DataSource({
    type: 'postgres',
    url,
    schema,
    migrations: migrations.map((migration) =>
      announced(migration, (name) => {
        current = name;
        report(`${schema}: applying ${name}`);
      }),
    ),
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'each',
    installExtensions: false,
    applicationName: 'primetrade-migrate',
    logger: SILENT,
    poolSize: 1,
    // Building an index takes its time; waiting for a lock holds up everyone behind.
    extra: { statement_timeout: 0, lock_timeout: lockTimeoutMs },
  });
  await source.initialize();
  try {
    return (await source.runMigrations()).length;
  } catch (error) {
    throw explained(error, `${schema}: ${current ?? 'the table of migrations'}`, lockTimeoutMs);
  } finally {
    await source.destroy();
  }
}

/** The same migration, which says when it begins. */
function announced(
  Migration: new () => MigrationInterface,
  begin: (name: string) => void,
): new () => MigrationInterface {
  const inner = new Migration();
  const name = inner.name ?? Migration.name;
  return class implements MigrationInterface {
    readonly name = name;
    readonly transaction = inner.transaction;
    async up(...args: Parameters<MigrationInterface['up']>): Promise<void> {
      begin(name);
      await inner.up(...args);
    }
    async down(...args: Parameters<MigrationInterface['down']>): Promise<void> {
      await inner.down(...args);
    }
  };
}

async function reportWaiting(
  lock: pg.Client,
  schema: string,
  contractions: FeatureSchema['migrations'],
  report: (line: string) => void,
): Promise<void> {
  if (contractions.length === 0) return;
  const applied = await appliedMigrations(lock, schema);
  const waiting = namesOf(contractions).filter((name) => !applied.has(name));
  if (waiting.length === 0) return;
  report(
    `${schema}: ${waiting.join(', ')} waits. Run migrate with --contract when no process of the version before is left.`,
  );
}

/** Names of the migrations that a schema has had. */
export async function appliedMigrations(client: pg.Client, schema: string): Promise<Set<string>> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT name FROM ${pg.escapeIdentifier(schema)}.migrations`,
  );
  return new Set(rows.map(({ name }) => name));
}

function explained(error: unknown, what: string, lockTimeoutMs: number): MigrationError {
  const { code, message } = error as { code?: string; message: string };
  if (code === LOCK_TIMEOUT) {
    return new MigrationError(
      `${what} did not get its lock within ${lockTimeoutMs / 1_000} s, because other statements use the table; nothing of it was changed. Run migrate again, or when there is less traffic; MIGRATE_LOCK_TIMEOUT_MS sets how long it waits.`,
      { cause: error },
    );
  }
  if (code === READ_ONLY) {
    return new MigrationError(
      `${what} was not changed: the database takes no changes. DATABASE_URL must lead to the primary, and not while the data is being moved.`,
      { cause: error },
    );
  }
  return new MigrationError(`${what} failed, and nothing of it was changed: ${message}`, {
    cause: error,
  });
}
