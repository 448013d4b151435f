import type { Project, Task } from '@primetrade/contracts';
import type { QueryClient } from '@tanstack/react-query';
import { announce } from '../components/announcer';
import { ApiError, NetworkError, sentenceOf } from './api/problem';
import { createProject, createTask, getTask } from './api/tasks';
import { outboxEntries, putInOutbox, takeFromOutbox, type OutboxEntry } from './outbox';
import { write } from './pending-writes';
import { findProject } from './project-names';
import { queryKeys } from './query-keys';
import type { QuickAdd } from './quick-add';
import { readAgain } from './read-again';
import { addToCache, removeFromCache } from './task-cache';

/** The task as it will look, shown while it is on its way. */
function preview({ id, input }: OutboxEntry): Task {
  const now = new Date().toISOString();
  return {
    id,
    title: input.title,
    description: '',
    status: 'todo',
    priority: input.priority ?? 'none',
    dueAt: input.dueAt ?? null,
    labels: input.labels ?? [],
    projectId: input.projectId ?? null,
    parentId: input.parentId ?? null,
    position: '',
    createdAt: now,
    updatedAt: now,
    completedAt: null,
    deletedAt: null,
    version: 0,
  };
}

/** An earlier attempt whose answer was lost may have made the task. */
async function existsAlready(id: string): Promise<boolean> {
  try {
    await getTask(id);
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return false;
    throw error;
  }
}

async function create(client: QueryClient, entry: OutboxEntry): Promise<void> {
  let { input } = entry;
  if (entry.newProject !== null) {
    const project = await createProject({ name: entry.newProject }, `${entry.key}-project`);
    void readAgain(client, queryKeys.projects);
    input = { ...input, projectId: project.id };
    putInOutbox({ ...entry, input, newProject: null });
  }
  try {
    await createTask(input, entry.key);
  } catch (error) {
    const mayExist = error instanceof ApiError && error.status === 409;
    if (!mayExist || !(await existsAlready(entry.id))) throw error;
  }
}

let last: Promise<unknown> = Promise.resolve();

/** Sends new tasks in the order in which they were written, which is that of the list. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const turn = last.catch(() => undefined).then(work);
  last = turn;
  return turn;
}

/** Sends an entry of the outbox. It stays there, with the reason, when that fails. */
export async function sendEntry(client: QueryClient, entry: OutboxEntry): Promise<void> {
  const sending = { ...entry, failure: null };
  putInOutbox(sending);
  addToCache(client, preview(sending));
  try {
    await write(client, entry.id, () => inTurn(() => create(client, sending)));
    takeFromOutbox(entry.id);
    if ((entry.input.labels ?? []).length > 0) {
      void readAgain(client, queryKeys.labels);
    }
    announce(`Added “${entry.input.title}”`);
  } catch (error) {
    removeFromCache(client, entry.id);
    const mayRetry =
      error instanceof NetworkError ||
      (error instanceof ApiError &&
        (error.status >= 500 || [401, 408, 429].includes(error.status)));
    const latest = outboxEntries().find(({ id }) => id === entry.id) ?? sending;
    putInOutbox({ ...latest, failure: sentenceOf(error), mayRetry });
  }
}

/**
 * Adds what a line says.
 *
 * @param line what was typed
 * @param parsed what it means
 * @param place the project and the parent task of a line that names no project
 */
export function addTask(
  client: QueryClient,
  line: string,
  parsed: QuickAdd,
  projects: readonly Project[],
  place: { projectId: string | null; parentId: string | null; label?: string | null },
): Promise<void> {
  const named = parsed.project === null ? undefined : findProject(parsed.project, projects);
  const id = crypto.randomUUID();
  const labels = place.label ? [...new Set([...parsed.labels, place.label])] : parsed.labels;
  return sendEntry(client, {
    id,
    key: crypto.randomUUID(),
    line,
    input: {
      id,
      title: parsed.title,
      priority: parsed.priority,
      dueAt: parsed.dueAt,
      labels,
      projectId: parsed.project === null ? place.projectId : (named?.id ?? null),
      parentId: place.parentId,
    },
    newProject: named === undefined ? parsed.project : null,
    failure: null,
    mayRetry: true,
  });
}
