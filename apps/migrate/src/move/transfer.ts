import { migrate, type FeatureSchema } from '@primetrade/platform-database';
import {
  readExtras,
  readMigrations,
  readSequences,
  readTables,
  requireEmpty,
  requireSameSchema,
  type Table,
} from './catalogue.js';
import { copyTable, formatBetween } from './copy-table.js';
import { MoveError } from './move-error.js';
import { type Comparison, comparisonTable, count, type Digest, digest, isEqual } from './proof.js';
import { Pace, type Report } from './report.js';
import type { Session } from './session.js';

const NAME_WIDTH = 24;
const COUNT_WIDTH = 12;
const MEGABYTE = 1e6;

/**
 * Brings the target's schemas up to date and makes sure that the source's rows fit in.
 *
 * @throws MoveError
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
  const contract = features.some(({ schema, contractions = [] }) =>
    contractions.some((Migration) =>
      applied.includes(`${schema}.${new Migration().name ?? Migration.name}`),
    ),
  );
  await migrate(target.place.url, features, { contract });
  await requireSameSchema(source, target, schemas);
}

/**
 * Opens the transaction at the target that all rows will be part of, or none.
 *
 * @returns its id, by which the target says later how it ended
 * @throws MoveError when somebody has put rows in meanwhile
 */
export async function begin(target: Session, schemas: readonly string[]): Promise<string> {
  await target.client.query('BEGIN');
  const tables = await readTables(target, schemas);
  // No service that is started too early may add rows of its own.
  await target.client.query(`LOCK TABLE ${listOf(tables)} IN ACCESS EXCLUSIVE MODE`);
  await requireEmpty(target, schemas);
  const { rows } = await target.client.query<{ id: string }>(
    'SELECT pg_current_xact_id()::text AS id',
  );
  return rows[0]!.id;
}

/**
 * Copies all rows within the target's open transaction and proves that they arrived.
 *
 * @throws MoveError when a table at the target is not equal to the source's
 */
export async function transfer(
  source: Session,
  target: Session,
  schemas: readonly string[],
  report: Report,
): Promise<void> {
  const tables = await readTables(source, schemas);
  const pace = new Pace();
  const extras = await readExtras(target, schemas);
  for (const statement of extras.drop) await target.client.query(statement);
  // One moment of the source for all tables. Its tables are not locked: whoever wants to change
  // one would wait for the lock, holding on to a connection, before being refused.
  await source.client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  for (const table of tables) await copy(table, source, target, pace, report);
  await copySequences(source, target, schemas);
  await source.client.query('COMMIT');
  report.line(`Copied ${pace.toString()}. Making indexes and comparing …`);

  const made = new Pace();
  const [before, after] = await Promise.all([
    // As it is now: a change that was let through after all makes a difference.
    digests(source, tables),
    make(target, extras.create, report).then(() => digests(target, tables)),
  ]);
  await target.client.query(`ANALYZE ${listOf(tables)}`);
  report.line(
    `${extras.create.length} indexes and foreign keys made, all rows compared in ${made.seconds.toFixed(1)} s:`,
  );
  prove(
    tables.map(({ name }, n) => ({ table: name, before: before[n]!, after: after[n]! })),
    report,
  );
}

async function copy(
  table: Table,
  source: Session,
  target: Session,
  all: Pace,
  report: Report,
): Promise<void> {
  const pace = new Pace();
  const rows = await copyTable(table, source, target, formatBetween(source, target), (bytes) => {
    pace.bytes += bytes;
    all.bytes += bytes;
    report.progress(() => `  ${table.name.padEnd(NAME_WIDTH)} ${pace.toString()}`);
  });
  // Of a few rows, the time says nothing.
  const how = pace.bytes < MEGABYTE ? '' : `  ${pace.toString()}`;
  report.line(`  ${table.name.padEnd(NAME_WIDTH)} ${count(rows).padStart(COUNT_WIDTH)} rows${how}`);
}

async function make(
  { client }: Session,
  statements: readonly string[],
  report: Report,
): Promise<void> {
  for (const [n, statement] of statements.entries()) {
    report.progress(() => `  ${n} of ${statements.length} made`);
    await client.query(statement);
  }
}

/** Where the numbers of a sequence go on. */
async function copySequences(
  source: Session,
  target: Session,
  schemas: readonly string[],
): Promise<void> {
  for (const sequence of await readSequences(source, schemas)) {
    const { rows } = await source.client.query<{ value: string; called: boolean }>(
      `SELECT last_value::text AS value, is_called AS called FROM ${sequence}`,
    );
    await target.client.query('SELECT setval($1, $2, $3)', [
      sequence,
      rows[0]!.value,
      rows[0]!.called,
    ]);
  }
}

async function digests(session: Session, tables: readonly Table[]): Promise<Digest[]> {
  const all: Digest[] = [];
  for (const table of tables) all.push(await digest(session, table));
  return all;
}

function prove(comparisons: readonly Comparison[], report: Report): void {
  report.line();
  for (const line of comparisonTable(comparisons)) report.line(`  ${line}`);
  report.line();
  const different = comparisons.find((comparison) => !isEqual(comparison));
  if (different !== undefined) {
    throw new MoveError(
      `${different.table} is not the same at the target as at the source, and nothing was kept there: look for a trigger at the target, or a program that may still change the source.`,
    );
  }
}

function listOf(tables: readonly Table[]): string {
  return tables.map(({ sql }) => sql).join(', ');
}
