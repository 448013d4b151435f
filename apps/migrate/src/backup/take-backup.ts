import type { Writable } from 'node:stream';
import type { FeatureSchema } from '@primetrade/platform-database';
import { to as copyTo } from 'pg-copy-streams';
import {
  differentColumn,
  readMigrations,
  readSequences,
  readTables,
  requireData,
  type Table,
} from '../data/catalogue.js';
import { copiedColumns } from '../data/copy-table.js';
import { DataError } from '../data/data-error.js';
import { listOf, readSequence, TableProgress } from '../data/load.js';
import { featuresAt, knownMigrations } from '../data/migrations.js';
import type { Place } from '../data/places.js';
import { digest, type Digest, digestTable } from '../data/proof.js';
import { Pace, type Report } from '../data/report.js';
import { findSecret, newestSigningKey } from '../data/secret.js';
import type { Session } from '../data/session.js';
import { Sessions } from '../data/sessions.js';
import { ArchiveWriter } from './archive-writer.js';
import { FORMAT, FORMAT_VERSION, type Manifest } from './format.js';

export interface BackupContext {
  features: readonly FeatureSchema[];
  /** Of PrimeTrade. */
  version: string;
  /** AUTH_SECRET of this process. */
  authSecret: string | undefined;
  /** Whether it goes into the archive. */
  withSecret: boolean;
  report: Report;
  signal: AbortSignal;
}

/**
 * Writes all data of one moment into an archive. Whoever uses the database notices nothing: no
 * lock is taken that a reader does not take.
 *
 * @throws DataError; what has been written by then is no archive
 */
export async function takeBackup(
  from: Place,
  output: Writable,
  context: BackupContext,
): Promise<void> {
  const sessions = new Sessions('backup', context.signal);
  try {
    const source = await sessions.join(from);
    const { report } = context;
    report.line(`From  ${from.name}, PostgreSQL ${source.major}`);
    report.line();
    const schemas = await requireKnown(source, context.features);
    const tables = await takeSnapshot(source, schemas);
    const manifest = await manifestOf(source, schemas, tables, context);
    const secret = context.withSecret ? await secretFor(source, context.authSecret) : undefined;
    const archive = new ArchiveWriter(output, manifest);
    // Otherwise a stop would wait for whoever takes the archive.
    const stop = () => archive.destroy();
    context.signal.addEventListener('abort', stop);
    try {
      await archive.begin(secret);
      const digests = await writeTables(archive, source, tables, report);
      const sequences = [];
      for (const sequence of await readSequences(source, schemas)) {
        sequences.push(await readSequence(source, sequence));
      }
      await archive.end(
        sequences,
        digests.map(({ name, rows, checksum }) => ({
          name,
          rows: `${rows}`,
          checksum: `${checksum}`,
        })),
      );
      report.line();
      for (const line of digestTable(digests)) report.line(`  ${line}`);
    } finally {
      context.signal.removeEventListener('abort', stop);
      archive.destroy();
    }
  } catch (error) {
    throw sessions.reasonFor(error);
  } finally {
    sessions.end();
  }
}

/**
 * @returns the schemas that there are: the data may be of an older version
 * @throws DataError when there may be tables that this version does not know
 */
async function requireKnown(
  source: Session,
  features: readonly FeatureSchema[],
): Promise<string[]> {
  const schemas = features.map(({ schema }) => schema);
  await requireData(source, schemas);
  const known = knownMigrations(features);
  const applied = await readMigrations(source, schemas);
  const unknown = applied.find((name) => !known.includes(name));
  if (unknown === undefined) {
    return featuresAt(features, applied).map(({ schema }) => schema);
  }
  throw new DataError(
    `The data at ${source.place.name} is of a newer PrimeTrade (this one does not know ${unknown}): back it up with the version that it is of.`,
  );
}

/** From here on the session sees one moment of the database. @returns its tables */
async function takeSnapshot(source: Session, schemas: readonly string[]): Promise<Table[]> {
  const { client } = source;
  const before = await readTables(source, schemas);
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  // Before the moment is chosen, which the next statement does: no migration can come in between.
  await client.query(`LOCK TABLE ${listOf(before)} IN ACCESS SHARE MODE`);
  const tables = await readTables(source, schemas);
  if (differentColumn(before, tables) !== undefined) {
    throw new DataError(
      `The tables at ${source.place.name} are being migrated: run this again when that is done.`,
    );
  }
  return tables;
}

async function manifestOf(
  source: Session,
  schemas: readonly string[],
  tables: readonly Table[],
  { version, withSecret }: BackupContext,
): Promise<Manifest> {
  const { rows } = await source.client.query<{ now: Date }>(
    'SELECT transaction_timestamp() AS now',
  );
  const applied = await readMigrations(source, schemas);
  const ofSchema = (schema: string) =>
    applied
      .filter((name) => name.startsWith(`${schema}.`))
      .map((name) => name.slice(schema.length + 1));
  const key = await newestSigningKey(source);
  return {
    format: FORMAT,
    formatVersion: FORMAT_VERSION,
    primetrade: version,
    createdAt: rows[0]!.now.toISOString(),
    postgresql: source.major,
    migrations: Object.fromEntries(schemas.map((schema) => [schema, ofSchema(schema)])),
    tables: tables.map(({ name, columns }) => ({ name, columns })),
    signingKey: key === undefined ? null : { kid: key.kid, sealed: key.sealed.toString('base64') },
    withSecret,
  };
}

async function secretFor(source: Session, fromEnvironment: string | undefined): Promise<string> {
  const secret = await findSecret(source, fromEnvironment);
  if (secret !== undefined) return secret.value;
  throw new DataError(
    `The secret that the accounts at ${source.place.name} are protected with is not known here: leave out --with-secret, or run this with AUTH_SECRET in the environment.`,
  );
}

async function writeTables(
  archive: ArchiveWriter,
  source: Session,
  tables: readonly Table[],
  report: Report,
): Promise<(Digest & { name: string })[]> {
  const all = new Pace();
  const digests = [];
  for (const table of tables) {
    const progress = new TableProgress(table.name, all, report);
    await archive.table(table.name, rowsOf(source, table, progress));
    const found = await digest(source, table);
    digests.push({ name: table.name, ...found });
    progress.end(found.rows);
  }
  report.line(`Read ${all.toString()}.`);
  return digests;
}

/** As text, which means the same to servers of all versions. */
async function* rowsOf(
  { client }: Session,
  table: Table,
  progress: TableProgress,
): AsyncGenerator<Buffer> {
  const copy = `COPY ${table.sql} (${copiedColumns(table)}) TO STDOUT WITH (FORMAT text)`;
  for await (const chunk of client.query(copyTo(copy)) as AsyncIterable<Buffer>) {
    progress.add(chunk.length);
    yield chunk;
  }
}
