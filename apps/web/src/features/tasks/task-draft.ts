import type { Task, UpdateTaskRequest } from '@primetrade/contracts';

/** The fields of a task that its form edits. */
export type TaskFields = Pick<
  Task,
  'title' | 'description' | 'status' | 'priority' | 'dueAt' | 'labels' | 'projectId'
>;

/** What a person has changed and not saved; other fields follow the task. */
export type TaskDraft = Partial<TaskFields>;

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Adds edits to a draft and drops what is as in the task again. */
export function withEdits(draft: TaskDraft, edits: TaskDraft, task: Task): TaskDraft {
  const merged = { ...draft, ...edits };
  const changed = Object.entries(merged).filter(
    ([name, value]) => !isSame(value, task[name as keyof TaskFields]),
  );
  return Object.fromEntries(changed);
}

/**
 * What is wrong with a draft.
 *
 * @returns a sentence, or null when it can be saved
 */
export function draftProblem(draft: TaskDraft): string | null {
  return draft.title !== undefined && draft.title.trim() === '' ? 'Give the task a title.' : null;
}

/** The draft as the API takes it. */
export function changesOf(draft: TaskDraft): UpdateTaskRequest {
  return draft.title === undefined ? draft : { ...draft, title: draft.title.trim() };
}
