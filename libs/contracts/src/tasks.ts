import { z } from 'zod';
import { Cursor, Id, PageLimit, Timestamp, text } from './common.js';
import { LabelName } from './labels.js';

export const TaskStatus = z.enum(['todo', 'in_progress', 'done']);
export type TaskStatus = z.infer<typeof TaskStatus>;

export const TaskPriority = z.enum(['none', 'low', 'medium', 'high', 'urgent']);
export type TaskPriority = z.infer<typeof TaskPriority>;

export const TaskTitle = text(1, 500);
export const TaskDescription = text(0, 16_383);
const TaskLabels = z
  .array(LabelName)
  .max(20)
  .transform((names) => [...new Map(names.map((n) => [n.toLowerCase(), n])).values()]);

export const Task = z
  .object({
    id: Id,
    title: z.string(),
    /** Markdown. */
    description: z.string(),
    status: TaskStatus,
    priority: TaskPriority,
    dueAt: Timestamp.nullable(),
    /** Names of labels. */
    labels: z.array(z.string()),
    projectId: Id.nullable(),
    parentId: Id.nullable(),
    /** Manual order: compare as plain strings. */
    position: z.string(),
    createdAt: Timestamp,
    updatedAt: Timestamp,
    completedAt: Timestamp.nullable(),
    /** Set while the task is in the trash. */
    deletedAt: Timestamp.nullable(),
    /** Grows by one with each change; the ETag is this number in quotes. */
    version: z.number().int(),
  })
  .meta({ id: 'Task' });
export type Task = z.infer<typeof Task>;

export const CreateTaskRequest = z
  .object({
    /** Chosen by a client that wants to know the id before the answer; a UUID. */
    id: Id.optional(),
    title: TaskTitle,
    description: TaskDescription.default(''),
    status: TaskStatus.default('todo'),
    priority: TaskPriority.default('none'),
    dueAt: Timestamp.nullable().default(null),
    /** Labels that do not exist yet are created. */
    labels: TaskLabels.default([]),
    projectId: Id.nullable().default(null),
    parentId: Id.nullable().default(null),
  })
  .meta({ id: 'CreateTaskRequest' });
export type CreateTaskRequest = z.infer<typeof CreateTaskRequest>;
export type CreateTaskInput = z.input<typeof CreateTaskRequest>;

export const UpdateTaskRequest = z
  .object({
    title: TaskTitle.optional(),
    description: TaskDescription.optional(),
    status: TaskStatus.optional(),
    priority: TaskPriority.optional(),
    dueAt: Timestamp.nullable().optional(),
    labels: TaskLabels.optional(),
    projectId: Id.nullable().optional(),
    parentId: Id.nullable().optional(),
    /** Moves the task right behind this one in manual order; null moves it to the front. */
    afterId: Id.nullable().optional(),
  })
  .meta({ id: 'UpdateTaskRequest' });
export type UpdateTaskRequest = z.infer<typeof UpdateTaskRequest>;

/** `-` in front means descending. */
export const TaskSort = z.enum([
  '-createdAt',
  'createdAt',
  '-updatedAt',
  'dueAt',
  '-dueAt',
  '-priority',
  'position',
  'title',
]);
export type TaskSort = z.infer<typeof TaskSort>;

/** Repeated or comma-separated query values: `status=todo,done`. */
function oneOrMore<T extends z.ZodType>(item: T) {
  return z.preprocess(
    (value) => (typeof value === 'string' ? value.split(',') : value),
    z.array(item).min(1).max(10),
  );
}

// Without an id of its own: OpenAPI lists the parameters of a query only where they are inline.
export const TaskListQuery = z.object({
  status: oneOrMore(TaskStatus).optional(),
  priority: oneOrMore(TaskPriority).optional(),
  label: LabelName.optional(),
  /** A project's id, or `none` for tasks without one. */
  project: z.union([z.literal('none'), Id]).optional(),
  /** A parent task's id, or `none` for top-level tasks. */
  parent: z.union([z.literal('none'), Id]).optional(),
  /** Words that title or description contain, without regard to case. */
  q: text(1, 200).optional(),
  dueBefore: Timestamp.optional(),
  dueAfter: Timestamp.optional(),
  /** `true` lists the trash instead. */
  trash: z.enum(['true', 'false']).default('false'),
  sort: TaskSort.default('-createdAt'),
  cursor: Cursor.optional(),
  limit: PageLimit,
});
export type TaskListQuery = z.infer<typeof TaskListQuery>;

export const TaskPage = z
  .object({ items: z.array(Task), nextCursor: z.string().nullable() })
  .meta({ id: 'TaskPage' });
export type TaskPage = z.infer<typeof TaskPage>;

export const BULK_MAX_OPERATIONS = 500;

export const BulkOperation = z.discriminatedUnion('op', [
  z.object({ op: z.literal('create'), task: CreateTaskRequest }),
  z.object({
    op: z.literal('update'),
    id: Id,
    /** When given, the update needs the task at this version. */
    version: z.number().int().optional(),
    changes: UpdateTaskRequest,
  }),
  z.object({ op: z.literal('delete'), id: Id }),
  z.object({ op: z.literal('restore'), id: Id }),
]);
export type BulkOperation = z.infer<typeof BulkOperation>;

/** All operations happen, in order, or none does. */
export const BulkRequest = z
  .object({ operations: z.array(BulkOperation).min(1).max(BULK_MAX_OPERATIONS) })
  .meta({ id: 'BulkRequest' });
export type BulkRequest = z.infer<typeof BulkRequest>;

export const BulkResponse = z
  .object({
    /** One entry an operation, in order: the task as it is afterwards. */
    items: z.array(Task),
  })
  .meta({ id: 'BulkResponse' });
export type BulkResponse = z.infer<typeof BulkResponse>;

export const TaskStats = z
  .object({
    byStatus: z.record(TaskStatus, z.number().int()),
    byPriority: z.record(TaskPriority, z.number().int()),
    /** Open tasks whose due time has passed. */
    overdue: z.number().int(),
    /** Open tasks due within the next 24 hours. */
    dueSoon: z.number().int(),
    /** Tasks completed a day, oldest first, of the last 14 days (UTC). */
    completedByDay: z.array(z.object({ date: z.iso.date(), count: z.number().int() })),
  })
  .meta({ id: 'TaskStats' });
export type TaskStats = z.infer<typeof TaskStats>;
