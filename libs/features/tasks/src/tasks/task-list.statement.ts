import type { TaskListQuery } from '@primetrade/contracts';
import { decodeCursor } from '@primetrade/platform-database';
import { AppError } from '@primetrade/platform-errors';
import { containsPattern, SqlParams } from '../database/sql-params.js';
import { labelKey } from '../labels/label-names.js';
import { TASK_COLUMNS } from './task-json.js';
import { SORT_ORDERS, type SortOrder, titleKey } from './task-sorts.js';

export interface Statement {
  text: string;
  values: unknown[];
}

/** More words than this do not make a search any narrower in practice. */
const MAX_WORDS = 10;

/**
 * The one statement behind a page of tasks. It returns one row more than the page has, if there
 * are more: `json`, the task as text, and for the sort by title `title_key`.
 *
 * PostgreSQL writes the JSON, so that a page passes through the process as text: parsing rows and
 * writing them again takes the process about a third more time a page.
 *
 * @throws AppError `invalid_cursor`
 */
export function taskListStatement(userId: string, query: TaskListQuery): Statement {
  const params = new SqlParams();
  const conditions = [
    `t.user_id = ${params.add(userId)}`,
    query.trash === 'true' ? 't.deleted_at IS NOT NULL' : 't.deleted_at IS NULL',
    ...filters(query, params),
  ];
  const order = SORT_ORDERS[query.sort];
  if (query.cursor !== undefined) conditions.push(behind(query.cursor, query.sort, order, params));
  const text = `SELECT row_to_json(j)::text AS json${query.sort === 'title' ? `, ${titleKey('j')} AS title_key` : ''}
    FROM (
      SELECT ${TASK_COLUMNS} FROM tasks.tasks t
      WHERE ${conditions.join(' AND ')}
      ORDER BY ${order.columns.map((column) => `${column.sql} ${order.direction}`).join(', ')}
      LIMIT ${params.add(query.limit + 1)}
    ) j`;
  return { text, values: params.values };
}

function filters(query: TaskListQuery, params: SqlParams): string[] {
  const found: string[] = [];
  if (query.status !== undefined) {
    found.push(oneOf('t.status', 'tasks.task_status', query.status, params));
  }
  if (query.priority !== undefined) {
    found.push(oneOf('t.priority', 'tasks.task_priority', query.priority, params));
  }
  if (query.label !== undefined) {
    // Tasks carry the spelling that the label has; a label that does not exist is on no task.
    found.push(`t.labels @> ARRAY[(SELECT l.name FROM tasks.labels l
      WHERE l.user_id = $1 AND l.name_key = ${params.add(labelKey(query.label))})]`);
  }
  if (query.project !== undefined) found.push(reference('t.project_id', query.project, params));
  if (query.parent !== undefined) found.push(reference('t.parent_id', query.parent, params));
  for (const word of new Set(query.q?.split(/\s+/).slice(0, MAX_WORDS))) {
    const pattern = params.add(containsPattern(word));
    found.push(`(t.title ILIKE ${pattern} OR t.description ILIKE ${pattern})`);
  }
  // From dueAfter on, up to and without dueBefore: periods that follow each other do not overlap.
  if (query.dueAfter !== undefined) {
    found.push(`t.due_at IS NOT NULL`);
    found.push(`coalesce(t.due_at, 'infinity'::timestamptz) >= ${params.add(query.dueAfter)}`);
  }
  if (query.dueBefore !== undefined) {
    found.push(`coalesce(t.due_at, 'infinity'::timestamptz) < ${params.add(query.dueBefore)}`);
  }
  return found;
}

/** A single value is compared with `=`, which keeps the order of an index behind it usable. */
function oneOf(column: string, type: string, values: readonly string[], params: SqlParams): string {
  return values.length === 1
    ? `${column} = ${params.add(values[0])}::${type}`
    : `${column} = ANY (${params.add([...values])}::${type}[])`;
}

function reference(column: string, id: string, params: SqlParams): string {
  return id === 'none' ? `${column} IS NULL` : `${column} = ${params.add(id)}`;
}

function behind(cursor: string, name: string, order: SortOrder, params: SqlParams): string {
  const values = decodeCursor(cursor, name, order.columns.length);
  const placeholders = order.columns.map((column, i) => {
    const value = column.value.safeParse(values[i]);
    if (!value.success) {
      throw new AppError('invalid_cursor', {
        detail: 'Start again from the first page, without a cursor.',
      });
    }
    return `${params.add(value.data)}::${column.type}`;
  });
  const columns = order.columns.map((column) => column.sql);
  return `(${columns.join(', ')}) ${order.direction === 'ASC' ? '>' : '<'} (${placeholders.join(', ')})`;
}
