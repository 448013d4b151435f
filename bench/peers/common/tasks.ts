import type { Pool } from 'pg';
import { v7 as uuidv7 } from 'uuid';

const isoTime = (column: string) =>
  `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const COLUMNS = `
  t.id, t.title, t.description, t.status, t.priority,
  ${isoTime('t.due_at')} AS "dueAt",
  t.labels, t.project_id AS "projectId", t.parent_id AS "parentId", t.position,
  ${isoTime('t.created_at')} AS "createdAt",
  ${isoTime('t.updated_at')} AS "updatedAt",
  ${isoTime('t.completed_at')} AS "completedAt",
  ${isoTime('t.deleted_at')} AS "deletedAt",
  t.version`;

/** The statement of PrimeTrade: PostgreSQL writes the JSON of the tasks. */
const page = (behind: string) => `SELECT row_to_json(j)::text AS json FROM (
    SELECT ${COLUMNS} FROM tasks.tasks t
    WHERE t.user_id = $1 AND t.deleted_at IS NULL ${behind}
    ORDER BY t.created_at DESC, t.id DESC LIMIT $2
  ) j`;

const FIRST_PAGE = page('');
const NEXT_PAGE = page('AND (t.created_at, t.id) < ($3::timestamptz, $4::uuid)');

const INSERT = `INSERT INTO tasks.tasks AS t (user_id, id, title, description, status, priority,
    due_at, labels, project_id, position, created_at, updated_at, completed_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, '{}', $8, $9, now(), now(),
    CASE WHEN $5::tasks.task_status = 'done' THEN now() END)
  RETURNING (SELECT row_to_json(j)::text FROM (SELECT ${COLUMNS}) j) AS json`;

export interface NewTask {
  title: string;
  description: string;
  status: string;
  priority: string;
  dueAt: string | null;
  projectId: string | null;
}

/** A cursor that is not one. */
export class InvalidCursor extends Error {}

/**
 * A page of a user's tasks, newest first.
 *
 * @returns {items, nextCursor} as JSON text
 * @throws InvalidCursor
 */
export async function pageOfTasks(
  pool: Pool,
  userId: string,
  limit: number,
  cursor?: string,
): Promise<string> {
  const { rows } = await pool.query<{ json: string }>(
    cursor === undefined
      ? { name: 'first-page', text: FIRST_PAGE, values: [userId, limit + 1] }
      : { name: 'next-page', text: NEXT_PAGE, values: [userId, limit + 1, ...position(cursor)] },
  );
  const more = rows.length > limit;
  if (more) rows.pop();
  const items = rows.map((row) => row.json).join(',');
  return `{"items":[${items}],"nextCursor":${more ? JSON.stringify(cursorBehind(rows.at(-1)!.json)) : 'null'}}`;
}

/** @returns the task as JSON text */
export async function createTask(pool: Pool, userId: string, task: NewTask): Promise<string> {
  const { rows } = await pool.query<{ json: string }>({
    name: 'create-task',
    text: INSERT,
    values: [
      userId,
      uuidv7(),
      task.title,
      task.description,
      task.status,
      task.priority,
      task.dueAt,
      task.projectId,
      endPosition(),
    ],
  });
  return rows[0]!.json;
}

function cursorBehind(json: string): string {
  const { createdAt, id } = JSON.parse(json) as { createdAt: string; id: string };
  return Buffer.from(JSON.stringify(['-createdAt', [createdAt, id]])).toString('base64url');
}

function position(cursor: string): [string, string] {
  try {
    const [, [createdAt, id]] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [
      string,
      [string, string],
    ];
    if (!Number.isNaN(Date.parse(createdAt)) && /^[0-9a-f-]{36}$/.test(id)) return [createdAt, id];
  } catch {
    // Falls through: whatever is wrong with it, the answer is the same.
  }
  throw new InvalidCursor('cursor');
}

/** Behind all positions before it: the time in microseconds, in base 36. */
function endPosition(): string {
  return `i${(Date.now() * 1000).toString(36)}V`;
}
