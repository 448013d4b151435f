import type { Project, Task } from '@primetrade/contracts';
import { uuidv7 } from '@primetrade/platform-database';
import { JobRunner } from '@primetrade/platform-jobs';
import { registry } from '@primetrade/platform-metrics';
import { startTasksApp, type TasksTestApp, type TestUser } from './testing/test-tasks-app.js';

/** BEGIN and COMMIT of a transaction. */
const TRANSACTION = 2;

async function statementsSoFar(): Promise<number> {
  const metric = await registry.getSingleMetric('db_query_duration_seconds')!.get();
  const count = metric.values.find(
    (value) => 'metricName' in value && value.metricName === 'db_query_duration_seconds_count',
  );
  return count?.value ?? 0;
}

describe('how many statements an endpoint takes', () => {
  let test: TasksTestApp;
  let ann: TestUser;
  let project: Project;
  let parent: Task;
  beforeAll(async () => {
    test = await startTasksApp();
    // A job that runs meanwhile would be counted.
    await test.app.get(JobRunner, { strict: false }).beforeApplicationShutdown();
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    ann = test.user();
    project = await ann.call<Project>('POST', '/projects', { name: 'p' });
    parent = await ann.call<Task>('POST', '/tasks', { title: 'parent' });
    await ann.call('POST', '/tasks/bulk', {
      operations: Array.from({ length: 50 }, (_, i) => ({
        op: 'create',
        task: { title: `t${i}`, labels: ['a', 'b'], projectId: project.id, parentId: parent.id },
      })),
    });
  });

  async function count(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<number> {
    const before = await statementsSoFar();
    const response = await ann.request(method, path, body, headers);
    await response.text();
    expect(response.ok).toBe(true);
    return (await statementsSoFar()) - before;
  }

  it('GET tasks: one, and none when it is cached', async () => {
    expect(await count('GET', '/tasks?limit=100')).toBe(1);
    expect(await count('GET', '/tasks?limit=100')).toBe(0);
    expect(await count('GET', '/tasks?q=t&sort=title&label=a')).toBe(1);
  });

  it('GET of one thing or of few things: one', async () => {
    expect(await count('GET', `/tasks/${parent.id}`)).toBe(1);
    expect(await count('GET', '/tasks/stats')).toBe(1);
    expect(await count('GET', '/projects')).toBe(1);
    expect(await count('GET', `/projects/${project.id}`)).toBe(1);
    expect(await count('GET', '/labels')).toBe(1);
  });

  it('POST tasks: one, and one in a transaction whatever labels and project it has', async () => {
    const task = { title: 'new', labels: ['A', 'new'], projectId: project.id };
    expect(await count('POST', '/tasks', { title: 'plain' })).toBe(1);
    expect(await count('POST', '/tasks', task)).toBe(TRANSACTION + 1);
    // The key is noted before, and the answer after.
    const headers = { 'idempotency-key': uuidv7() };
    expect(await count('POST', '/tasks', task, headers)).toBe(TRANSACTION + 3);
    expect(await count('POST', '/tasks', task, headers)).toBe(TRANSACTION + 2);
    // Lock, parent, insert.
    expect(await count('POST', '/tasks', { title: 'sub', parentId: parent.id })).toBe(
      TRANSACTION + 3,
    );
  });

  it('PATCH: one; in a transaction with labels; more only for a new place', async () => {
    const path = `/tasks/${parent.id}`;
    expect(await count('PATCH', path, { status: 'in_progress' })).toBe(1);
    expect(await count('PATCH', path, { status: 'done', labels: ['c'] })).toBe(TRANSACTION + 1);
    expect(await count('PATCH', path, { afterId: null })).toBe(TRANSACTION + 4);
  });

  it('DELETE and restore: three, however many subtasks there are', async () => {
    expect(await count('DELETE', `/tasks/${parent.id}`)).toBe(TRANSACTION + 3);
    expect(await count('POST', `/tasks/${parent.id}/restore`)).toBe(TRANSACTION + 3);
  });

  it('bulk: as many for 400 operations as for 4', async () => {
    const operations = (size: number) =>
      Array.from({ length: size }, (_, i) => [
        { op: 'create', task: { title: `n${i}`, labels: ['x'], projectId: project.id } },
        { op: 'update', id: parent.id, changes: { title: `u${i}`, afterId: null } },
      ]).flat();
    const few = await count('POST', '/tasks/bulk', { operations: operations(2) });
    // Lock, labels, tasks, projects, positions, insert, update.
    expect(few).toBe(TRANSACTION + 7);
    expect(await count('POST', '/tasks/bulk', { operations: operations(200) })).toBe(few);
  });

  it('projects and labels: a fixed number, however many tasks have them', async () => {
    expect(await count('POST', '/projects', { name: 'q' })).toBe(TRANSACTION + 2);
    expect(await count('PATCH', `/projects/${project.id}`, { afterId: null })).toBe(
      TRANSACTION + 3,
    );
    expect(await count('DELETE', `/projects/${project.id}`)).toBe(TRANSACTION + 3);
    expect(await count('POST', '/labels', { name: 'z' })).toBe(TRANSACTION + 2);
    expect(await count('PATCH', '/labels/a', { name: 'aa' })).toBe(TRANSACTION + 3);
    expect(await count('DELETE', '/labels/b')).toBe(TRANSACTION + 3);
  });
});
