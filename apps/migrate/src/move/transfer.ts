import { migrate, type FeatureSchema } from '@primetrade/platform-database';
import {
  readMigrations,
  readSequences,
  readTables,
  requireEmpty,
  requireSameSchema,
  type Table,
} from '../data/catalogue.js';
import { copyTable, formatBetween } from '../data/copy-table.js';
import {
  digests,
  dropExtras,
  listOf,
  makeExtras,
  prove,
  readSequence,
  setSequence,
  TableProgress,
} from '../data/load.js';
import { hasContraction } from '../data/migrations.js';
import { Pace, type Report } from '../data/report.js';
import type { Session } from '../data/session.js';

/**
 * Brings the target's schemas up to date and makes sure that the source's rows fit in.
 *
 * @throws DataError
 */
export async function prepareTarget(
  source: Session,
  target: Session,
  features: readonly FeatureSchema[],
): Promise<void> {
  const schemas = features.map(({ schema }) => schema);
  await requireEmpty(target, schemas);
  const applied = await readMigrations(source, schemas);
  // Whether the source is rid of what older versions need is for its operator to say.
  const contract = hasContraction(features, applied);
  await migrate(target.place.url, features, { contract });
  await requireSameSchema(source, target, schemas);
}

/**
 * Copies all rows within the target's open transaction and proves that they arrived.
 *
 * @throws DataError when a table at the target is not equal to the source's
 */
export async function transfer(
  source: Session,
  target: Session,
  schemas: readonly string[],
  report: Report,
): Promise<void> {
  const tables = await readTables(source, schemas);
  const pace = new Pace();
  const extras = await dropExtras(target, schemas);
  // One moment of the source for all tables. Its tables are not locked: whoever wants to change
  // one would wait for the lock, holding on to a connection, before being refused.
  await source.client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  for (const table of tables) await copy(table, source, target, pace, report);
  for (const sequence of await readSequences(source, schemas)) {
    await setSequence(target, await readSequence(source, sequence));
  }
  await source.client.query('COMMIT');
  report.line(`Copied ${pace.toString()}. Making indexes and comparing …`);

  const made = new Pace();
  const [before, after] = await Promise.all([
    // As it is now: a change that was let through after all makes a difference.
    digests(source, tables),
    makeExtras(target, extras, report).then(() => digests(target, tables)),
  ]);
  await target.client.query(`ANALYZE ${listOf(tables)}`);
  report.line(
    `${extras.length} indexes and foreign keys made, all rows compared in ${made.seconds.toFixed(1)} s:`,
  );
  prove(
    tables.map(({ name }, n) => ({ table: name, before: before[n]!, after: after[n]! })),
    report,
    'look for a trigger at the target, or a program that may still change the source',
  );
}

async function copy(
  table: Table,
  source: Session,
  target: Session,
  all: Pace,
  report: Report,
): Promise<void> {
  const progress = new TableProgress(table.name, all, report);
  const rows = await copyTable(table, source, target, formatBetween(source, target), (bytes) =>
    progress.add(bytes),
  );
  progress.end(rows);
}
