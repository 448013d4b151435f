import type { Task, TaskPriority, TaskSort, TaskStatus } from '@primetrade/contracts';
import { instantOf, wallTime } from './zoned-time';

export const STATUSES = ['todo', 'in_progress', 'done'] as const satisfies readonly TaskStatus[];
export const PRIORITIES = [
  'urgent',
  'high',
  'medium',
  'low',
  'none',
] as const satisfies readonly TaskPriority[];
export const DUE_CHOICES = ['any', 'overdue', 'today', 'week'] as const;
export type DueChoice = (typeof DUE_CHOICES)[number];

export const STATUS_NAMES: Record<TaskStatus, string> = {
  todo: 'To do',
  in_progress: 'In progress',
  done: 'Done',
};
export const PRIORITY_NAMES: Record<TaskPriority, string> = {
  urgent: 'Urgent',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  none: 'None',
};
export const DUE_NAMES: Record<DueChoice, string> = {
  any: 'Any time',
  overdue: 'Overdue',
  today: 'By today',
  week: 'Next 7 days',
};
export const SORT_NAMES: Record<TaskSort, string> = {
  '-createdAt': 'Newest first',
  createdAt: 'Oldest first',
  '-updatedAt': 'Last changed',
  dueAt: 'Due first',
  '-dueAt': 'Due last',
  '-priority': 'Priority',
  position: 'Manual order',
  title: 'Title',
};

/** Which tasks the list shows. It lives in the page's address, so it can be linked and gone back to. */
export interface TaskFilters {
  /** `open` is everything that is not done. */
  status: 'open' | 'all' | TaskStatus;
  priority: TaskPriority | null;
  label: string | null;
  /** A project's id, or `none`. */
  project: string | null;
  q: string;
  due: DueChoice;
  sort: TaskSort;
  trash: boolean;
}

export const NO_FILTERS: TaskFilters = {
  status: 'open',
  priority: null,
  label: null,
  project: null,
  q: '',
  due: 'any',
  sort: '-createdAt',
  trash: false,
};

function oneOf<T extends string>(value: string | null, choices: readonly T[], otherwise: T): T {
  return choices.find((choice) => choice === value) ?? otherwise;
}

/** Reads the filters from a query string; what it does not understand counts as not given. */
export function filtersFrom(search: URLSearchParams): TaskFilters {
  const priority = search.get('priority');
  const sorts = Object.keys(SORT_NAMES) as TaskSort[];
  return {
    status: oneOf(search.get('status'), ['open', 'all', ...STATUSES], 'open'),
    priority: PRIORITIES.find((choice) => choice === priority) ?? null,
    label: search.get('label') || null,
    project: search.get('project') || null,
    q: (search.get('q') ?? '').slice(0, 200),
    due: oneOf(search.get('due'), DUE_CHOICES, 'any'),
    sort: oneOf(search.get('sort'), sorts, '-createdAt'),
    trash: search.get('trash') === 'true',
  };
}

/** The address of the list with these filters; what is as usual is left out. */
export function pathOf(filters: Partial<TaskFilters>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(filters)) {
    if (value !== null && value !== '' && value !== NO_FILTERS[name as keyof TaskFilters]) {
      search.set(name, String(value));
    }
  }
  const query = search.toString();
  return query === '' ? '/tasks' : `/tasks?${query}`;
}

/** Midnight at the head of the day that is `days` from today, as ISO 8601. */
function midnight(now: number, timeZone: string, days: number): string {
  const today = wallTime(now, timeZone);
  const day = { ...today, day: today.day + days, hour: 0, minute: 0 };
  return new Date(instantOf(day, timeZone)).toISOString();
}

function dueQuery(due: DueChoice, now: number, timeZone: string): Record<string, string> {
  switch (due) {
    case 'any':
      return {};
    case 'overdue':
      return { dueBefore: new Date(now).toISOString() };
    case 'today':
      return { dueBefore: midnight(now, timeZone, 1) };
    case 'week':
      return {
        dueAfter: midnight(now, timeZone, 0),
        dueBefore: midnight(now, timeZone, 7),
      };
  }
}

/**
 * What the API is asked for.
 *
 * @param now milliseconds since 1970; give whole minutes, so that equal questions stay equal
 */
export function apiQuery(
  filters: TaskFilters,
  now: number,
  timeZone: string,
): Record<string, string> {
  const query: Record<string, string> = { sort: filters.sort };
  if (filters.trash) return { ...query, trash: 'true' };
  if (filters.status === 'open') query.status = 'todo,in_progress';
  else if (filters.status !== 'all') query.status = filters.status;
  if (filters.priority !== null) query.priority = filters.priority;
  if (filters.label !== null) query.label = filters.label;
  if (filters.project !== null) query.project = filters.project;
  const words = filters.q.trim();
  if (words !== '') query.q = words;
  return { ...query, ...dueQuery(filters.due, now, timeZone) };
}

/** Whether a task belongs to what a question to the API asks for; the words of `q` aside. */
export function belongsTo(task: Task, query: Readonly<Record<string, string>>): boolean {
  const { status, priority, label, project, parent, dueBefore, dueAfter } = query;
  if ((query.trash === 'true') !== (task.deletedAt !== null)) return false;
  if (status !== undefined && !status.split(',').includes(task.status)) return false;
  if (priority !== undefined && !priority.split(',').includes(task.priority)) return false;
  if (project !== undefined && project !== (task.projectId ?? 'none')) return false;
  if (parent !== undefined && parent !== (task.parentId ?? 'none')) return false;
  if (label !== undefined) {
    const wanted = label.toLowerCase();
    if (!task.labels.some((name) => name.toLowerCase() === wanted)) return false;
  }
  if (query.q !== undefined) {
    const text = `${task.title}\n${task.description}`.toLowerCase();
    if (!text.includes(query.q.toLowerCase())) return false;
  }
  const due = task.dueAt === null ? null : Date.parse(task.dueAt);
  if (dueBefore !== undefined && (due === null || due >= Date.parse(dueBefore))) return false;
  if (dueAfter !== undefined && (due === null || due < Date.parse(dueAfter))) return false;
  return true;
}

/** How many filters narrow the list beyond the view that the sidebar offers. */
export function narrowingCount(filters: TaskFilters): number {
  return [
    filters.priority !== null,
    filters.label !== null,
    filters.project !== null,
    filters.status !== 'open',
    filters.due !== 'any',
  ].filter(Boolean).length;
}
