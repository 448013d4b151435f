import { NextResponse, type NextRequest } from 'next/server';
import { v7 as uuidv7 } from 'uuid';
import { requireAuth } from '../../../lib/auth';
import { cacheWrapper, invalidate } from '../../../lib/cache';
import { query } from '../../../lib/db';
import { errorResponse } from '../../../lib/errors';
import {
  COLUMNS,
  cursorBehind,
  NewTask,
  PageQuery,
  readCursor,
  type Task,
} from '../../../lib/tasks';

/** Off unless asked for, so that both can be measured. */
const CACHED = process.env.TASKS_CACHE === 'on';

async function page(userId: string, limit: number, cursor?: string) {
  const { rows } =
    cursor === undefined
      ? await query<Task>(
          'first-page',
          `SELECT ${COLUMNS} FROM tasks.tasks WHERE user_id = $1 AND deleted_at IS NULL
           ORDER BY created_at DESC, id DESC LIMIT $2`,
          [userId, limit + 1],
        )
      : await query<Task>(
          'next-page',
          `SELECT ${COLUMNS} FROM tasks.tasks WHERE user_id = $1 AND deleted_at IS NULL
             AND (created_at, id) < ($3::timestamptz, $4::uuid)
           ORDER BY created_at DESC, id DESC LIMIT $2`,
          [userId, limit + 1, ...readCursor(cursor)],
        );
  const items = rows.slice(0, limit);
  return { items, nextCursor: rows.length > limit ? cursorBehind(items.at(-1)!) : null };
}

export async function GET(request: NextRequest) {
  try {
    const { userId } = await requireAuth(request);
    const { limit, cursor } = PageQuery.parse(Object.fromEntries(request.nextUrl.searchParams));
    const fetchPage = () => page(userId, limit, cursor);
    const first = CACHED && cursor === undefined && limit === 20;
    return NextResponse.json(
      first ? await cacheWrapper(`user:${userId}:tasks`, 300, fetchPage) : await fetchPage(),
    );
  } catch (error) {
    return errorResponse(error);
  }
}

export async function POST(request: NextRequest) {
  try {
    const { userId } = await requireAuth(request);
    const task = NewTask.parse(await request.json());
    const { rows } = await query<Task>(
      'create-task',
      `INSERT INTO tasks.tasks (user_id, id, title, description, status, priority, due_at, labels,
         project_id, position, created_at, updated_at, completed_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, '{}', $8, $9, now(), now(),
         CASE WHEN $5::tasks.task_status = 'done' THEN now() END)
       RETURNING ${COLUMNS}`,
      [
        userId,
        uuidv7(),
        task.title,
        task.description,
        task.status,
        task.priority,
        task.dueAt,
        task.projectId,
        `i${(Date.now() * 1000).toString(36)}V`,
      ],
    );
    invalidate(`user:${userId}:tasks`);
    return NextResponse.json(rows[0], { status: 201 });
  } catch (error) {
    return errorResponse(error);
  }
}
