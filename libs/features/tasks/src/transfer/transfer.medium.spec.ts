import type { ImportJob, ImportList, Label, Project, Task, TaskPage } from '@primetrade/contracts';
import { uuidv7 } from '@primetrade/platform-database';
import { startTasksApp, type TasksTestApp, type TestUser } from '../testing/test-tasks-app.js';
import { ended, upload } from './testing/upload.js';

let test: TasksTestApp;

beforeAll(async () => {
  test = await startTasksApp();
});
afterAll(async () => {
  await test.close();
});

async function importAll(user: TestUser, body: string | Buffer, options = {}): Promise<ImportJob> {
  const response = await upload(test, user, body, options);
  expect(response.status).toBe(202);
  return ended(user, ((await response.json()) as ImportJob).id);
}

async function exported(user: TestUser, format: string): Promise<Response> {
  const response = await user.request('GET', `/tasks/export?format=${format}`);
  expect(response.status).toBe(200);
  return response;
}

/** What a user has, by names instead of ids, in the user's order. */
async function snapshot(user: TestUser) {
  const { items: tasks } = await user.call<TaskPage>('GET', '/tasks?sort=position&limit=100');
  const { items: projects } = await user.call<{ items: Project[] }>('GET', '/projects');
  const { items: labels } = await user.call<{ items: Label[] }>('GET', '/labels');
  const project = new Map(projects.map(({ id, name, color }) => [id, `${name} ${color}`]));
  const title = new Map(tasks.map((task) => [task.id, task.title]));
  return {
    tasks: tasks.map(({ id: _id, version: _version, position: _position, ...task }) => ({
      ...task,
      projectId: project.get(task.projectId ?? '') ?? null,
      parentId: title.get(task.parentId ?? '') ?? null,
    })),
    projects: projects.map(({ name, color, archivedAt }) => ({ name, color, archivedAt })),
    labels: labels.map(({ name, color }) => ({ name, color })),
  };
}

/** A user with one of everything that a file must carry. */
async function userWithEverything(): Promise<TestUser> {
  const user = test.user();
  const add = (task: object) => user.call<Task>('POST', '/tasks', task);
  const project = (name: string, color: string) =>
    user.call<Project>('POST', '/projects', { name, color });
  const work = await project('Work, "paid"', '#ff0000');
  const otherWork = await project('Work, "paid"', '#00ff00');
  const old = await project('=Old', '#0000ff');
  await user.call('PATCH', `/projects/${old.id}`, { archived: true });
  await user.call('POST', '/labels', { name: 'a, "b"', color: '#123456' });
  const parent = await add({
    title: '=SUM(A1)',
    description: 'two\r\nlines, "quoted"\n\n- 😀',
    status: 'in_progress',
    priority: 'urgent',
    dueAt: '2026-12-01T10:00:00.123Z',
    labels: ['a, "b"', '@home'],
    projectId: work.id,
  });
  const child = await add({ title: "'apostrophe", parentId: parent.id, projectId: otherWork.id });
  await add({ title: '\u202egrandchild', parentId: child.id, status: 'done' });
  const last = await add({ title: 'moved to the front', projectId: old.id });
  await user.call('PATCH', `/tasks/${last.id}`, { afterId: null });
  const trash = await add({ title: 'in the trash' });
  await user.call('DELETE', `/tasks/${trash.id}`);
  return user;
}

describe('export and import', () => {
  it('give everything back through JSON', async () => {
    const from = await userWithEverything();
    await from.call('POST', '/labels', { name: 'unused', color: '#654321' });
    const response = await exported(from, 'json');
    expect(response.headers.get('content-disposition')).toMatch(
      /^attachment; filename="primetrade-\d{4}-\d{2}-\d{2}\.json"$/,
    );
    const to = test.user();
    const file = Buffer.from(await response.arrayBuffer());
    const job = await importAll(to, file, { type: 'application/octet-stream' });
    expect(job).toMatchObject({ format: 'json', status: 'completed', createdTasks: 4, errors: [] });
    expect(await snapshot(to)).toEqual(await snapshot(from));
    expect((await snapshot(to)).tasks).toHaveLength(4);
  });

  it('give all tasks back through CSV', async () => {
    const from = await userWithEverything();
    const response = await exported(from, 'csv');
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const to = test.user();
    const job = await importAll(to, Buffer.from(await response.arrayBuffer()));
    expect(job).toMatchObject({ format: 'csv', status: 'completed', createdTasks: 4, errors: [] });
    expect((await snapshot(to)).tasks).toEqual((await snapshot(from)).tasks);
  });

  it('find projects and labels that are there', async () => {
    const user = await userWithEverything();
    const before = await snapshot(user);
    for (const format of ['json', 'csv']) {
      const file = Buffer.from(await (await exported(user, format)).arrayBuffer());
      await importAll(user, file, { type: 'application/octet-stream' });
      const after = await snapshot(user);
      expect(after.projects).toEqual(before.projects);
      expect(after.labels).toEqual(before.labels);
    }
  });

  it('writes valid files of nothing', async () => {
    const user = test.user();
    expect(await (await exported(user, 'json')).json()).toMatchObject({ tasks: [] });
    const job = await importAll(
      user,
      Buffer.from(await (await exported(user, 'csv')).arrayBuffer()),
    );
    expect(job).toMatchObject({ status: 'completed', totalRows: 0 });
  });
});

describe('import', () => {
  it('takes JSON and plain text by their own types', async () => {
    const user = test.user();
    const json = JSON.stringify({
      format: 'primetrade',
      version: 1,
      tasks: [{ title: 'from json' }],
    });
    await importAll(user, json, { type: 'application/json' });
    await importAll(user, 'title\nfrom text\n', { type: 'text/plain' });
    const { tasks } = await snapshot(user);
    expect(tasks.map(({ title }) => title)).toEqual(['from json', 'from text']);
  });

  it('puts tasks without a project into the one that is named, and reads local times', async () => {
    const user = test.user();
    const { id } = await user.call<Project>('POST', '/projects', { name: 'Inbox' });
    await importAll(user, 'title,project,due\na,,2026-12-01\nb,Else,\n', {
      query: `?project=${id}&timeZone=Europe/Berlin`,
    });
    const { tasks } = await snapshot(user);
    expect(tasks).toMatchObject([
      { title: 'a', projectId: 'Inbox #4f46e5', dueAt: '2026-12-01T22:59:00.000Z' },
      { title: 'b', projectId: 'Else #4f46e5' },
    ]);
  });

  it('reports refused rows and keeps the good ones', async () => {
    const job = await importAll(test.user(), 'title,foo\na,1\n,2\nb,3\n');
    expect(job).toMatchObject({
      status: 'completed',
      totalRows: 3,
      processedRows: 3,
      createdTasks: 2,
      failedRows: 1,
      errors: [{ line: 3, reason: 'The title is empty.' }],
      ignoredColumns: ['foo'],
    });
  });

  it('ends at once when no row is good', async () => {
    const response = await upload(test, test.user(), 'title,foo\n,1\n');
    expect(await response.json()).toMatchObject({ status: 'completed', failedRows: 1 });
  });

  it('refuses what cannot be imported, and then changes nothing', async () => {
    const user = test.user();
    const refusal = async (body: string | Buffer, options = {}) => {
      const response = await upload(test, user, body, options);
      const { code } = (await response.json()) as { code: string };
      return [response.status, code];
    };
    expect(await refusal('project,foo\nP,1\n')).toEqual([422, 'import_invalid']);
    expect(await refusal('')).toEqual([422, 'import_invalid']);
    expect(await refusal(Buffer.from([0xe4, 0x0a]))).toEqual([422, 'import_invalid']);
    expect(await refusal('title\na', { query: '?format=xml' })).toEqual([400, 'validation_failed']);
    expect(await refusal('title\na', { query: '?timeZone=Moon' })).toEqual([
      400,
      'validation_failed',
    ]);
    expect(await refusal('title\na', { type: 'application/xml' })).toEqual([
      415,
      'unsupported_media_type',
    ]);
    const labels = Array.from({ length: 1_001 }, (_, index) => `a,P${index},l${index}`).join('\n');
    expect(await refusal(`title,project,labels\n${labels}\n`)).toEqual([422, 'limit_reached']);
    expect(await snapshot(user)).toEqual({ tasks: [], projects: [], labels: [] });
    expect((await user.call<ImportList>('GET', '/tasks/imports')).items).toEqual([]);
  });

  it('repeats nothing when the key is repeated', async () => {
    const user = test.user();
    const headers = { 'idempotency-key': uuidv7() };
    const [first, second] = await Promise.all([
      upload(test, user, 'title\nonce\n', { headers }),
      upload(test, user, 'title\nonce\n', { headers }),
    ]);
    const job = (await first.json()) as ImportJob;
    expect(((await second.json()) as ImportJob).id).toBe(job.id);
    await ended(user, job.id);
    expect((await snapshot(user)).tasks).toHaveLength(1);
    const other = await upload(test, user, 'title\nother\n', { headers });
    expect(((await other.json()) as { code: string }).code).toBe('idempotency_key_reused');
  });

  it("keeps out of other users' projects and imports", async () => {
    const owner = test.user();
    const stranger = test.user();
    const { id } = await owner.call<Project>('POST', '/projects', { name: 'Mine' });
    const job = await importAll(owner, 'title\na\n');
    expect(
      await (await upload(test, stranger, 'title\na', { query: `?project=${id}` })).json(),
    ).toMatchObject({ status: 404, code: 'not_found' });
    expect(await stranger.refused('GET', `/tasks/imports/${job.id}`)).toMatchObject({
      status: 404,
    });
    expect((await stranger.call<ImportList>('GET', '/tasks/imports')).items).toEqual([]);
    expect((await owner.call<ImportList>('GET', '/tasks/imports')).items).toEqual([job]);
  });

  it('asks for the scope of each route', async () => {
    const reader = test.user(undefined, ['tasks:read']);
    const writer = test.user(undefined, ['tasks:write']);
    expect((await upload(test, reader, 'title\na\n')).status).toBe(403);
    expect((await upload(test, writer, 'title\na\n')).status).toBe(202);
    expect((await writer.request('GET', '/tasks/imports')).status).toBe(403);
    expect((await writer.request('GET', '/tasks/export')).status).toBe(403);
    expect((await reader.request('GET', '/tasks/export')).status).toBe(200);
  });

  it('remembers the latest 20 imports and lets 3 wait', async () => {
    const user = test.user();
    for (let index = 0; index < 21; index += 1) await importAll(user, `title\n${index}\n`);
    expect((await user.call<ImportList>('GET', '/tasks/imports')).items).toHaveLength(20);
    await test.sql.query(
      `UPDATE tasks.imports SET status = 'running', finished_at = NULL, lease = gen_random_uuid(),
         leased_until = 'infinity'
       WHERE user_id = $1 AND id IN (SELECT id FROM tasks.imports WHERE user_id = $1 LIMIT 3)`,
      [user.id],
    );
    expect(await (await upload(test, user, 'title\na\n')).json()).toMatchObject({
      code: 'limit_reached',
    });
  });
});
