import type {
  CreateTaskInput,
  ImportJob,
  Label,
  LabelList,
  Project,
  ProjectList,
  Task,
  TaskPage,
  TaskStats,
  UpdateTaskRequest,
} from '@primetrade/contracts';
import { call, callJson } from './client';

/** How many tasks one page asks for. */
const PAGE_SIZE = 50;

/**
 * One page of tasks.
 *
 * @param query filter and sort, as the API names them
 * @param cursor where the page starts; null for the first
 */
export function listTasks(
  query: Record<string, string>,
  cursor: string | null,
  signal?: AbortSignal,
): Promise<TaskPage> {
  const parameters = new URLSearchParams({ ...query, limit: String(PAGE_SIZE) });
  if (cursor !== null) parameters.set('cursor', cursor);
  return callJson('GET', `/api/v1/tasks?${parameters.toString()}`, { signal });
}

export function getTask(id: string, signal?: AbortSignal): Promise<Task> {
  return callJson('GET', `/api/v1/tasks/${id}`, { signal });
}

export function createTask(input: CreateTaskInput, idempotencyKey: string): Promise<Task> {
  return callJson('POST', '/api/v1/tasks', { json: input, idempotencyKey });
}

/** Changes a task that is still at `version`; otherwise the API answers 412. */
export function updateTask(id: string, version: number, changes: UpdateTaskRequest): Promise<Task> {
  return callJson('PATCH', `/api/v1/tasks/${id}`, { json: changes, ifMatch: version });
}

export async function deleteTask(id: string): Promise<void> {
  await call('DELETE', `/api/v1/tasks/${id}`);
}

export function restoreTask(id: string): Promise<Task> {
  return callJson('POST', `/api/v1/tasks/${id}/restore`);
}

export function taskStats(signal?: AbortSignal): Promise<TaskStats> {
  return callJson('GET', '/api/v1/tasks/stats', { signal });
}

export async function listProjects(signal?: AbortSignal): Promise<Project[]> {
  return (await callJson<ProjectList>('GET', '/api/v1/projects', { signal })).items;
}

export function createProject(
  project: { name: string; color?: string },
  idempotencyKey: string,
): Promise<Project> {
  return callJson('POST', '/api/v1/projects', { json: project, idempotencyKey });
}

export function updateProject(
  id: string,
  changes: { name?: string; color?: string; archived?: boolean },
): Promise<Project> {
  return callJson('PATCH', `/api/v1/projects/${id}`, { json: changes });
}

export async function deleteProject(id: string): Promise<void> {
  await call('DELETE', `/api/v1/projects/${id}`);
}

export async function listLabels(signal?: AbortSignal): Promise<Label[]> {
  return (await callJson<LabelList>('GET', '/api/v1/labels', { signal })).items;
}

/** Stores the file at the server, which then imports it by itself. */
export function startImport(file: File, projectId: string | null): Promise<ImportJob> {
  const query = projectId === null ? '' : `?${new URLSearchParams({ project: projectId })}`;
  // The server knows the format by the content; as JSON it would take no large file.
  const contentType = 'application/octet-stream';
  return callJson('POST', `/api/v1/tasks/import${query}`, { body: file, contentType });
}

export function getImport(id: string, signal?: AbortSignal): Promise<ImportJob> {
  return callJson('GET', `/api/v1/tasks/imports/${id}`, { signal });
}

export async function exportTasks(format: 'csv' | 'json'): Promise<Blob> {
  return (await call('GET', `/api/v1/tasks/export?format=${format}`)).blob();
}
