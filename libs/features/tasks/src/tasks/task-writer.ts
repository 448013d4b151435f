import type { Task, TaskPriority, TaskStatus } from '@primetrade/contracts';
import { isUniqueViolation, type Queries } from '@primetrade/platform-database';
import { AppError } from '@primetrade/platform-errors';
import { isForeignKeyViolation } from '../database/constraint-errors.js';
import { SqlParams } from '../database/sql-params.js';
import {
  checkLabelCount,
  labelExpressions,
  labelKey,
  labelsByKey,
  namesOf,
} from '../labels/label-names.js';
import { TASK_JSON } from './task-json.js';

/** A task that is known to be valid. Times are ISO 8601. */
export interface NewTask {
  id: string;
  title: string;
  description: string;
  status: TaskStatus;
  priority: TaskPriority;
  dueAt: string | null;
  /** Names; labels that do not exist yet are created. */
  labels: readonly string[];
  projectId: string | null;
  /** A live task of the same user, or one of the same call. */
  parentId: string | null;
  position: string;
  /** By default the time of the transaction. */
  createdAt?: string;
  /** By default the time of the transaction. */
  updatedAt?: string;
  /** Of a task that is done; by default its createdAt. Ignored unless it is done. */
  completedAt?: string | null;
  deletedAt?: string | null;
  /** By default 1. */
  version?: number;
}

interface InsertedRow {
  task: Task;
  labels?: number;
}

/**
 * Inserts tasks, and the labels that they need, in one statement. It checks neither depth nor
 * cycles of parents; that is the caller's part.
 *
 * @param queries within the transaction
 * @param tasks at most a few thousand
 * @returns the tasks as the API shows them
 * @throws AppError `already_exists` for an id of the user's that is taken, `not_found` for a
 *   project or parent that is not the user's, `limit_reached` for too many labels
 */
export async function insertTasks(
  queries: Queries,
  userId: string,
  tasks: readonly NewTask[],
): Promise<Task[]> {
  if (tasks.length === 0) return [];
  const params = new SqlParams();
  const user = params.add(userId);
  const rows = params.add(JSON.stringify(tasks.map(toRow)));
  const labels = labelsByKey(tasks.flatMap((task) => task.labels));
  const labelled = labels.size > 0;
  const statement = `
    ${labelled ? `WITH ${labelExpressions(params, user, labels)}` : ''}
    INSERT INTO tasks.tasks AS t
      (user_id, id, title, description, status, priority, due_at, labels, project_id, parent_id,
       position, created_at, updated_at, completed_at, deleted_at, version)
    SELECT ${user}::uuid, r.id, r.title, r.description, r.status, r.priority, r.due_at,
      ${labelled ? namesOf('r.labels') : `'{}'::text[]`}, r.project_id, r.parent_id, r.position,
      coalesce(r.created_at, now()), coalesce(r.updated_at, now()),
      CASE WHEN r.status = 'done' THEN coalesce(r.completed_at, r.created_at, now()) END,
      r.deleted_at, coalesce(r.version, 1)
    FROM json_to_recordset(${rows}::json) AS r (id uuid, title text, description text,
      status tasks.task_status, priority tasks.task_priority, due_at timestamptz, labels text[],
      project_id uuid, parent_id uuid, position text, created_at timestamptz,
      updated_at timestamptz, completed_at timestamptz, deleted_at timestamptz, version int)
    RETURNING ${TASK_JSON} AS task
      ${labelled ? ', (SELECT total FROM label_count) AS labels' : ''}`;
  try {
    const inserted: InsertedRow[] = await queries.query(statement, params.values);
    checkLabelCount(inserted[0]?.labels ?? 0);
    return inserted.map((row) => row.task);
  } catch (error) {
    throw explain(error);
  }
}

function toRow(task: NewTask) {
  return {
    id: task.id,
    title: task.title,
    description: task.description,
    status: task.status,
    priority: task.priority,
    due_at: task.dueAt,
    labels: [...new Set(task.labels.map(labelKey))],
    project_id: task.projectId,
    parent_id: task.parentId,
    position: task.position,
    created_at: task.createdAt,
    updated_at: task.updatedAt,
    completed_at: task.completedAt,
    deleted_at: task.deletedAt,
    version: task.version,
  };
}

/** Turns broken constraints of the tasks table into errors that a caller may see. */
export function explain(error: unknown): unknown {
  if (isUniqueViolation(error, 'tasks_pkey')) {
    return new AppError('already_exists', {
      detail: 'A task with this id exists. Leave the id out, or choose another one.',
    });
  }
  if (isForeignKeyViolation(error, 'tasks_project_fkey')) return projectNotFound();
  if (isForeignKeyViolation(error, 'tasks_parent_fkey')) return parentNotFound();
  return error;
}

export function projectNotFound(): AppError {
  return new AppError('not_found', {
    detail: 'There is no project with this projectId. Create it first, or leave projectId out.',
  });
}

export function parentNotFound(): AppError {
  return new AppError('not_found', {
    detail: 'There is no task with this parentId. Create it first, or leave parentId out.',
  });
}
