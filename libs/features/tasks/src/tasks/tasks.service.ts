import { Injectable } from '@nestjs/common';
import type {
  BulkOperation,
  CreateTaskRequest,
  Task,
  TaskStats,
  UpdateTaskRequest,
} from '@primetrade/contracts';
import {
  Database,
  type Queries,
  uuidv7,
  type VersionCondition,
} from '@primetrade/platform-database';
import { AppError } from '@primetrade/platform-errors';
import { Changes, tasksChanged } from '../changes.service.js';
import { EndPositions } from '../ordering/position.js';
import { type TaskOperation, taskNotFound } from './task-batch.js';
import { TASK_JSON } from './task-json.js';
import { TaskOperations } from './task-operations.service.js';
import { patchTask } from './task-patch.js';
import { readStats } from './task-stats.js';
import { insertTasks } from './task-writer.js';

/** What one can do with tasks. Each call concerns one user's tasks alone. */
@Injectable()
export class TasksService {
  constructor(
    private readonly database: Database,
    private readonly operations: TaskOperations,
    private readonly changes: Changes,
    private readonly endPositions: EndPositions,
  ) {}

  /**
   * Adds a task at the end of the manual order.
   *
   * @throws AppError `already_exists`, `not_found` for its project or parent, `limit_reached`
   */
  async create(userId: string, request: CreateTaskRequest): Promise<Task> {
    if (request.parentId !== null) {
      return only(await this.operations.run(userId, [{ op: 'create', task: request }]));
    }
    const id = request.id ?? uuidv7();
    const position = this.endPositions.next();
    const task = await this.store(userId, request.labels, async (queries) =>
      only(await insertTasks(queries, userId, [{ ...request, id, position }])),
    );
    await this.announce(userId, task, request.labels);
    return task;
  }

  /**
   * @returns the task as JSON text, with its version
   * @throws AppError `not_found`
   */
  async get(userId: string, id: string): Promise<{ json: string; version: number }> {
    const [row]: { json: string; version: number }[] = await this.database.read(userId, (queries) =>
      queries.query(
        `SELECT ${TASK_JSON}::text AS json, t.version FROM tasks.tasks t
         WHERE t.user_id = $1 AND t.id = $2`,
        [userId, id],
      ),
    );
    if (row === undefined) throw taskNotFound();
    return row;
  }

  /** @throws AppError `not_found`, `version_mismatch`, `conflict`, `limit_reached` */
  async update(
    userId: string,
    id: string,
    changes: UpdateTaskRequest,
    condition?: VersionCondition,
  ): Promise<Task> {
    const { parentId, afterId, ...plain } = changes;
    const none = Object.values(plain).every((value) => value === undefined);
    if (none || parentId !== undefined || afterId !== undefined) {
      return only(await this.operations.run(userId, [{ op: 'update', id, changes, condition }]));
    }
    const task = await this.store(userId, plain.labels, (queries) =>
      patchTask(queries, userId, id, plain, condition),
    );
    await this.announce(userId, task, plain.labels);
    return task;
  }

  /** Puts a task and its subtasks into the trash. */
  async delete(userId: string, id: string, condition?: VersionCondition): Promise<void> {
    await this.operations.run(userId, [{ op: 'delete', id, condition }]);
  }

  /** Takes a task and what was deleted with it out of the trash. */
  async restore(userId: string, id: string): Promise<Task> {
    return only(await this.operations.run(userId, [{ op: 'restore', id }]));
  }

  /** @throws AppError of the first operation that is refused; its index is in `errors` */
  async bulk(userId: string, operations: readonly BulkOperation[]): Promise<Task[]> {
    return this.operations.run(
      userId,
      operations.map(toTaskOperation),
      (error, index) =>
        new AppError(error.code, {
          detail: `Operation ${index} was refused, so none was carried out. ${error.message}`,
          errors: [{ path: `operations.${index}`, message: error.message }],
          cause: error,
        }),
    );
  }

  async stats(userId: string): Promise<TaskStats> {
    return this.database.read(userId, (queries) => readStats(queries, userId));
  }

  /** With labels, their number is checked behind the statement, which may have to be undone. */
  private store(
    userId: string,
    labels: readonly string[] = [],
    work: (queries: Queries) => Promise<Task>,
  ): Promise<Task> {
    return labels.length > 0
      ? this.database.write(userId, work)
      : this.database.writeOne(userId, work);
  }

  private async announce(
    userId: string,
    task: Task,
    labels: readonly string[] = [],
  ): Promise<void> {
    await this.changes.announce(
      userId,
      tasksChanged([task.id]),
      ...(labels.length > 0 ? [{ type: 'labels.changed' } as const] : []),
    );
  }
}

function toTaskOperation(operation: BulkOperation): TaskOperation {
  if (operation.op !== 'update') return operation;
  const { version, ...update } = operation;
  return version === undefined ? update : { ...update, condition: [version] };
}

function only(tasks: readonly Task[]): Task {
  return tasks[0]!;
}
