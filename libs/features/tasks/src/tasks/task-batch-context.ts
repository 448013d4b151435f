import type { Queries } from '@primetrade/platform-database';
import type { BatchContext, TaskOperation, TaskState } from './task-batch.js';
import { isoTime } from './task-json.js';

/** What operations refer to, by kind. */
interface References {
  tasks: Set<string>;
  projects: Set<string>;
  /** Tasks behind which others are moved; null stands for the front. */
  after: Set<string | null>;
}

/**
 * Reads and locks what a batch starts from, in as many statements as there are kinds of things
 * that the operations refer to: at most three.
 */
export async function loadContext(
  queries: Queries,
  userId: string,
  operations: readonly TaskOperation[],
): Promise<Pick<BatchContext, 'tasks' | 'projectIds' | 'positions' | 'now'>> {
  const references = referencesOf(operations);
  const { tasks, now } = await loadTasks(queries, userId, references.tasks);
  return {
    tasks,
    now,
    projectIds: await loadProjects(queries, userId, references.projects),
    positions: await loadPositions(queries, userId, references.after),
  };
}

function referencesOf(operations: readonly TaskOperation[]): References {
  const references: References = { tasks: new Set(), projects: new Set(), after: new Set() };
  const { tasks, projects, after } = references;
  for (const operation of operations) {
    if (operation.op === 'create') {
      const { id, parentId, projectId } = operation.task;
      if (id !== undefined) tasks.add(id);
      if (parentId !== null) tasks.add(parentId);
      if (projectId !== null) projects.add(projectId);
      continue;
    }
    tasks.add(operation.id);
    if (operation.op !== 'update') continue;
    const { parentId, projectId, afterId } = operation.changes;
    if (parentId) tasks.add(parentId);
    if (projectId) projects.add(projectId);
    if (afterId) tasks.add(afterId);
    if (afterId !== undefined) after.add(afterId);
  }
  return references;
}

/** The tasks with their ancestors and descendants, locked in the order of their ids. */
async function loadTasks(
  queries: Queries,
  userId: string,
  ids: ReadonlySet<string>,
): Promise<{ tasks: TaskState[]; now: string }> {
  const rows: { now: string; task: TaskState | null }[] = await queries.query(
    `WITH RECURSIVE up AS (
       SELECT t.id, t.parent_id FROM tasks.tasks t WHERE t.user_id = $1 AND t.id = ANY ($2)
       UNION
       SELECT t.id, t.parent_id FROM up JOIN tasks.tasks t ON t.user_id = $1 AND t.id = up.parent_id
     ), down AS (
       SELECT t.id FROM tasks.tasks t WHERE t.user_id = $1 AND t.id = ANY ($2)
       UNION
       SELECT t.id FROM down JOIN tasks.tasks t ON t.user_id = $1 AND t.parent_id = down.id
     ), locked AS (
       SELECT t.* FROM tasks.tasks t
       WHERE t.user_id = $1 AND t.id IN (SELECT id FROM up UNION SELECT id FROM down)
       ORDER BY t.id FOR NO KEY UPDATE
     )
     SELECT ${isoTime('now()')} AS now, json_build_object(
       'id', t.id, 'status', t.status, 'dueAt', ${isoTime('t.due_at')},
       'projectId', t.project_id, 'parentId', t.parent_id, 'position', t.position,
       'completedAt', ${isoTime('t.completed_at')}, 'deletedAt', ${isoTime('t.deleted_at')},
       'version', t.version) AS task
     FROM locked t
     UNION ALL SELECT ${isoTime('now()')}, NULL`,
    [userId, [...ids]],
  );
  return {
    tasks: rows.flatMap((row) => (row.task === null ? [] : [row.task])),
    now: rows[0]!.now,
  };
}

async function loadProjects(
  queries: Queries,
  userId: string,
  ids: ReadonlySet<string>,
): Promise<Set<string>> {
  if (ids.size === 0) return new Set();
  const rows: { id: string }[] = await queries.query(
    `SELECT id FROM tasks.projects WHERE user_id = $1 AND id = ANY ($2)
     ORDER BY id FOR KEY SHARE`,
    [userId, [...ids]],
  );
  return new Set(rows.map((row) => row.id));
}

/** For each task the position that follows its own, and the very first one for the front. */
async function loadPositions(
  queries: Queries,
  userId: string,
  after: ReadonlySet<string | null>,
): Promise<string[]> {
  if (after.size === 0) return [];
  const rows: { position: string | null }[] = await queries.query(
    `SELECT (SELECT min(n.position) FROM tasks.tasks n
        WHERE n.user_id = $1 AND n.position > t.position) AS position
     FROM tasks.tasks t WHERE t.user_id = $1 AND t.id = ANY ($2)
     UNION ALL
     SELECT min(n.position) FROM tasks.tasks n WHERE n.user_id = $1 AND $3`,
    [userId, [...after].filter((id) => id !== null), after.has(null)],
  );
  return rows.flatMap((row) => (row.position === null ? [] : [row.position]));
}
