import { Injectable } from '@nestjs/common';
import { TasksClient } from '@primetrade/clients';
import { Database } from '@primetrade/platform-database';
import { Changes, tasksChanged } from '../changes.service.js';
import { LabelsService } from '../labels/labels.service.js';
import { ProjectsService } from '../projects/projects.service.js';
import { readAllTasks } from '../tasks/task-reader.js';

const BATCH = 5_000;

/** Tables with a user's data, in an order in which they can be emptied; imports make tasks. */
const TABLES = ['imports', 'tasks', 'labels', 'projects', 'idempotency_keys'] as const;

/** What other features ask of this one, in the same process. */
@Injectable()
export class UserDataService extends TasksClient {
  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
    private readonly projects: ProjectsService,
    private readonly labels: LabelsService,
  ) {
    super();
  }

  /** In batches, each for good: called again after a crash, it goes on where it was. */
  override async deleteUserData(userId: string): Promise<void> {
    for (const table of TABLES) {
      while ((await this.deleteBatch(userId, table)) === BATCH);
    }
    await this.changes.announce(userId, tasksChanged('many'));
  }

  override async *exportUserData(userId: string): AsyncGenerator<string> {
    const projects = await this.projects.list(userId);
    const labels = await this.labels.list(userId);
    for (const project of projects) yield line({ project });
    for (const label of labels) yield line({ label });
    for await (const tasks of readAllTasks(this.database, userId, { trash: true })) {
      yield tasks.map((task) => line({ task })).join('');
    }
  }

  private async deleteBatch(userId: string, table: (typeof TABLES)[number]): Promise<number> {
    return this.database.write(userId, async (queries) => {
      const [, deleted]: [unknown[], number] = await queries.query(
        `DELETE FROM tasks.${table} WHERE ctid = ANY (ARRAY(
           SELECT ctid FROM tasks.${table} WHERE user_id = $1 LIMIT $2))`,
        [userId, BATCH],
      );
      return deleted;
    });
  }
}

function line(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}
