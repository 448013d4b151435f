import type { ImportJob } from '@primetrade/contracts';
import type { Queries } from '@primetrade/platform-database';
import { isoTime } from '../../tasks/task-json.js';
import type { NewTask } from '../../tasks/task-writer.js';
import type { FileContents } from '../reading/read-file.js';
import { nextTurn } from '../reading/slices.js';

/** How many imports of a user are remembered. */
const KEPT_IMPORTS = 20;
/** So many tasks are inserted in one transaction. */
const BATCH_TASKS = 500;
/** So many batches are stored by one statement. */
const STATEMENT_BATCHES = 10;

const IMPORT_JSON = `(SELECT row_to_json(j) FROM (SELECT
  i.id, i.format, i.status, i.total_rows AS "totalRows", i.processed_rows AS "processedRows",
  i.created_tasks AS "createdTasks", i.failed_rows AS "failedRows", i.errors,
  i.ignored_columns AS "ignoredColumns", i.failure,
  ${isoTime('i.created_at')} AS "createdAt", ${isoTime('i.finished_at')} AS "finishedAt") j)`;

/** @returns undefined when the user has no such import */
export async function findImport(
  queries: Queries,
  userId: string,
  id: string,
): Promise<ImportJob | undefined> {
  const [row]: { job: ImportJob }[] = await queries.query(
    `SELECT ${IMPORT_JSON} AS job FROM tasks.imports i WHERE i.user_id = $1 AND i.id = $2`,
    [userId, id],
  );
  return row?.job;
}

/** The latest ones, newest first. */
export async function listImports(queries: Queries, userId: string): Promise<ImportJob[]> {
  const rows: { job: ImportJob }[] = await queries.query(
    `SELECT ${IMPORT_JSON} AS job FROM tasks.imports i WHERE i.user_id = $1
     ORDER BY i.created_at DESC, i.id DESC LIMIT $2`,
    [userId, KEPT_IMPORTS],
  );
  return rows.map((row) => row.job);
}

/** How many imports of the user wait or run. */
export async function countUnfinished(queries: Queries, userId: string): Promise<number> {
  const [row]: { count: number }[] = await queries.query(
    `SELECT count(*)::int AS count FROM tasks.imports
     WHERE user_id = $1 AND finished_at IS NULL`,
    [userId],
  );
  return row!.count;
}

/**
 * Stores an import with all that it has to insert, and forgets the user's oldest ones. One without
 * a single task is finished at once.
 *
 * @param tasks of the file, parents before their subtasks
 */
export async function storeImport(
  queries: Queries,
  userId: string,
  id: string,
  file: FileContents,
  tasks: Iterable<NewTask>,
): Promise<ImportJob> {
  const [row]: [{ job: ImportJob }] = await queries.query(
    `INSERT INTO tasks.imports AS i (user_id, id, format, status, total_rows, processed_rows,
       failed_rows, errors, ignored_columns, finished_at)
     VALUES ($1, $2, $3, CASE WHEN $4 = 0 THEN 'completed' ELSE 'queued' END, $4::int + $5::int,
       $5, $5, $6, $7, CASE WHEN $4 = 0 THEN now() END)
     RETURNING ${IMPORT_JSON} AS job`,
    [
      userId,
      id,
      file.format,
      file.tasks.length,
      file.failedRows,
      JSON.stringify(file.errors),
      file.ignoredColumns,
    ],
  );
  let stored = 0;
  let texts: string[] = [];
  const flush = async () => {
    await queries.query(
      `INSERT INTO tasks.import_batches (user_id, import_id, number, tasks)
       SELECT $1::uuid, $2::uuid, $3::int + b.place, b.tasks
       FROM unnest($4::text[]) WITH ORDINALITY AS b (tasks, place)`,
      [userId, id, stored, texts],
    );
    stored += texts.length;
    texts = [];
  };
  for (const batch of batchesOf(tasks)) {
    texts.push(JSON.stringify(batch));
    if (texts.length === STATEMENT_BATCHES) await flush();
    await nextTurn();
  }
  if (texts.length > 0) await flush();
  await queries.query(
    `DELETE FROM tasks.imports WHERE user_id = $1 AND finished_at IS NOT NULL AND id IN (
       SELECT id FROM tasks.imports WHERE user_id = $1
       ORDER BY created_at DESC, id DESC OFFSET $2)`,
    [userId, KEPT_IMPORTS],
  );
  return row.job;
}

function* batchesOf(tasks: Iterable<NewTask>): Generator<NewTask[]> {
  let batch: NewTask[] = [];
  for (const task of tasks) {
    batch.push(task);
    if (batch.length === BATCH_TASKS) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}
