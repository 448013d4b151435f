import pg from 'pg';
import type { Table } from './catalogue.js';
import type { Session } from './session.js';

/** What all rows of a table amount to, in whatever order they lie. */
export interface Digest {
  rows: bigint;
  /** The sum of 64 bits of SHA-256 of each row's text. */
  checksum: bigint;
}

/**
 * Reads every row of a table. Equal rows give equal digests on servers of any version, given the
 * settings of a session of this command.
 */
export async function digest({ client }: Session, table: Table): Promise<Digest> {
  const row = table.columns.map(({ name }) => pg.escapeIdentifier(name)).join(', ');
  const { rows } = await client.query<{ rows: string; checksum: string }>(
    `SELECT count(*)::text AS rows, coalesce(sum(('x' || encode(substr(
       sha256(convert_to(ROW(${row})::text, 'UTF8')), 1, 8), 'hex'))::bit(64)::bigint::numeric), 0
     )::text AS checksum FROM ONLY ${table.sql}`,
  );
  return { rows: BigInt(rows[0]!.rows), checksum: BigInt(rows[0]!.checksum) };
}

/** Digests of a table at the source and at the target. */
export interface Comparison {
  table: string;
  before: Digest;
  after: Digest;
}

export function isEqual({ before, after }: Comparison): boolean {
  return before.rows === after.rows && before.checksum === after.checksum;
}

/** The comparisons as a table for people. */
export function comparisonTable(comparisons: readonly Comparison[]): string[] {
  return aligned(
    [1, 2],
    [
      ['Table', 'Rows before', 'after', 'Checksum before', 'after', ''],
      ...comparisons.map((comparison) => [
        comparison.table,
        count(comparison.before.rows),
        count(comparison.after.rows),
        hex(comparison.before.checksum),
        hex(comparison.after.checksum),
        isEqual(comparison) ? 'equal' : 'DIFFERENT',
      ]),
    ],
  );
}

/** The digests of tables as a table for people. */
export function digestTable(tables: readonly (Digest & { name: string })[]): string[] {
  return aligned(
    [1],
    [
      ['Table', 'Rows', 'Checksum'],
      ...tables.map(({ name, rows, checksum }) => [name, count(rows), hex(checksum)]),
    ],
  );
}

/** @param numbers columns that are aligned on the right */
function aligned(numbers: readonly number[], lines: readonly string[][]): string[] {
  const widths = lines[0]!.map((_, column) =>
    Math.max(...lines.map((line) => line[column]!.length)),
  );
  return lines.map((line) =>
    line
      .map((cell, column) =>
        numbers.includes(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
      )
      .join('  ')
      .trimEnd(),
  );
}

/** A number with separators, as people read it. */
export function count(value: bigint | number): string {
  return value.toLocaleString('en');
}

/** Sums of many rows are longer; they are compared whole and shown in part. */
function hex(sum: bigint): string {
  return BigInt.asUintN(64, sum).toString(16).padStart(16, '0');
}
