import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { Queries } from '@primetrade/platform-database';

/** An import that this process may work on, until another one takes it over. */
export interface Lease {
  userId: string;
  importId: string;
  /** Changes hands with the import: whoever holds an old one has lost it. */
  token: string;
  /** How often it was taken since its last batch was done, this time included. */
  attempts: number;
}

/** Longer than any batch takes; so long an import rests after the process that had it has died. */
const LEASE_SECONDS = 30;

/** Takes the oldest import that nobody works on; undefined when there is none. */
export async function takeLease(source: DataSource): Promise<Lease | undefined> {
  const token = randomUUID();
  const [rows]: [{ user_id: string; id: string; attempts: number }[], number] = await source.query(
    `UPDATE tasks.imports AS i SET lease = $1, status = 'running', attempts = i.attempts + 1,
       leased_until = now() + make_interval(secs => $2)
     FROM (
       SELECT user_id, id FROM tasks.imports
       WHERE finished_at IS NULL AND (leased_until IS NULL OR leased_until < now())
       ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED
     ) next
     WHERE i.user_id = next.user_id AND i.id = next.id
     RETURNING i.user_id, i.id, i.attempts`,
    [token, LEASE_SECONDS],
  );
  const row = rows[0];
  return row && { userId: row.user_id, importId: row.id, token, attempts: row.attempts };
}

/**
 * Makes the lease last longer, and locks the import until the end of the transaction.
 *
 * @returns false when the import is finished, deleted or in other hands: leave it alone
 */
export async function renewLease(queries: Queries, lease: Lease): Promise<boolean> {
  const [, renewed]: [unknown[], number] = await queries.query(
    `UPDATE tasks.imports SET leased_until = now() + make_interval(secs => $4)
     WHERE user_id = $1 AND id = $2 AND lease = $3 AND finished_at IS NULL`,
    [lease.userId, lease.importId, lease.token, LEASE_SECONDS],
  );
  return renewed === 1;
}

/** Gives the import back unfinished, so that another process can go on at once. */
export async function returnLease(queries: Queries, lease: Lease): Promise<void> {
  await queries.query(
    `UPDATE tasks.imports SET lease = NULL, leased_until = NULL, attempts = 0
     WHERE user_id = $1 AND id = $2 AND lease = $3 AND finished_at IS NULL`,
    [lease.userId, lease.importId, lease.token],
  );
}
