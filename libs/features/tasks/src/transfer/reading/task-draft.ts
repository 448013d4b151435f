import {
  CreateProjectRequest,
  CreateTaskRequest,
  LabelName,
  TaskDescription,
  type TaskPriority,
  type TaskStatus,
  TaskTitle,
} from '@primetrade/contracts';
import type { z } from 'zod';

/** A project as a file names it. */
export interface ProjectDraft {
  name: string;
  /** #rrggbb; undefined where the file does not say. */
  color?: string;
  archivedAt?: string | null;
}

/** A task as a file describes it: valid, but without a place in the account yet. */
export interface TaskDraft {
  title: string;
  description: string;
  status: TaskStatus;
  priority: TaskPriority;
  /** Times are ISO 8601 in UTC. */
  dueAt: string | null;
  labels: string[];
  /** Key of a project of the same file. */
  projectKey: string | null;
  /** By which other tasks of the file call this one their parent. */
  key: string | null;
  parentKey: string | null;
  /** Sorts the tasks of the file; null keeps the order of the lines. */
  order: string | null;
  createdAt: string | null;
  updatedAt: string | null;
  /** Of a task that is done; null when the file does not say. */
  completedAt: string | null;
}

/** What a reader makes of one row: a task, or why it cannot be one. */
export type ReadRow = { line: number; task: TaskDraft } | { line: number; reason: string };

/** What a file holds beside its tasks. Readers fill it while they read. */
export interface FileContext {
  projects: Map<string, ProjectDraft>;
  labels: { name: string; color: string }[];
  /** Columns that nothing was made of. */
  ignoredColumns: string[];
}

export function newFileContext(): FileContext {
  return { projects: new Map(), labels: [], ignoredColumns: [] };
}

/** A row that cannot become a task, with a reason for the person who made the file. */
export class RowRefused extends Error {}

const MAX_LABELS = 20;
const { name: ProjectName } = CreateProjectRequest.shape;

/** @throws RowRefused */
export function checkTitle(text: string): string {
  return check(TaskTitle, text, 'The title');
}

/**
 * @param notes what the file says of the task that no field can hold; kept below the description
 * @throws RowRefused
 */
export function checkDescription(text: string, notes: readonly string[] = []): string {
  const whole = [text.trim(), ...notes].filter((part) => part !== '').join('\n\n');
  return check(TaskDescription, whole, 'The description');
}

/** @throws RowRefused */
export function checkLabels(names: readonly string[]): string[] {
  const unique = new Map<string, string>();
  for (const name of names) {
    const label = check(LabelName, name, `The label "${shorten(name)}"`);
    unique.set(label.normalize('NFC').toLowerCase(), label);
  }
  if (unique.size > MAX_LABELS) {
    throw new RowRefused(
      `There are ${unique.size} labels; a task has at most ${MAX_LABELS}. Remove some.`,
    );
  }
  return [...unique.values()];
}

/** @throws RowRefused */
export function checkProjectName(text: string): string {
  return check(ProjectName, text, "The project's name").normalize('NFC');
}

const defaults = CreateTaskRequest.omit({ title: true }).parse({});

/** The state of a task of which a file says nothing. */
export function emptyDraft(): Omit<TaskDraft, 'title'> {
  const { description, status, priority, dueAt } = defaults;
  return {
    ...{ description, status, priority, dueAt, labels: [] },
    ...{ projectKey: null, key: null, parentKey: null, order: null },
    ...{ createdAt: null, updatedAt: null, completedAt: null },
  };
}

function check(schema: z.ZodType<string>, text: string, what: string): string {
  const result = schema.safeParse(text);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  if (issue?.code === 'too_small') throw new RowRefused(`${what} is empty.`);
  if (issue?.code === 'too_big') {
    throw new RowRefused(
      `${what} has ${text.trim().length} characters; at most ${issue.maximum} are possible. Shorten it.`,
    );
  }
  throw new RowRefused(`${what} contains characters that cannot be stored.`);
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
