import { readExtras, readTables, requireEmpty, type Table } from './catalogue.js';
import { DataError } from './data-error.js';
import { type Comparison, comparisonTable, count, type Digest, digest, isEqual } from './proof.js';
import { Pace, type Report } from './report.js';
import type { Session } from './session.js';

const NAME_WIDTH = 24;
const COUNT_WIDTH = 12;
const MEGABYTE = 1e6;

/**
 * Opens the transaction at the target that all rows will be part of, or none.
 *
 * @param except names of tables that may have rows
 * @returns its id, by which the target says later how it ended
 * @throws DataError when somebody has put rows in meanwhile
 */
export async function begin(
  target: Session,
  schemas: readonly string[],
  except: readonly string[] = [],
): Promise<string> {
  await target.client.query('BEGIN');
  const tables = await readTables(target, schemas);
  // No service that is started too early may add rows of its own.
  await target.client.query(`LOCK TABLE ${listOf(tables)} IN ACCESS EXCLUSIVE MODE`);
  await requireEmpty(target, schemas, except);
  const { rows } = await target.client.query<{ id: string }>(
    'SELECT pg_current_xact_id()::text AS id',
  );
  return rows[0]!.id;
}

/**
 * Drops what makes loading slow.
 *
 * @returns the statements that make it again
 */
export async function dropExtras(target: Session, schemas: readonly string[]): Promise<string[]> {
  const extras = await readExtras(target, schemas);
  for (const statement of extras.drop) await target.client.query(statement);
  return extras.create;
}

/** Makes again what dropExtras has dropped, and counts on. */
export async function makeExtras(
  { client }: Session,
  statements: readonly string[],
  report: Report,
): Promise<void> {
  for (const [n, statement] of statements.entries()) {
    report.progress(() => `  ${n} of ${statements.length} made`);
    await client.query(statement);
  }
}

/** Says what is done with a table while it is done, and what it was. */
export class TableProgress {
  private readonly pace = new Pace();

  constructor(
    private readonly table: string,
    private readonly all: Pace,
    private readonly report: Report,
  ) {}

  add(bytes: number): void {
    this.pace.bytes += bytes;
    this.all.bytes += bytes;
    this.report.progress(() => `  ${this.table.padEnd(NAME_WIDTH)} ${this.pace.toString()}`);
  }

  end(rows: bigint | number): void {
    // Of a few rows, the time says nothing.
    const how = this.pace.bytes < MEGABYTE ? '' : `  ${this.pace.toString()}`;
    this.report.line(
      `  ${this.table.padEnd(NAME_WIDTH)} ${count(rows).padStart(COUNT_WIDTH)} rows${how}`,
    );
  }
}

/** Where the numbers of a sequence go on. */
export interface SequenceState {
  /** Quoted for statements, with its schema. */
  sql: string;
  value: string;
  /** Whether that value has been given out. */
  called: boolean;
}

export async function readSequence({ client }: Session, sql: string): Promise<SequenceState> {
  const { rows } = await client.query<{ value: string; called: boolean }>(
    `SELECT last_value::text AS value, is_called AS called FROM ${sql}`,
  );
  return { sql, ...rows[0]! };
}

export async function setSequence({ client }: Session, state: SequenceState): Promise<void> {
  await client.query('SELECT setval($1, $2, $3)', [state.sql, state.value, state.called]);
}

/** Digests of tables, one after the other. */
export async function digests(session: Session, tables: readonly Table[]): Promise<Digest[]> {
  const all: Digest[] = [];
  for (const table of tables) all.push(await digest(session, table));
  return all;
}

/**
 * Shows the comparisons and makes sure that all tables are equal.
 *
 * @param advice what to do when one is not
 * @throws DataError that names the first that is not
 */
export function prove(comparisons: readonly Comparison[], report: Report, advice: string): void {
  report.line();
  for (const line of comparisonTable(comparisons)) report.line(`  ${line}`);
  report.line();
  const different = comparisons.find((comparison) => !isEqual(comparison));
  if (different !== undefined) {
    throw new DataError(
      `${different.table} is not the same at the target as at the source, and nothing was kept there: ${advice}.`,
    );
  }
}

/** Tables as a statement takes them. */
export function listOf(tables: readonly Table[]): string {
  return tables.map(({ sql }) => sql).join(', ');
}
