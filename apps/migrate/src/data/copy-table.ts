import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type { Table } from './catalogue.js';
import type { Session } from './session.js';

export type CopyFormat = 'binary' | 'text';

/** The binary format is the faster one, and its details may change with the major version. */
export function formatBetween(source: Session, target: Session): CopyFormat {
  return source.major === target.major ? 'binary' : 'text';
}

/** The columns that are copied, as COPY takes them: what is computed from others is computed again. */
export function copiedColumns({ columns }: Pick<Table, 'columns'>): string {
  return columns
    .filter(({ generated }) => !generated)
    .map(({ name }) => pg.escapeIdentifier(name))
    .join(', ');
}

/**
 * Copies all rows of a table, as a stream: of any table, little is in memory at a time.
 *
 * @param onBytes is told how many more have been read
 * @returns the number of rows
 */
export async function copyTable(
  table: Table,
  source: Session,
  target: Session,
  format: CopyFormat,
  onBytes: (count: number) => void,
): Promise<number> {
  const columns = copiedColumns(table);
  const options = `WITH (FORMAT ${format})`;
  const reader = source.client.query(copyTo(`COPY ${table.sql} (${columns}) TO STDOUT ${options}`));
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      onBytes(chunk.length);
      done(null, chunk);
    },
  });
  const writer = target.client.query(
    copyFrom(`COPY ${table.sql} (${columns}) FROM STDIN ${options}`),
  );
  await pipeline(reader, counter, writer);
  return writer.rowCount;
}
