import { parseChunked } from '@discoveryjs/json-ext';
import { Color, LabelName, TaskPriority, TaskStatus, Timestamp } from '@primetrade/contracts';
import { z } from 'zod';
import { JSON_FORMAT, JSON_VERSION } from '../primetrade-format.js';
import { invalid } from './bytes.js';
import { nextTurn, slicesOf } from './slices.js';
import {
  checkDescription,
  checkLabels,
  checkProjectName,
  checkTitle,
  emptyDraft,
  type FileContext,
  type ReadRow,
  RowRefused,
  type TaskDraft,
} from './task-draft.js';

const time = Timestamp.transform((text, context) => {
  const date = new Date(text);
  if (!Number.isNaN(date.getTime()) && /^(?!0000)\d{4}-/.test(date.toISOString())) {
    return date.toISOString();
  }
  context.addIssue({ code: 'custom', message: 'is not a time that exists' });
  return z.NEVER;
});
const key = z.string().min(1).max(100);

/** Texts are checked on their own, for reasons in plain words. */
const JsonTask = z.object({
  id: key.nullish(),
  title: z.string(),
  description: z.string().nullish(),
  status: TaskStatus.default('todo'),
  priority: TaskPriority.default('none'),
  dueAt: time.nullish(),
  labels: z.array(z.string()).nullish(),
  projectId: key.nullish(),
  parentId: key.nullish(),
  position: z.string().max(1_000).nullish(),
  createdAt: time.nullish(),
  updatedAt: time.nullish(),
  completedAt: time.nullish(),
});
const JsonProject = z.object({
  id: key,
  name: z.string(),
  color: Color.optional().catch(undefined),
  position: z.string().max(1_000).default(''),
  archivedAt: time.nullish().catch(null),
});
const JsonLabel = z.object({ name: LabelName, color: Color });

const JsonFile = z.object({
  format: z.literal(JSON_FORMAT),
  version: z.unknown(),
  projects: z.array(z.unknown()).nullish(),
  labels: z.array(z.unknown()).nullish(),
  tasks: z.array(z.unknown()),
});

/** So many tasks are read before other requests get their turn. */
const TASKS_A_TURN = 200;

/**
 * The tasks of a JSON export of our own. `line` counts them from 1. Projects and labels that are
 * not valid are left out; tasks then have none.
 *
 * @throws AppError `import_invalid` when it is not JSON, or JSON of something else
 */
export async function* readJsonTasks(bytes: Buffer, file: FileContext): AsyncGenerator<ReadRow> {
  const { projects, labels, tasks } = checkFile(await parse(bytes));
  readProjects(projects ?? [], file);
  file.labels.push(...(labels ?? []).flatMap((label) => ok(JsonLabel, label)));
  for (const [index, task] of tasks.entries()) {
    yield readTask(task, index + 1);
    if (index % TASKS_A_TURN === 0) await nextTurn();
  }
}

/** Parses slice by slice: JSON.parse would hold up all other requests. */
async function parse(bytes: Buffer): Promise<unknown> {
  let root: unknown;
  try {
    // The number of complete values: where brackets are missing at the end, it is 0.
    const complete = await parseChunked(textOf(bytes), {
      onRootValue: (value: unknown) => void (root = value),
    });
    if (complete === 1) return root;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw invalid('The file is not complete, valid JSON. Export it again, or choose another file.');
}

async function* textOf(bytes: Buffer): AsyncGenerator<string> {
  // The parser's own decoder would lose a U+FEFF at the beginning of a slice.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  for await (const slice of slicesOf(bytes)) yield decoder.decode(slice, { stream: true });
}

function checkFile(content: unknown): z.infer<typeof JsonFile> {
  const file = JsonFile.safeParse(content);
  if (!file.success) {
    throw invalid(
      'This JSON file is not an export of PrimeTrade. Convert it to CSV with a header line, and import that.',
    );
  }
  if (file.data.version !== JSON_VERSION) {
    throw invalid(
      `The file has another version of the format than ${JSON_VERSION}, the one that can be imported. Update PrimeTrade first.`,
    );
  }
  return file.data;
}

function readProjects(values: readonly unknown[], file: FileContext): void {
  const projects = values.flatMap((value) => ok(JsonProject, value));
  projects.sort((a, b) => (a.position < b.position ? -1 : a.position > b.position ? 1 : 0));
  for (const { id, name, color, archivedAt } of projects) {
    try {
      file.projects.set(id, { name: checkProjectName(name), color, archivedAt });
    } catch (error) {
      if (!(error instanceof RowRefused)) throw error;
    }
  }
}

function readTask(value: unknown, line: number): ReadRow {
  try {
    return { line, task: toDraft(value) };
  } catch (error) {
    if (!(error instanceof RowRefused)) throw error;
    return { line, reason: error.message };
  }
}

function toDraft(value: unknown): TaskDraft {
  const result = JsonTask.safeParse(value);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new RowRefused(
      `${issue?.path.join('.') || 'The task'} is not valid: ${issue?.message ?? 'it is unknown'}.`,
    );
  }
  const task = result.data;
  return {
    ...emptyDraft(),
    title: checkTitle(task.title),
    description: checkDescription(task.description ?? ''),
    status: task.status,
    priority: task.priority,
    dueAt: task.dueAt ?? null,
    labels: checkLabels(task.labels ?? []),
    projectKey: task.projectId ?? null,
    key: task.id ?? null,
    parentKey: task.parentId ?? null,
    order: task.position ?? null,
    createdAt: task.createdAt ?? null,
    updatedAt: task.updatedAt ?? null,
    completedAt: task.status === 'done' ? (task.completedAt ?? null) : null,
  };
}

function ok<T>(schema: z.ZodType<T>, value: unknown): T[] {
  const result = schema.safeParse(value);
  return result.success ? [result.data] : [];
}
