import type { TaskPriority, TaskStatus } from '@primetrade/contracts';

/** What people and other programs call the states of a task. */
const STATUS_WORDS: Record<TaskStatus, string[]> = {
  todo: [
    ...['todo', 'to do', 'open', 'new', 'not started', 'pending', 'backlog', 'planned', 'next'],
    ...['needs action', 'incomplete', 'uncompleted', 'active', 'reopened', 'waiting', 'blocked'],
    ...['on hold', 'selected for development', 'ready', 'no', 'false', '0'],
  ],
  in_progress: [
    ...['in progress', 'inprogress', 'doing', 'started', 'wip', 'in process', 'ongoing', 'working'],
    ...['in review', 'review', 'in development', 'testing', 'in testing'],
  ],
  done: [
    ...['done', 'completed', 'complete', 'closed', 'finished', 'resolved', 'checked', 'archived'],
    ...['cancelled', 'canceled', "won't do", 'wont do', 'yes', 'true', 'x', '✓', '✔', '1'],
  ],
};

/** Numbers count from 1, the highest, as in Todoist's files and most others. */
const PRIORITY_WORDS: Record<TaskPriority, string[]> = {
  urgent: ['urgent', 'highest', 'critical', 'blocker', 'immediate', 'asap', 'p0', 'p1', '0', '1'],
  high: ['high', 'major', 'important', 'p2', '2'],
  medium: ['medium', 'normal', 'moderate', 'mid', 'p3', '3'],
  low: ['low', 'lowest', 'minor', 'trivial', 'p4', '4', 'p5', '5'],
  none: ['none', 'no', 'no priority', 'unset', '-'],
};

const STATUS = invert(STATUS_WORDS);
const PRIORITY = invert(PRIORITY_WORDS);

/** @returns undefined for a word that is not known */
export function statusOf(word: string): TaskStatus | undefined {
  return STATUS.get(plain(word));
}

/** @returns undefined for a word that is not known */
export function priorityOf(word: string): TaskPriority | undefined {
  return PRIORITY.get(plain(word));
}

function plain(word: string): string {
  return word
    .trim()
    .toLowerCase()
    .replace(/[_\s-]+/g, ' ');
}

function invert<T extends string>(words: Record<T, string[]>): Map<string, T> {
  return new Map(
    (Object.entries(words) as [T, string[]][]).flatMap(([value, names]) =>
      names.map((name) => [plain(name), value] as const),
    ),
  );
}
