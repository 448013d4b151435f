import { TasksClient } from '@primetrade/clients';
import type { ImportJob, Project, Task, TaskPage } from '@primetrade/contracts';
import { Database, uuidv7 } from '@primetrade/platform-database';
import { startTasksApp, type TasksTestApp } from '../../testing/test-tasks-app.js';
import { ended, upload } from '../testing/upload.js';
import { insertNextBatch } from './import-batch.js';
import type { Lease } from './import-lease.js';
import { ImportWorker } from './import.worker.js';

let test: TasksTestApp;

beforeAll(async () => {
  test = await startTasksApp();
});
afterAll(async () => {
  await test.close();
});

describe('an import whose process dies', () => {
  const CRASH = 'crash here';

  /** The connection dies in the midst of the batch that holds this title, as in a crash. */
  const crashOn = () =>
    test.sql.query(`
      CREATE SEQUENCE crashes;
      CREATE FUNCTION crash() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          PERFORM nextval('crashes');
          PERFORM pg_terminate_backend(pg_backend_pid());
          RETURN NEW;
        END $$;
      CREATE TRIGGER crash AFTER INSERT ON tasks.tasks FOR EACH ROW
        WHEN (NEW.title = '${CRASH}') EXECUTE FUNCTION crash()`);

  /** Waits for the crash, and makes it the last one. Sequences survive a transaction's end. */
  async function crashed(): Promise<void> {
    for (let called = false; !called;) {
      const { rows } = await test.sql.query<{ called: boolean }>(
        'SELECT is_called AS called FROM crashes',
      );
      called = rows[0]!.called;
    }
    await test.sql.query('DROP FUNCTION crash() CASCADE; DROP SEQUENCE crashes');
  }

  /** Lets the lease of the dead process run out. */
  const passTime = (id: string) =>
    test.sql.query(`UPDATE tasks.imports SET leased_until = now() - interval '1 s' WHERE id = $1`, [
      id,
    ]);

  it('goes on where it was: 10,000 rows, each good one exactly once', async () => {
    const lines = ['title,labels,priority'];
    for (let row = 1; row <= 10_000; row += 1) {
      if (row % 100 === 0) lines.push(',bad,1');
      else lines.push(`${row === 5_250 + 3 ? CRASH : `task ${row}`},l${row % 7},${(row % 4) + 1}`);
    }
    const user = test.user();
    await crashOn();
    const response = await upload(test, user, lines.join('\n'));
    const { id, totalRows, failedRows } = (await response.json()) as ImportJob;
    expect({ totalRows, failedRows }).toEqual({ totalRows: 10_000, failedRows: 100 });
    await crashed();
    // The task at which it crashed is the 5,201st good one; its batch left nothing behind.
    expect(await user.call('GET', `/tasks/imports/${id}`)).toMatchObject({
      status: 'running',
      createdTasks: 5_000,
      processedRows: 5_100,
    });
    await passTime(id);
    const fresh = await startTasksApp({}, test.database);
    try {
      const job = await ended(user, id);
      expect(job).toMatchObject({
        status: 'completed',
        processedRows: 10_000,
        createdTasks: 9_900,
        failedRows: 100,
      });
      expect(job.errors).toHaveLength(100);
      expect(job.errors[0]).toEqual({ line: 101, reason: 'The title is empty.' });
      const { rows } = await test.sql.query<{ title: string }>(
        'SELECT title FROM tasks.tasks WHERE user_id = $1 ORDER BY position',
        [user.id],
      );
      expect(rows.map(({ title }) => title)).toEqual(
        lines.slice(1).flatMap((line) => (line.startsWith(',') ? [] : line.split(',')[0])),
      );
      const { tasks } = await user.call<{ tasks: Task[] }>('GET', '/tasks/export');
      expect(new Set(tasks.map(({ title }) => title)).size).toBe(9_900);
      const left = await test.sql.query('SELECT 1 FROM tasks.import_batches WHERE import_id = $1', [
        id,
      ]);
      expect(left.rowCount).toBe(0);
    } finally {
      await fresh.close();
    }
  }, 60_000);

  it('copes with what was deleted in between', async () => {
    const user = test.user();
    const task = (index: number, more = {}) => ({ title: `task ${index}`, ...more });
    const tasks = [
      task(0, { id: 'parent' }),
      ...Array.from({ length: 499 }, (_, index) => task(index + 1)),
      task(500, { title: CRASH, parentId: 'parent', projectId: 'p' }),
    ];
    const file = { format: 'primetrade', version: 1, projects: [{ id: 'p', name: 'P' }], tasks };
    await crashOn();
    const response = await upload(test, user, JSON.stringify(file), {
      type: 'application/octet-stream',
    });
    const { id } = (await response.json()) as ImportJob;
    await crashed();
    const { items } = await user.call<TaskPage>('GET', '/tasks?sort=position&limit=1');
    await user.call('DELETE', `/tasks/${items[0]?.id}`);
    const [project] = (await user.call<{ items: Project[] }>('GET', '/projects')).items;
    await user.call('DELETE', `/projects/${project?.id}`);
    await passTime(id);
    test.app.get(ImportWorker).wake();
    expect(await ended(user, id)).toMatchObject({ status: 'completed', createdTasks: 501 });
    const found = await user.call<TaskPage>('GET', `/tasks?q=${encodeURIComponent(CRASH)}`);
    expect(found.items).toMatchObject([{ parentId: null, projectId: null }]);
  });

  it('is given up when it fails again and again; what was inserted stays', async () => {
    const user = test.user();
    await test.sql.query(`
      CREATE FUNCTION crash() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'no'; END $$;
      CREATE TRIGGER crash AFTER INSERT ON tasks.tasks FOR EACH ROW
        WHEN (NEW.title = '${CRASH}') EXECUTE FUNCTION crash()`);
    const lines = Array.from({ length: 501 }, (_, index) => (index === 500 ? CRASH : `t${index}`));
    const response = await upload(test, user, `title\n${lines.join('\n')}`);
    const { id } = (await response.json()) as ImportJob;
    let job: ImportJob;
    do {
      await passTime(id);
      test.app.get(ImportWorker).wake();
      job = await user.call<ImportJob>('GET', `/tasks/imports/${id}`);
    } while (job.finishedAt === null);
    await test.sql.query('DROP FUNCTION crash() CASCADE');
    expect(job).toMatchObject({
      status: 'failed',
      createdTasks: 500,
      failure: expect.stringContaining('went wrong on our side') as string,
    });
  });

  it('is left alone by who has lost it', async () => {
    const user = test.user();
    const importId = uuidv7();
    const token = uuidv7();
    await test.sql.query(
      `INSERT INTO tasks.imports (user_id, id, format, status, total_rows, processed_rows,
         failed_rows, errors, ignored_columns, lease, leased_until)
       VALUES ($1, $2, 'csv', 'running', 1, 0, 0, '[]', '{}', $3, 'infinity')`,
      [user.id, importId, token],
    );
    const lease = { userId: user.id, importId, token, attempts: 1 };
    const next = (of: Lease) =>
      test.app.get(Database).write(user.id, (queries) => insertNextBatch(queries, of));
    expect(await next({ ...lease, token: uuidv7() })).toBe('lost');
    expect(await next({ ...lease, userId: uuidv7() })).toBe('lost');
    expect(await next(lease)).toBe('finished');
    expect(await next(lease)).toBe('lost');
  });

  it('leaves nothing behind when the account is deleted', async () => {
    const user = test.user();
    await crashOn();
    const lines = Array.from({ length: 600 }, (_, index) => (index === 550 ? CRASH : `t${index}`));
    await upload(test, user, `title\n${lines.join('\n')}`);
    await crashed();
    await test.app.get(TasksClient).deleteUserData(user.id);
    for (const table of ['tasks', 'imports', 'import_batches']) {
      const { rowCount } = await test.sql.query(`SELECT 1 FROM tasks.${table} WHERE user_id = $1`, [
        user.id,
      ]);
      expect(rowCount).toBe(0);
    }
  });
});
