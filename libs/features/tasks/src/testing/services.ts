import { Module } from '@nestjs/common';
import { guardsBehindGateway, TasksClient } from '@primetrade/clients';
import { AuthClientModule } from '@primetrade/clients/remote-auth';
import { TasksClientModule } from '@primetrade/clients/remote-tasks';
import { uuidv7 } from '@primetrade/platform-database';
import { FeatureHostModule } from '@primetrade/platform-feature-host';
import { startTestApp, type TestApp } from '@primetrade/testing';
import { TcpProxy } from '@primetrade/testing/fleet';
import pg from 'pg';
import { TasksInternalModule } from '../internal/tasks-internal.module.js';
import { tasksSchema } from '../migrations/index.js';
import { TasksModule } from '../tasks.module.js';

@Module({
  imports: [
    FeatureHostModule.forRoot({ service: 'tasks', processes: 'many' }),
    AuthClientModule.remote('tasks'),
    TasksModule,
    TasksInternalModule,
  ],
  providers: guardsBehindGateway,
})
class TasksServiceModule {}

@Module({ imports: [TasksClientModule.remote('profile')] })
class OtherServiceModule {}

const nowhere = { url: 'postgres://nobody@127.0.0.1:1/none', drop: async () => undefined };

/** A tasks service without people, and what others need to call it. */
export class TasksService {
  private readonly others: TestApp[] = [];

  private constructor(
    readonly tasks: TestApp,
    readonly sql: pg.Client,
    /** The connection of other services to it. */
    readonly network: TcpProxy,
    private readonly env: Record<string, string>,
  ) {}

  static async start(): Promise<TasksService> {
    const env = {
      SERVICE_SECRET: 'a secret between the services of tests: 0123456789',
      // Read by every process of the tests; nobody here has a token to be verified.
      AUTH_URL: 'http://127.0.0.1:1',
      TASKS_URL: 'http://127.0.0.1:1',
    };
    const tasks = await startTestApp(TasksServiceModule, [tasksSchema], env);
    const sql = new pg.Client({ connectionString: tasks.database.url });
    await sql.connect();
    const network = await TcpProxy.listen(Number(new URL(tasks.url).port));
    return new TasksService(tasks, sql, network, env);
  }

  /** The port in the process of the tasks service. */
  get local(): TasksClient {
    return this.tasks.app.get(TasksClient, { strict: false });
  }

  /**
   * Starts a process of another service.
   *
   * @param url where it finds this one: over `network`, or directly
   * @returns the port there
   */
  async remote(url = `http://127.0.0.1:${this.network.port}`): Promise<TasksClient> {
    const env = { ...this.env, TASKS_URL: url };
    const other = await startTestApp(OtherServiceModule, [], env, nowhere);
    this.others.push(other);
    return other.app.get(TasksClient, { strict: false });
  }

  /** @returns id of someone with so many tasks, a project and a label */
  async someone(tasks: number, descriptionBytes = 0): Promise<string> {
    const userId = uuidv7();
    await this.sql.query(
      `INSERT INTO tasks.projects (user_id, id, name, color, position, created_at, updated_at)
       VALUES ($1, gen_random_uuid(), 'Gärten 🌱', '#112233', 'a0', now(), now())`,
      [userId],
    );
    await this.sql.query(
      `INSERT INTO tasks.labels (user_id, name_key, name, color) VALUES ($1, 'l', 'l', '#000000')`,
      [userId],
    );
    await this.sql.query(
      `INSERT INTO tasks.tasks (user_id, id, title, description, status, priority, labels, position,
         created_at, updated_at)
       SELECT $1, gen_random_uuid(), 'Ünïcode ☃ ' || n, repeat('x', $3), 'todo', 'medium',
         '{}', 'a' || n, now(), now()
       FROM generate_series(1, $2) n`,
      [userId, tasks, descriptionBytes],
    );
    return userId;
  }

  async close(): Promise<void> {
    for (const other of this.others) await other.close();
    await this.network.close();
    await this.sql.end();
    await this.tasks.close();
  }
}
