import type { Task } from '@primetrade/contracts';
import type { Database } from '@primetrade/platform-database';
import { withoutDeadline } from '@primetrade/platform-request-context';
import { TASK_JSON } from './task-json.js';

const BATCH = 500;

/**
 * All of a user's tasks that are not in the trash, in the order of their ids: a subtask may come
 * before its parent. Read in batches, so that neither memory nor a transaction grows with their
 * number.
 *
 * @param options.trash also those in the trash
 */
export async function* readAllTasks(
  database: Database,
  userId: string,
  options: { trash?: boolean } = {},
): AsyncGenerator<Task[]> {
  let after: string | null = null;
  for (;;) {
    const read = () =>
      database.read(userId, (queries) =>
        queries.query<{ task: Task }[]>(
          `SELECT ${TASK_JSON} AS task FROM tasks.tasks t
           WHERE t.user_id = $1 AND ($2::uuid IS NULL OR t.id > $2)
             AND ($3 OR t.deleted_at IS NULL)
           ORDER BY t.id LIMIT $4`,
          [userId, after, options.trash ?? false, BATCH],
        ),
      );
    // Who has an answer that has begun gets the rest of it, however long that takes.
    const rows: { task: Task }[] = await withoutDeadline(read);
    if (rows.length > 0) yield rows.map((row) => row.task);
    if (rows.length < BATCH) return;
    after = rows.at(-1)!.task.id;
  }
}
