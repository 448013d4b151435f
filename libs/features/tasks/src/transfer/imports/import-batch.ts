import type { Queries } from '@primetrade/platform-database';
import { lockUser } from '../../database/user-lock.js';
import { insertTasks, type NewTask } from '../../tasks/task-writer.js';
import { type Lease, renewLease } from './import-lease.js';

/** `lost` when the import is no longer this process's. */
export type BatchOutcome = 'lost' | 'more' | 'finished';

/**
 * Inserts the next batch of an import. Its tasks, its removal and the progress count in one
 * transaction: a crash neither loses a row nor doubles one.
 */
export async function insertNextBatch(queries: Queries, lease: Lease): Promise<BatchOutcome> {
  const { userId, importId } = lease;
  // Nobody may delete a task while its subtasks are inserted.
  await lockUser(queries, userId);
  if (!(await renewLease(queries, lease))) return 'lost';
  const [taken]: [{ tasks: string }[], number] = await queries.query(
    `DELETE FROM tasks.import_batches WHERE user_id = $1 AND import_id = $2 AND number = (
       SELECT min(number) FROM tasks.import_batches WHERE user_id = $1 AND import_id = $2)
     RETURNING tasks`,
    [userId, importId],
  );
  const tasks = taken.flatMap((batch) => JSON.parse(batch.tasks) as NewTask[]);
  await insertTasks(queries, userId, await withoutWhatIsGone(queries, userId, tasks));
  const [[after]]: [[{ finished: boolean }], number] = await queries.query(
    `UPDATE tasks.imports AS i SET processed_rows = i.processed_rows + $3,
       created_tasks = i.created_tasks + $3, attempts = 0,
       status = CASE WHEN b.remain THEN 'running' ELSE 'completed' END,
       finished_at = CASE WHEN b.remain THEN NULL ELSE now() END
     FROM (SELECT EXISTS (
       SELECT FROM tasks.import_batches WHERE user_id = $1 AND import_id = $2) AS remain) b
     WHERE i.user_id = $1 AND i.id = $2
     RETURNING i.finished_at IS NOT NULL AS finished`,
    [userId, importId, tasks.length],
  );
  return after.finished ? 'finished' : 'more';
}

/**
 * Ends an import that cannot go on. What it has inserted stays.
 *
 * @param failure why, for the person who started it
 */
export async function failImport(queries: Queries, lease: Lease, failure: string): Promise<void> {
  if (!(await renewLease(queries, lease))) return;
  const { userId, importId } = lease;
  await queries.query(
    `UPDATE tasks.imports SET status = 'failed', failure = $3, finished_at = now()
     WHERE user_id = $1 AND id = $2`,
    [userId, importId, failure],
  );
  await queries.query(`DELETE FROM tasks.import_batches WHERE user_id = $1 AND import_id = $2`, [
    userId,
    importId,
  ]);
}

/** The tasks without projects and parents that the user has deleted since the upload. */
async function withoutWhatIsGone(
  queries: Queries,
  userId: string,
  tasks: readonly NewTask[],
): Promise<NewTask[]> {
  const own = new Set(tasks.map(({ id }) => id));
  const projects = idsOf(tasks.map(({ projectId }) => projectId));
  const parents = idsOf(tasks.map(({ parentId }) => parentId)).filter((id) => !own.has(id));
  if (projects.length + parents.length === 0) return [...tasks];
  const rows: { id: string }[] = await queries.query(
    `WITH p AS (
       SELECT id FROM tasks.projects WHERE user_id = $1 AND id = ANY ($3) FOR KEY SHARE
     )
     SELECT id FROM p UNION ALL
     SELECT id FROM tasks.tasks WHERE user_id = $1 AND id = ANY ($2) AND deleted_at IS NULL`,
    [userId, parents, projects],
  );
  const there = new Set([...own, ...rows.map(({ id }) => id)]);
  const kept = (id: string | null) => (id !== null && there.has(id) ? id : null);
  return tasks.map((task) => ({
    ...task,
    projectId: kept(task.projectId),
    parentId: kept(task.parentId),
  }));
}

function idsOf(ids: readonly (string | null)[]): string[] {
  return [...new Set(ids.filter((id) => id !== null))];
}
