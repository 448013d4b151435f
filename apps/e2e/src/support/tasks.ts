import {
  BulkResponse,
  type CreateTaskInput,
  ImportJob,
  Project,
  Task,
  TaskPage,
} from '@primetrade/contracts';
import type { Client } from './api.js';
import { until } from './poll.js';

export const TASKS = '/api/v1/tasks';

/** Creates one task. */
export function addTask(client: Client, task: CreateTaskInput): Promise<Task> {
  return client.post(Task, TASKS, task);
}

/** Creates tasks in one call, in order. */
export async function addTasks(client: Client, tasks: CreateTaskInput[]): Promise<Task[]> {
  const { items } = await client.post(
    BulkResponse,
    `${TASKS}/bulk`,
    { operations: tasks.map((task) => ({ op: 'create', task })) },
    { status: 200 },
  );
  return items;
}

export function addProject(client: Client, name: string): Promise<Project> {
  return client.post(Project, '/api/v1/projects', { name });
}

export function listTasks(
  client: Client,
  query: Record<string, string | number> = {},
): Promise<TaskPage> {
  const parameters = new URLSearchParams(
    Object.entries(query).map(([name, value]) => [name, String(value)] as [string, string]),
  );
  return client.get(TaskPage, `${TASKS}?${parameters.toString()}`);
}

/**
 * Every task of a list, page by page, to the end.
 *
 * @param onPage called after each page but before the next is asked for
 */
export async function listAllTasks(
  client: Client,
  query: Record<string, string | number> = {},
  onPage: () => Promise<void> = async () => undefined,
): Promise<Task[]> {
  const tasks: Task[] = [];
  let cursor: string | null = null;
  do {
    const page: TaskPage = await listTasks(client, cursor === null ? query : { ...query, cursor });
    tasks.push(...page.items);
    if (cursor !== null && page.nextCursor === cursor) throw new Error('paging stands still');
    cursor = page.nextCursor;
    if (cursor !== null) await onPage();
  } while (cursor !== null);
  return tasks;
}

/** Uploads a file and waits for the import to end, whichever way. */
export async function runImport(
  client: Client,
  file: string,
  options: { contentType?: string; query?: string; deadlineMs?: number } = {},
): Promise<ImportJob> {
  const reply = await client.expect(202, 'POST', `${TASKS}/import${options.query ?? ''}`, {
    body: file,
    headers: { 'content-type': options.contentType ?? 'text/csv' },
  });
  const { id } = ImportJob.parse(JSON.parse(reply.text));
  return until(
    'the end of the import',
    async () => {
      const job = await client.get(ImportJob, `${TASKS}/imports/${id}`);
      return job.finishedAt === null ? undefined : job;
    },
    options.deadlineMs ?? 20_000,
  );
}
