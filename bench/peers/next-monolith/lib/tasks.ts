import { z } from 'zod';

export const COLUMNS = `id, title, description, status, priority, due_at AS "dueAt", labels,
  project_id AS "projectId", parent_id AS "parentId", position, created_at AS "createdAt",
  updated_at AS "updatedAt", completed_at AS "completedAt", deleted_at AS "deletedAt", version`;

export interface Task {
  id: string;
  createdAt: Date;
}

export const PageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().min(1).max(1024).optional(),
});

const Position = z.tuple([z.literal('-createdAt'), z.tuple([z.iso.datetime(), z.uuid()])]);

/** @throws ZodError or SyntaxError when it is not a cursor */
export function readCursor(cursor: string): [string, string] {
  return Position.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()))[1];
}

export function cursorBehind({ createdAt, id }: Task): string {
  return Buffer.from(JSON.stringify(['-createdAt', [createdAt, id]])).toString('base64url');
}

export const NewTask = z.object({
  title: z.string().trim().min(1).max(500),
  description: z.string().max(16_383).default(''),
  status: z.enum(['todo', 'in_progress', 'done']).default('todo'),
  priority: z.enum(['none', 'low', 'medium', 'high', 'urgent']).default('none'),
  dueAt: z.iso.datetime({ offset: true }).nullable().default(null),
  projectId: z.uuid().nullable().default(null),
});
