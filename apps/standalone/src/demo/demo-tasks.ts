import type { CreateTaskInput } from '@primetrade/contracts';
import type { Entry, Recurring } from './entry.js';
import { HOME } from './home.js';
import { INBOX } from './inbox.js';
import { LIFE } from './life.js';
import { WORK } from './work.js';

/** The labels of the demo account that are worth a colour of their own. */
export const DEMO_LABELS: readonly { name: string; color: string }[] = [
  { name: 'meeting', color: '#4f46e5' },
  { name: 'phone', color: '#0891b2' },
  { name: 'email', color: '#0284c7' },
  { name: 'writing', color: '#7c3aed' },
  { name: 'research', color: '#059669' },
  { name: 'review', color: '#d97706' },
  { name: 'errand', color: '#ea580c' },
  { name: 'weekend', color: '#65a30d' },
  { name: 'waiting', color: '#64748b' },
  { name: 'someday', color: '#94a3b8' },
  { name: 'health', color: '#16a34a' },
  { name: 'reading', color: '#db2777' },
];

/** The projects of the demo account, in order. */
export const DEMO_PROJECTS = [...WORK, ...HOME, ...LIFE].map(({ name, color }) => ({
  name,
  color,
}));

const DEFAULT_TIME: [number, number] = [9, 0];

/**
 * The tasks of the demo account, parents before their subtasks. The same day gives the same tasks.
 *
 * @param today due times are relative to this day, in its local time
 * @param projectIds by name of project
 * @param newId makes the ids of tasks
 */
export function demoTasks(
  today: Date,
  projectIds: ReadonlyMap<string, string>,
  newId: () => string,
): CreateTaskInput[] {
  const tasks: CreateTaskInput[] = [];
  const add = (entry: Entry, projectId: string | null) =>
    tasks.push(...withSteps(entry, today, projectId, newId));
  for (const project of [...LIFE, ...HOME, ...WORK]) {
    const projectId = projectIds.get(project.name) ?? null;
    project.recurring
      ?.flatMap((task) => occurrences(task, today))
      .forEach((e) => add(e, projectId));
    project.entries.forEach((entry) => add(entry, projectId));
  }
  INBOX.forEach((entry) => add(entry, null));
  return tasks;
}

function occurrences(task: Recurring, today: Date): Entry[] {
  const { title, every, from, to, ...rest } = task;
  const entries: Entry[] = [];
  for (let step = from; step <= to; step += every === 'month' ? 1 : every) {
    const due = every === 'month' ? daysToFirst(today, step) : step;
    entries.push({ ...rest, title: title(dayAt(today, due, DEFAULT_TIME)), due });
  }
  return entries;
}

/** Days from today to the first of the month that is `months` away. */
function daysToFirst(today: Date, months: number): number {
  const first = Date.UTC(today.getFullYear(), today.getMonth() + months, 1);
  const start = Date.UTC(today.getFullYear(), today.getMonth(), today.getDate());
  return (first - start) / 86_400_000;
}

function withSteps(
  entry: Entry,
  today: Date,
  projectId: string | null,
  newId: () => string,
): CreateTaskInput[] {
  const id = newId();
  const past = entry.due !== undefined && entry.due < 0;
  const parent: CreateTaskInput = {
    id,
    title: entry.title,
    description: entry.notes ?? '',
    status: entry.status ?? (past ? 'done' : 'todo'),
    priority: entry.priority ?? 'none',
    dueAt:
      entry.due === undefined
        ? null
        : dayAt(today, entry.due, entry.at ?? DEFAULT_TIME).toISOString(),
    labels: entry.labels ?? [],
    projectId,
  };
  const steps = (entry.steps ?? []).map((step): CreateTaskInput => {
    const done = step.startsWith('x ');
    return {
      id: newId(),
      title: done ? step.slice(2) : step,
      status: done ? 'done' : 'todo',
      projectId,
      parentId: id,
    };
  });
  return [parent, ...steps];
}

function dayAt(today: Date, days: number, [hours, minutes]: [number, number]): Date {
  return new Date(today.getFullYear(), today.getMonth(), today.getDate() + days, hours, minutes);
}
