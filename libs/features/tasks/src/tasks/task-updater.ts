import type { Task } from '@primetrade/contracts';
import type { Queries } from '@primetrade/platform-database';
import { SqlParams } from '../database/sql-params.js';
import {
  checkLabelCount,
  labelExpressions,
  labelKey,
  labelsByKey,
  namesOf,
} from '../labels/label-names.js';
import type { TaskPatch } from './task-batch.js';
import { TASK_JSON } from './task-json.js';
import { explain } from './task-writer.js';

/**
 * Writes the new states of tasks that the transaction has locked, in one statement.
 *
 * @returns the tasks as the API shows them
 * @throws AppError as `insertTasks`
 */
export async function updateTasks(
  queries: Queries,
  userId: string,
  patches: readonly TaskPatch[],
): Promise<Task[]> {
  if (patches.length === 0) return [];
  const params = new SqlParams();
  const user = params.add(userId);
  const rows = params.add(JSON.stringify(patches.map(toRow)));
  const labels = labelsByKey(patches.flatMap((patch) => patch.labels ?? []));
  const labelled = labels.size > 0;
  const names = labelled ? namesOf('p.labels') : `'{}'::text[]`;
  const statement = `
    ${labelled ? `WITH ${labelExpressions(params, user, labels)}` : ''}
    UPDATE tasks.tasks AS t SET
      title = coalesce(p.title, t.title), description = coalesce(p.description, t.description),
      status = p.status, priority = coalesce(p.priority, t.priority), due_at = p.due_at,
      labels = CASE WHEN p.labels IS NULL THEN t.labels ELSE ${names} END,
      project_id = p.project_id, parent_id = p.parent_id, position = p.position,
      completed_at = p.completed_at, deleted_at = p.deleted_at,
      version = p.version, updated_at = now()
    FROM json_to_recordset(${rows}::json) AS p (id uuid, title text, description text,
      status tasks.task_status, priority tasks.task_priority, due_at timestamptz, labels text[],
      project_id uuid, parent_id uuid, position text, completed_at timestamptz,
      deleted_at timestamptz, version int)
    WHERE t.user_id = ${user}::uuid AND t.id = p.id
    RETURNING ${TASK_JSON} AS task
      ${labelled ? ', (SELECT total FROM label_count) AS labels' : ''}`;
  try {
    const [updated]: [{ task: Task; labels?: number }[], number] = await queries.query(
      statement,
      params.values,
    );
    checkLabelCount(updated[0]?.labels ?? 0);
    return updated.map((row) => row.task);
  } catch (error) {
    throw explain(error);
  }
}

function toRow(patch: TaskPatch) {
  return {
    id: patch.id,
    title: patch.title,
    description: patch.description,
    status: patch.status,
    priority: patch.priority,
    due_at: patch.dueAt,
    labels: patch.labels && [...new Set(patch.labels.map(labelKey))],
    project_id: patch.projectId,
    parent_id: patch.parentId,
    position: patch.position,
    completed_at: patch.completedAt,
    deleted_at: patch.deletedAt,
    version: patch.version,
  };
}
