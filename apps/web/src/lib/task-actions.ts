import type { Task, TaskStatus, UpdateTaskRequest } from '@primetrade/contracts';
import type { QueryClient } from '@tanstack/react-query';
import { announce } from '../components/announcer';
import { toast } from '../components/toaster';
import { ApiError, sentenceOf } from './api/problem';
import { deleteTask, getTask, restoreTask, updateTask } from './api/tasks';
import { write } from './pending-writes';
import { queryKeys } from './query-keys';
import { addToCache, changeInCache, findInCache, removeFromCache } from './task-cache';

/** The newest version that an answer showed; a list may lag behind the last write. */
const versions = new Map<string, number>();

function newestVersion(task: Task): number {
  return Math.max(task.version, versions.get(task.id) ?? 0);
}

/** Short enough for a message, whatever the title's length. */
function shortTitle(title: string): string {
  return title.length > 60 ? `${title.slice(0, 59)}…` : title;
}

/**
 * Changes a task at the API, one write after the other.
 *
 * @param version the version that the change starts from; the newest known one when left out
 * @returns the task as it is afterwards
 * @throws ApiError with code `version_mismatch` when it was changed elsewhere
 */
export function saveTask(
  client: QueryClient,
  task: Task,
  changes: UpdateTaskRequest,
  version?: number,
): Promise<Task> {
  return write(client, task.id, async () => {
    const saved = await updateTask(task.id, version ?? newestVersion(task), changes);
    versions.set(saved.id, saved.version);
    changeInCache(client, saved.id, saved);
    return saved;
  });
}

/** Shows a task as the API has it now. */
export async function reloadTask(client: QueryClient, id: string): Promise<Task> {
  const task = await getTask(id);
  versions.set(id, task.version);
  changeInCache(client, id, task);
  return task;
}

/** Shows the status at once, saves it, and takes it back when that fails. */
export async function setStatus(
  client: QueryClient,
  task: Task,
  status: TaskStatus,
  offerUndo = true,
): Promise<void> {
  const before = findInCache(client, task.id) ?? task;
  const completedAt = status === 'done' ? new Date().toISOString() : null;
  changeInCache(client, task.id, { status, completedAt });
  try {
    await saveTask(client, task, { status });
  } catch (error) {
    changeInCache(client, task.id, { status: before.status, completedAt: before.completedAt });
    if (error instanceof ApiError && error.code === 'version_mismatch') {
      await reloadTask(client, task.id).catch(() => undefined);
      toast(`“${shortTitle(task.title)}” was changed elsewhere. It is up to date now; try again.`, {
        tone: 'error',
      });
      return;
    }
    toast(`“${shortTitle(task.title)}” was not changed. ${sentenceOf(error)}`, {
      tone: 'error',
      action: { label: 'Try again', run: () => void setStatus(client, task, status) },
    });
    return;
  }
  if (!offerUndo) return;
  if (status === 'done') {
    toast(`Completed “${shortTitle(task.title)}”`, {
      action: {
        label: 'Undo',
        run: () => void setStatus(client, task, before.status, false),
      },
    });
  } else {
    announce(`“${shortTitle(task.title)}” is ${status === 'todo' ? 'to do' : 'in progress'}`);
  }
}

/** Moves a task to the trash, with a way back. */
export async function removeTask(client: QueryClient, task: Task): Promise<void> {
  removeFromCache(client, task.id);
  try {
    await write(client, task.id, () => deleteTask(task.id));
  } catch (error) {
    if (!(error instanceof ApiError && error.code === 'not_found')) {
      addToCache(client, task);
      toast(`“${shortTitle(task.title)}” was not deleted. ${sentenceOf(error)}`, { tone: 'error' });
      return;
    }
  }
  client.removeQueries({ queryKey: queryKeys.task(task.id) });
  toast(`Deleted “${shortTitle(task.title)}”`, {
    action: { label: 'Undo', run: () => void bringBack(client, task) },
  });
}

/** Takes a task out of the trash. */
export async function bringBack(client: QueryClient, task: Task): Promise<void> {
  removeFromCache(client, task.id);
  addToCache(client, { ...task, deletedAt: null });
  try {
    const restored = await write(client, task.id, () => restoreTask(task.id));
    versions.set(restored.id, restored.version);
    announce(`Restored “${shortTitle(task.title)}”`);
  } catch (error) {
    toast(`“${shortTitle(task.title)}” was not restored. ${sentenceOf(error)}`, {
      tone: 'error',
      action: { label: 'Try again', run: () => void bringBack(client, task) },
    });
  }
}
