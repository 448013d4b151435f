import { Injectable } from '@nestjs/common';
import type { Task } from '@primetrade/contracts';
import { Database, type Queries, uuidv7 } from '@primetrade/platform-database';
import { AppError } from '@primetrade/platform-errors';
import { Changes, tasksChanged } from '../changes.service.js';
import { lockUser } from '../database/user-lock.js';
import { lockLabels } from '../labels/label-names.js';
import { EndPositions } from '../ordering/position.js';
import { needsNewPositions, renumber } from '../ordering/renumber.js';
import { TaskBatch, type TaskOperation } from './task-batch.js';
import { loadContext } from './task-batch-context.js';
import { TASK_JSON } from './task-json.js';
import { updateTasks } from './task-updater.js';
import { insertTasks } from './task-writer.js';

/** Any number of operations on one user's tasks: all happen, in order, or none does. */
@Injectable()
export class TaskOperations {
  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
    private readonly endPositions: EndPositions,
  ) {}

  /**
   * @param describe turns the refusal of an operation, by its index, into what the caller sees
   * @returns one task an operation: as it is when all is done
   * @throws AppError of the first operation that is refused
   */
  async run(
    userId: string,
    operations: readonly TaskOperation[],
    describe: (error: AppError, index: number) => AppError = (error) => error,
  ): Promise<Task[]> {
    return this.database.write(userId, async (queries) => {
      await lockUser(queries, userId);
      await lockLabels(queries, userId, operations.flatMap(labelsOf));
      const batch = new TaskBatch({
        ...(await loadContext(queries, userId, operations)),
        newId: uuidv7,
        endPositions: this.endPositions,
      });
      const ids = operations.map((operation, index) => {
        try {
          return batch.apply(operation);
        } catch (error) {
          throw error instanceof AppError ? describe(error, index) : error;
        }
      });
      const written = [
        ...(await insertTasks(queries, userId, batch.inserts)),
        ...(await updateTasks(queries, userId, batch.updates)),
      ];
      if (needsNewPositions(written)) {
        await renumber(queries, 'tasks', userId);
        await this.announce(userId, operations, 'many');
        return tasksInOrder(queries, userId, ids, []);
      }
      if (written.length > 0) {
        await this.announce(
          userId,
          operations,
          written.map((task) => task.id),
        );
      }
      return tasksInOrder(queries, userId, ids, written);
    });
  }

  private async announce(
    userId: string,
    operations: readonly TaskOperation[],
    ids: readonly string[] | 'many',
  ): Promise<void> {
    const labelled = operations.some((operation) => labelsOf(operation).length > 0);
    await this.changes.announce(
      userId,
      tasksChanged(ids),
      ...(labelled ? [{ type: 'labels.changed' } as const] : []),
    );
  }
}

function labelsOf(operation: TaskOperation): readonly string[] {
  if (operation.op === 'create') return operation.task.labels;
  return operation.op === 'update' ? (operation.changes.labels ?? []) : [];
}

/** One task an id, reading those that were not written. */
async function tasksInOrder(
  queries: Queries,
  userId: string,
  ids: readonly string[],
  written: readonly Task[],
): Promise<Task[]> {
  const known = new Map(written.map((task) => [task.id, task]));
  const missing = ids.filter((id) => !known.has(id));
  if (missing.length > 0) {
    const rows: { task: Task }[] = await queries.query(
      `SELECT ${TASK_JSON} AS task FROM tasks.tasks t WHERE t.user_id = $1 AND t.id = ANY ($2)`,
      [userId, missing],
    );
    for (const { task } of rows) known.set(task.id, task);
  }
  return ids.map((id) => known.get(id)!);
}
