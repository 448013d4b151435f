import { Module, type Type } from '@nestjs/common';
import {
  AuthClientModule as LocalAuthClientModule,
  guardsBehindGateway,
} from '@primetrade/clients';
import { AuthClientModule } from '@primetrade/clients/remote-auth';
import { authSchema, AuthModule } from '@primetrade/feature-auth';
import { AuthInternalModule } from '@primetrade/feature-auth/internal';
import { profileSchema } from '@primetrade/feature-profile';
import { tasksSchema, TasksModule } from '@primetrade/feature-tasks';
import { TasksInternalModule } from '@primetrade/feature-tasks/internal';
import { FeatureHostModule } from '@primetrade/platform-feature-host';
import { type Job, JobRunner } from '@primetrade/platform-jobs';
import {
  createTestDatabase,
  startTestApp,
  type TestApp,
  type TestDatabase,
} from '@primetrade/testing';
import { TcpProxy } from '@primetrade/testing/fleet';
import pg from 'pg';
import { AppModule } from './app.module.js';

@Module({
  imports: [
    FeatureHostModule.forRoot({ service: 'auth', processes: 'many' }),
    LocalAuthClientModule.local(AuthModule),
    AuthInternalModule,
  ],
  providers: guardsBehindGateway,
})
class AuthServiceModule {}

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

/** The smallest GIF there is: one pixel. */
const IMAGE = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
const password = 'a password that nobody guesses';

interface Person {
  id: string;
  email: string;
  token: string;
}

describe('an account in three services', () => {
  let database: TestDatabase;
  let sql: pg.Client;
  let auth: TestApp;
  let tasks: TestApp;
  let profile: TestApp;
  let toTasks: TcpProxy;
  beforeAll(async () => {
    database = await createTestDatabase([authSchema, tasksSchema, profileSchema]);
    sql = new pg.Client({ connectionString: database.url });
    await sql.connect();
    auth = await start(AuthServiceModule, {});
    tasks = await start(TasksServiceModule, { AUTH_URL: auth.url });
    toTasks = await TcpProxy.listen(Number(new URL(tasks.url).port));
    const TASKS_URL = `http://127.0.0.1:${toTasks.port}`;
    profile = await start(AppModule, { AUTH_URL: auth.url, TASKS_URL });
  });
  afterAll(async () => {
    for (const app of [profile, tasks, auth]) await app.close();
    await toTasks.close();
    await sql.end();
    await database.drop();
  });

  function start(module: Type, env: Record<string, string>): Promise<TestApp> {
    const nowhere = 'http://127.0.0.1:1';
    const shared = {
      SERVICE_SECRET: 'a secret between the services of tests: 0123456789',
      REDIS_URL: process.env['PRIMETRADE_TEST_REDIS'] ?? '',
      AUTH_URL: nowhere,
      TASKS_URL: nowhere,
    };
    return startTestApp(module, [], { ...shared, ...env }, database);
  }

  /** Which service a path goes to is for the gateway to know. */
  const serviceOf = (path: string) =>
    path.startsWith('auth') ? auth : path.startsWith('profile') ? profile : tasks;

  async function send(
    token: string,
    method: string,
    path: string,
    body?: unknown,
    type = 'application/json',
  ): Promise<Response> {
    return fetch(`${serviceOf(path).url}/api/v1/${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': type }),
        ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
      },
      body: Buffer.isBuffer(body) ? body : JSON.stringify(body),
    });
  }

  /** Someone with something in every service. */
  async function person(): Promise<Person> {
    const email = `${crypto.randomUUID()}@example.org`;
    const registered = await send('', 'POST', 'auth/register', { email, password, name: 'Anna' });
    const { accessToken: token, user } = (await registered.json()) as {
      accessToken: string;
      user: { id: string };
    };
    for (const [method, path, body, type] of [
      ['POST', 'projects', { name: 'Garden' }],
      ['POST', 'tasks', { title: 'Dig', labels: ['outside'] }],
      ['POST', 'auth/tokens', { name: 'script', scopes: ['tasks:read'] }],
      ['PATCH', 'profile', { bio: 'Gardener' }],
      ['PUT', 'profile/avatar', IMAGE, 'image/gif'],
    ] as const) {
      const response = await send(token, method, path, body, type);
      expect(`${path} ${response.status} ${await response.text()}`).toMatch(/^\S+ 2/);
    }
    return { id: user.id, email, token };
  }

  /** The tables of all services with rows that mention a person in any column. */
  async function tablesWith({ id, email }: Person): Promise<string[]> {
    const { rows } = await sql.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
       WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`,
    );
    const found: string[] = [];
    for (const { name } of rows) {
      const { rowCount } = await sql.query(
        `SELECT 1 FROM ${name} AS row
         WHERE position($1 in to_jsonb(row)::text) + position($2 in to_jsonb(row)::text) > 0`,
        [id, email],
      );
      if (rowCount !== 0) found.push(name);
    }
    return found;
  }

  it('is one profile, and one document when it is exported', async () => {
    const anna = await person();
    const { email } = anna;
    const shown = await send(anna.token, 'GET', 'profile');
    expect(await shown.json()).toMatchObject({ id: anna.id, email, bio: 'Gardener' });
    const exported = await send(anna.token, 'GET', 'profile/export');
    expect(await exported.json()).toMatchObject({
      account: { user: { email }, apiTokens: [{ name: 'script' }] },
      profile: { id: anna.id, bio: 'Gardener', avatar: { type: 'image/webp' } },
      data: [
        { project: { name: 'Garden' } },
        { label: { name: 'outside' } },
        { task: { title: 'Dig' } },
      ],
    });
  });

  it('leaves not one row in any service when it is deleted, and every row of others', async () => {
    const [anna, ben] = [await person(), await person()];
    const before = await tablesWith(anna);
    expect(before).toEqual(
      expect.arrayContaining(['auth.users', 'profile.avatars', 'tasks.projects', 'tasks.tasks']),
    );
    const wrong = await send(anna.token, 'DELETE', 'profile', { password: 'wrong' });
    expect([wrong.status, await wrong.json()]).toMatchObject([403, { code: 'password_wrong' }]);
    expect(await tablesWith(anna)).toEqual(before);

    expect((await send(anna.token, 'DELETE', 'profile', { password })).status).toBe(204);
    expect(await tablesWith(anna)).toEqual([]);
    expect(await tablesWith(ben)).toEqual(before);
    expect((await send(anna.token, 'POST', 'tasks', { title: 'Too late' })).status).toBe(401);
    for (const path of ['auth/sessions', 'tasks', 'profile']) {
      expect((await send(anna.token, 'GET', path)).status).toBe(401);
    }
  });

  it('is closed at once while another service is away, and deleted when it is back', async () => {
    const anna = await person();
    toTasks.cut();
    expect((await send(anna.token, 'DELETE', 'profile', { password })).status).toBe(202);
    expect((await send(anna.token, 'GET', 'tasks')).status).toBe(401);
    expect(await tablesWith(anna)).toEqual(expect.arrayContaining(['auth.users', 'tasks.tasks']));

    toTasks.mend();
    const runner = profile.app.get(JobRunner);
    const job = (Reflect.get(runner, 'jobs') as Job[]).find(
      ({ name }) => name === 'profile:unfinished-deletions',
    )!;
    await sql.query(`UPDATE auth.users SET deleting_at = deleting_at - interval '61 s'`);
    const deadline = Date.now() + 20_000;
    do await runner.runOnce(job);
    while ((await tablesWith(anna)).length > 0 && Date.now() < deadline);
    expect(await tablesWith(anna)).toEqual([]);
  });
});
