import { type Task, TaskPriority, type TaskSort } from '@primetrade/contracts';
import { z } from 'zod';

/** A column of a sort order: its SQL for the row `t`, and how its value in a cursor is checked. */
interface SortColumn {
  sql: string;
  type: 'timestamptz' | 'text' | 'tasks.task_priority' | 'uuid';
  value: z.ZodType<string>;
}

export interface SortOrder {
  direction: 'ASC' | 'DESC';
  /** All in the same direction, the last one unique: rows then compare as a whole. */
  columns: readonly SortColumn[];
  /** The position of a page's last task, one value a column. */
  position(task: Task, titleKey: string): string[];
}

const moment = z.iso.datetime();
const id: SortColumn = { sql: 't.id', type: 'uuid', value: z.uuid() };

function time(sql: string): SortColumn {
  return { sql, type: 'timestamptz', value: moment };
}

/** Tasks without a due time come last, in either direction. */
function dueTime(sql: string, missing: string): SortColumn {
  return { sql, type: 'timestamptz', value: z.union([moment, z.literal(missing)]) };
}

const storable = z.string().refine((value) => !value.includes('\0') && value.isWellFormed());

/**
 * Titles sort without regard to case and by their first 100 characters, so that a cursor stays
 * short; titles that share those sort by id.
 */
export function titleKey(row: string): string {
  return `left(lower(${row}.title), 100)`;
}

export const SORT_ORDERS: Readonly<Record<TaskSort, SortOrder>> = {
  '-createdAt': {
    direction: 'DESC',
    columns: [time('t.created_at'), id],
    position: (task) => [task.createdAt, task.id],
  },
  createdAt: {
    direction: 'ASC',
    columns: [time('t.created_at'), id],
    position: (task) => [task.createdAt, task.id],
  },
  '-updatedAt': {
    direction: 'DESC',
    columns: [time('t.updated_at'), id],
    position: (task) => [task.updatedAt, task.id],
  },
  dueAt: {
    direction: 'ASC',
    columns: [dueTime(`coalesce(t.due_at, 'infinity'::timestamptz)`, 'infinity'), id],
    position: (task) => [task.dueAt ?? 'infinity', task.id],
  },
  '-dueAt': {
    direction: 'DESC',
    columns: [dueTime(`coalesce(t.due_at, '-infinity'::timestamptz)`, '-infinity'), id],
    position: (task) => [task.dueAt ?? '-infinity', task.id],
  },
  '-priority': {
    direction: 'DESC',
    columns: [
      { sql: 't.priority', type: 'tasks.task_priority', value: TaskPriority },
      time('t.created_at'),
      id,
    ],
    position: (task) => [task.priority, task.createdAt, task.id],
  },
  position: {
    direction: 'ASC',
    columns: [{ sql: 't.position', type: 'text', value: storable }, id],
    position: (task) => [task.position, task.id],
  },
  title: {
    direction: 'ASC',
    columns: [{ sql: titleKey('t'), type: 'text', value: storable }, id],
    position: (task, key) => [key, task.id],
  },
};
