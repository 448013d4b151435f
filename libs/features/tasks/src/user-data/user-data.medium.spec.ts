import { TasksClient } from '@primetrade/clients';
import type { Task, TaskPage } from '@primetrade/contracts';
import { startTasksApp, type TasksTestApp, type TestUser } from '../testing/test-tasks-app.js';

describe('user data', () => {
  let test: TasksTestApp;
  let ann: TestUser;
  let bob: TestUser;
  beforeAll(async () => {
    test = await startTasksApp();
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    ann = test.user();
    bob = test.user();
    for (const user of [ann, bob]) {
      const { id } = await user.call<{ id: string }>('POST', '/projects', { name: 'p' });
      const parent = await user.call<Task>('POST', '/tasks', { title: 'parent', projectId: id });
      await user.request(
        'POST',
        '/tasks',
        { title: 'child', parentId: parent.id, labels: ['l'] },
        { 'idempotency-key': 'k' },
      );
    }
  });

  it('is deleted without a trace, and only the user’s own', async () => {
    await ann.call('GET', '/tasks');
    await test.sql.query(
      `INSERT INTO tasks.labels (user_id, name_key, name, color)
       SELECT $1, 'l' || n, 'l' || n, '#000000' FROM generate_series(1, 5001) n`,
      [ann.id],
    );
    const client = test.app.get(TasksClient);
    await client.deleteUserData(ann.id);
    await client.deleteUserData(ann.id);
    const { rows: tables } = await test.sql.query<{ table: string }>(
      `SELECT format('%I.%I', table_schema, table_name) AS table FROM information_schema.columns
       WHERE table_schema = 'tasks' AND column_name = 'user_id'`,
    );
    expect(tables.length).toBeGreaterThanOrEqual(4);
    for (const { table } of tables) {
      const { rows } = await test.sql.query(`SELECT 1 FROM ${table} WHERE user_id = $1`, [ann.id]);
      expect([table, rows.length]).toEqual([table, 0]);
    }
    expect((await ann.call<TaskPage>('GET', '/tasks')).items).toEqual([]);
    expect((await bob.call<TaskPage>('GET', '/tasks')).items).toHaveLength(2);
  });

  it('is exported as lines of JSON, the trash too', async () => {
    const { items } = await ann.call<TaskPage>('GET', '/tasks?sort=createdAt');
    await ann.request('DELETE', `/tasks/${items[1]!.id}`);
    // More than one batch.
    await ann.call('POST', '/tasks/bulk', {
      operations: Array.from({ length: 500 }, (_, i) => ({
        op: 'create',
        task: { title: `t${i}` },
      })),
    });
    let text = '';
    for await (const piece of test.app.get(TasksClient).exportUserData(ann.id)) text += piece;
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(lines[0]).toMatchObject({ project: { name: 'p' } });
    expect(lines[1]).toMatchObject({ label: { name: 'l' } });
    const tasks = lines.slice(2).map((line) => (line as { task: Task }).task);
    expect(tasks).toHaveLength(502);
    expect(new Set(tasks.map((task) => task.id)).size).toBe(502);
    expect(tasks.filter((task) => task.deletedAt !== null).map((task) => task.title)).toEqual([
      'child',
    ]);
  });
});
