import type { Queries } from '@primetrade/platform-database';

/**
 * Makes the changes of one user's order and hierarchy happen one after the other, until the end of
 * the transaction: two moves into one gap, or a subtask added to a task that is being deleted,
 * cannot be told apart by locks on rows.
 */
export async function lockUser(queries: Queries, userId: string): Promise<void> {
  await queries.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`tasks:${userId}`]);
}
