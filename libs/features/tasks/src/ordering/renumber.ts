import type { Queries } from '@primetrade/platform-database';

/**
 * Moving things between the same two neighbours again and again makes positions longer, by one
 * character in about six moves. From this length on they are made anew.
 */
const LONGEST = 200;

/** Whether there is a position that has grown too long. */
export function needsNewPositions(rows: readonly { position: string }[]): boolean {
  return rows.some((row) => row.position.length > LONGEST);
}

/**
 * Gives everything in a user's manual order short positions, in the same order. They are keys of
 * the same kind as those of `EndPositions`, and in front of them.
 *
 * @param queries within the transaction, which holds the lock of the user
 */
export async function renumber(
  queries: Queries,
  table: 'tasks' | 'projects',
  userId: string,
): Promise<void> {
  await queries.query(
    `UPDATE tasks.${table} AS t SET position = 'i' || lpad(r.place::text, 9, '0') || 'V',
       version = t.version + 1, updated_at = now()
     FROM (
       SELECT id, row_number() OVER (ORDER BY position, id) AS place
       FROM tasks.${table} WHERE user_id = $1
     ) r
     WHERE t.user_id = $1 AND t.id = r.id`,
    [userId],
  );
}
