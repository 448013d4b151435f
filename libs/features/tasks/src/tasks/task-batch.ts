import type {
  BulkOperation,
  CreateTaskRequest,
  TaskPriority,
  TaskStatus,
  UpdateTaskRequest,
} from '@primetrade/contracts';
import { meets, versionMismatch, type VersionCondition } from '@primetrade/platform-database';
import { AppError } from '@primetrade/platform-errors';
import { type EndPositions, positionBetween } from '../ordering/position.js';
import { type NewTask, parentNotFound, projectNotFound } from './task-writer.js';

/** How many levels a task and its subtasks may have. */
export const MAX_LEVELS = 5;

/** What the rules need of a stored task. Times are ISO 8601. */
export interface TaskState {
  id: string;
  status: TaskStatus;
  dueAt: string | null;
  projectId: string | null;
  parentId: string | null;
  position: string;
  completedAt: string | null;
  deletedAt: string | null;
  version: number;
}

/** A stored task's new state; texts only where they change. */
export interface TaskPatch extends TaskState {
  title?: string;
  description?: string;
  priority?: TaskPriority;
  labels?: readonly string[];
}

/** What a batch starts from. */
export interface BatchContext {
  /** Every task that the operations name, with its ancestors and descendants. */
  tasks: readonly TaskState[];
  /** Those of the user's projects that the operations name. */
  projectIds: ReadonlySet<string>;
  /** Positions that bound the gaps into which the operations move tasks. */
  positions: readonly string[];
  /** The time of the transaction. */
  now: string;
  newId: () => string;
  endPositions: EndPositions;
}

/** An operation of a bulk request; a single request may carry a condition of its own. */
export type TaskOperation =
  | Exclude<BulkOperation, { op: 'update' | 'delete' }>
  | { op: 'update'; id: string; changes: UpdateTaskRequest; condition?: VersionCondition }
  | { op: 'delete'; id: string; condition?: VersionCondition };

/**
 * Applies operations to tasks in memory, in order, by all the rules; what must be written then is
 * a few statements, however many operations there are.
 */
export class TaskBatch {
  private readonly tasks = new Map<string, TaskPatch>();
  private readonly children = new Map<string, Set<string>>();
  private readonly created = new Map<string, CreateTaskRequest>();
  private readonly changed = new Set<string>();
  private readonly positions: string[];

  constructor(private readonly context: BatchContext) {
    for (const task of context.tasks) this.add({ ...task });
    this.positions = [...context.positions, ...context.tasks.map((task) => task.position)];
  }

  /**
   * @returns the id of the task concerned
   * @throws AppError when a rule forbids it
   */
  apply(operation: TaskOperation): string {
    switch (operation.op) {
      case 'create':
        return this.create(operation.task);
      case 'update':
        return this.update(operation.id, operation.changes, operation.condition);
      case 'delete':
        return this.delete(operation.id, operation.condition);
      case 'restore':
        return this.restore(operation.id);
    }
  }

  /** Tasks to insert. */
  get inserts(): NewTask[] {
    return [...this.created].map(([id, request]) => {
      const task = this.tasks.get(id)!;
      return {
        ...task,
        title: task.title ?? request.title,
        description: task.description ?? request.description,
        priority: task.priority ?? request.priority,
        labels: task.labels ?? request.labels,
      };
    });
  }

  /** Stored tasks to update. */
  get updates(): TaskPatch[] {
    return [...this.changed].filter((id) => !this.created.has(id)).map((id) => this.tasks.get(id)!);
  }

  private create(request: CreateTaskRequest): string {
    const id = request.id ?? this.context.newId();
    if (this.tasks.has(id)) {
      throw new AppError('already_exists', {
        detail: 'A task with this id exists. Leave the id out, or choose another one.',
      });
    }
    this.checkProject(request.projectId);
    if (request.parentId !== null) this.checkParent(request.parentId, 1);
    const position = this.context.endPositions.next();
    this.positions.push(position);
    this.created.set(id, request);
    this.add({
      id,
      status: request.status,
      dueAt: request.dueAt,
      projectId: request.projectId,
      parentId: request.parentId,
      position,
      completedAt: request.status === 'done' ? this.context.now : null,
      deletedAt: null,
      version: 1,
    });
    return id;
  }

  private update(id: string, changes: UpdateTaskRequest, condition?: VersionCondition): string {
    const task = this.live(id);
    if (condition !== undefined && !meets(task.version, condition)) throw versionMismatch();
    const { status, parentId, afterId, ...rest } = changes;
    if (Object.values(changes).every((value) => value === undefined)) return id;
    if (rest.projectId !== undefined) this.checkProject(rest.projectId);
    if (status !== undefined) {
      task.completedAt = status === 'done' ? (task.completedAt ?? this.context.now) : null;
      task.status = status;
    }
    if (parentId !== undefined) this.moveUnder(task, parentId);
    if (afterId !== undefined) this.moveBehind(task, afterId);
    for (const [name, value] of Object.entries(rest)) {
      if (value !== undefined) Object.assign(task, { [name]: value });
    }
    this.touch(task);
    return id;
  }

  private delete(id: string, condition?: VersionCondition): string {
    const task = this.find(id);
    // Repeated because the answer was lost: it is where it should be.
    if (task.deletedAt !== null) return id;
    if (condition !== undefined && !meets(task.version, condition)) throw versionMismatch();
    for (const each of this.subtree(task, (child) => child.deletedAt === null)) {
      each.deletedAt = this.context.now;
      this.touch(each);
    }
    return id;
  }

  private restore(id: string): string {
    const task = this.find(id);
    const { deletedAt } = task;
    if (deletedAt === null) return id;
    // What was deleted together comes back together.
    for (const each of this.subtree(task, (child) => child.deletedAt === deletedAt)) {
      each.deletedAt = null;
      this.touch(each);
    }
    const parent = task.parentId === null ? undefined : this.tasks.get(task.parentId);
    if (parent !== undefined && parent.deletedAt !== null) this.setParent(task, null);
    return id;
  }

  private moveUnder(task: TaskPatch, parentId: string | null): void {
    if (parentId !== null) {
      const below = this.subtree(task, () => true);
      if (below.some((each) => each.id === parentId)) {
        throw new AppError('conflict', {
          detail: 'A task cannot be its own subtask. Choose a parentId that is not below it.',
        });
      }
      this.checkParent(parentId, this.height(task));
    }
    this.setParent(task, parentId);
  }

  private moveBehind(task: TaskPatch, afterId: string | null): void {
    if (afterId === task.id) {
      throw new AppError('conflict', {
        detail: 'A task cannot be moved behind itself. Name another task as afterId.',
      });
    }
    const before = afterId === null ? null : this.tasks.get(afterId);
    if (before === undefined || (before !== null && before.deletedAt !== null)) {
      throw new AppError('not_found', {
        detail: 'There is no task with this afterId. Fetch the list again.',
      });
    }
    let next: string | null = null;
    for (const position of this.positions) {
      if ((before === null || position > before.position) && (next === null || position < next)) {
        next = position;
      }
    }
    if (next === task.position) return;
    task.position = positionBetween(before?.position ?? null, next);
    this.positions.push(task.position);
  }

  private checkProject(projectId: string | null): void {
    if (projectId !== null && !this.context.projectIds.has(projectId)) throw projectNotFound();
  }

  /** @param levels that would come below the parent */
  private checkParent(parentId: string, levels: number): void {
    const parent = this.tasks.get(parentId);
    if (parent === undefined || parent.deletedAt !== null) throw parentNotFound();
    let depth = levels;
    for (let at: TaskPatch | undefined = parent; at !== undefined; depth += 1) {
      at = at.parentId === null ? undefined : this.tasks.get(at.parentId);
    }
    if (depth > MAX_LEVELS) {
      throw new AppError('limit_reached', {
        detail: `Subtasks go ${MAX_LEVELS} levels deep. Choose a parent further up.`,
      });
    }
  }

  private height(task: TaskPatch): number {
    const below = [...(this.children.get(task.id) ?? [])].map((id) => this.tasks.get(id)!);
    return 1 + Math.max(0, ...below.map((child) => this.height(child)));
  }

  /** The task and, below it, whatever can be reached through tasks that `follow` accepts. */
  private subtree(task: TaskPatch, follow: (child: TaskPatch) => boolean): TaskPatch[] {
    const found = [task];
    // `found` grows while it is gone through.
    for (const each of found) {
      for (const id of this.children.get(each.id) ?? []) {
        const child = this.tasks.get(id)!;
        if (follow(child)) found.push(child);
      }
    }
    return found;
  }

  private setParent(task: TaskPatch, parentId: string | null): void {
    if (task.parentId !== null) this.children.get(task.parentId)?.delete(task.id);
    task.parentId = parentId;
    if (parentId !== null) this.addChild(parentId, task.id);
  }

  private add(task: TaskPatch): void {
    this.tasks.set(task.id, task);
    if (task.parentId !== null) this.addChild(task.parentId, task.id);
  }

  private addChild(parentId: string, id: string): void {
    const siblings = this.children.get(parentId);
    if (siblings === undefined) this.children.set(parentId, new Set([id]));
    else siblings.add(id);
  }

  private touch(task: TaskPatch): void {
    task.version += 1;
    this.changed.add(task.id);
  }

  private find(id: string): TaskPatch {
    const task = this.tasks.get(id);
    if (task === undefined) throw taskNotFound();
    return task;
  }

  private live(id: string): TaskPatch {
    const task = this.find(id);
    if (task.deletedAt !== null) throw taskInTrash();
    return task;
  }
}

export function taskNotFound(): AppError {
  return new AppError('not_found', { detail: 'There is no task with this id.' });
}

export function taskInTrash(): AppError {
  return new AppError('conflict', {
    detail: 'The task is in the trash. Restore it before you change it.',
  });
}
