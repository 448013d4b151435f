import type { Task, UpdateTaskRequest } from '@primetrade/contracts';
import {
  type Queries,
  type VersionCondition,
  versionMismatch,
} from '@primetrade/platform-database';
import { SqlParams } from '../database/sql-params.js';
import { checkLabelCount, labelExpressions, labelsByKey, namesOf } from '../labels/label-names.js';
import { taskInTrash, taskNotFound } from './task-batch.js';
import { TASK_JSON } from './task-json.js';
import { explain } from './task-writer.js';

/** Changes that touch neither order nor hierarchy, and so need no more than the row itself. */
export type PlainChanges = Omit<UpdateTaskRequest, 'parentId' | 'afterId'>;

/**
 * Changes one task in one statement.
 *
 * @param condition the versions that may be changed
 * @returns the task as the API shows it
 * @throws AppError `not_found`, `conflict` for a task in the trash, `version_mismatch`
 */
export async function patchTask(
  queries: Queries,
  userId: string,
  id: string,
  changes: PlainChanges,
  condition: VersionCondition = 'any',
): Promise<Task> {
  const params = new SqlParams();
  const user = params.add(userId);
  const task = params.add(id);
  const labels = labelsByKey(changes.labels ?? []);
  const labelled = labels.size > 0;
  const expressions = labelled ? `WITH ${labelExpressions(params, user, labels)}` : '';
  const sets = [...assignments(changes, [...labels.keys()], params), 'version = t.version + 1'];
  const versions =
    condition === 'any' ? '' : `AND t.version = ANY (${params.add([...condition])}::int[])`;
  const statement = `${expressions}
    UPDATE tasks.tasks AS t SET ${sets.join(', ')}, updated_at = now()
    WHERE t.user_id = ${user}::uuid AND t.id = ${task}::uuid AND t.deleted_at IS NULL ${versions}
    RETURNING ${TASK_JSON} AS task
      ${labelled ? ', (SELECT total FROM label_count) AS labels' : ''}`;
  let updated: { task: Task; labels?: number }[];
  try {
    [updated] = await queries.query(statement, params.values);
  } catch (error) {
    throw explain(error);
  }
  const [row] = updated;
  if (row === undefined) throw await refusal(queries, userId, id);
  checkLabelCount(row.labels ?? 0);
  return row.task;
}

function assignments(changes: PlainChanges, labelKeys: string[], params: SqlParams): string[] {
  const sets: string[] = [];
  if (changes.title !== undefined) sets.push(`title = ${params.add(changes.title)}`);
  if (changes.description !== undefined) {
    sets.push(`description = ${params.add(changes.description)}`);
  }
  if (changes.priority !== undefined) sets.push(`priority = ${params.add(changes.priority)}`);
  if (changes.dueAt !== undefined) sets.push(`due_at = ${params.add(changes.dueAt)}`);
  if (changes.projectId !== undefined) sets.push(`project_id = ${params.add(changes.projectId)}`);
  if (changes.labels !== undefined) {
    sets.push(
      `labels = ${labelKeys.length > 0 ? namesOf(`${params.add(labelKeys)}::text[]`) : `'{}'`}`,
    );
  }
  if (changes.status !== undefined) {
    sets.push(`status = ${params.add(changes.status)}`);
    // A task that was done already keeps the time at which it was done first.
    sets.push(
      changes.status === 'done'
        ? 'completed_at = coalesce(t.completed_at, now())'
        : 'completed_at = NULL',
    );
  }
  return sets;
}

/** Why an update found no row. */
async function refusal(queries: Queries, userId: string, id: string): Promise<Error> {
  const [task]: { trashed: boolean }[] = await queries.query(
    `SELECT deleted_at IS NOT NULL AS trashed FROM tasks.tasks WHERE user_id = $1 AND id = $2`,
    [userId, id],
  );
  if (task === undefined) return taskNotFound();
  return task.trashed ? taskInTrash() : versionMismatch();
}
