import type { Label, LabelList, Task, TaskPage } from '@primetrade/contracts';
import { startTasksApp, type TasksTestApp, type TestUser } from '../testing/test-tasks-app.js';
import { MAX_LABELS } from './label-names.js';

describe('labels', () => {
  let test: TasksTestApp;
  let ann: TestUser;
  beforeAll(async () => {
    test = await startTasksApp();
  });
  afterAll(() => test.close());
  beforeEach(() => {
    ann = test.user();
  });

  const names = async () =>
    (await ann.call<LabelList>('GET', '/labels')).items.map((label) => label.name);
  const task = (title: string, labels: string[]) =>
    ann.call<Task>('POST', '/tasks', { title, labels });
  const read = (id: string) => ann.call<Task>('GET', `/tasks/${id}`);

  it('creates, changes and deletes', async () => {
    const label = await ann.call<Label>('POST', '/labels', { name: 'Äpfel', color: '#FF0000' });
    expect(label).toMatchObject({ name: 'Äpfel', color: '#ff0000' });
    expect(Date.parse(label.createdAt)).not.toBeNaN();
    const path = `/labels/${encodeURIComponent('äpfel')}`;
    expect(await ann.call('PATCH', path, { color: '#00ff00' })).toEqual({
      ...label,
      color: '#00ff00',
    });
    expect((await ann.request('DELETE', path)).status).toBe(204);
    expect(await names()).toEqual([]);
    expect(await ann.refused('DELETE', path)).toMatchObject({ status: 404, code: 'not_found' });
  });

  it('has one label a name, whatever the case', async () => {
    await ann.call('POST', '/labels', { name: 'Work' });
    expect(await ann.refused('POST', '/labels', { name: 'WORK' })).toMatchObject({
      status: 409,
      code: 'already_exists',
    });
    const created = await task('t', ['wORK', 'new', 'NEW']);
    expect(created.labels).toEqual(['Work', 'NEW']);
    expect(await names()).toEqual(['NEW', 'Work']);
  });

  it('renames a label on every task that carries it, those in the trash too', async () => {
    const one = await task('one', ['a', 'b']);
    const two = await task('two', ['b']);
    const other = await task('other', ['a']);
    await ann.request('DELETE', `/tasks/${two.id}`);
    await ann.call('PATCH', '/labels/b', { name: 'Bee' });
    expect(await read(one.id)).toMatchObject({ labels: ['a', 'Bee'], version: 2 });
    expect(await read(two.id)).toMatchObject({ labels: ['Bee'], version: 3 });
    expect(await read(other.id)).toMatchObject({ labels: ['a'], version: 1 });
  });

  it('does not merge labels by renaming', async () => {
    await task('one', ['a', 'b']);
    expect(await ann.refused('PATCH', '/labels/a', { name: 'B' })).toMatchObject({
      code: 'already_exists',
    });
    expect(await ann.call('PATCH', '/labels/a', { name: 'A' })).toMatchObject({ name: 'A' });
    expect(await names()).toEqual(['A', 'b']);
  });

  it('takes a deleted label off its tasks', async () => {
    const one = await task('one', ['a', 'b']);
    await ann.request('DELETE', '/labels/A');
    expect(await read(one.id)).toMatchObject({ labels: ['b'], version: 2 });
  });

  it('filters the list without regard to case', async () => {
    await task('one', ['Work']);
    await task('two', []);
    const page = await ann.call<TaskPage>('GET', '/tasks?label=work');
    expect(page.items.map((item) => item.title)).toEqual(['one']);
    expect((await ann.call<TaskPage>('GET', '/tasks?label=none')).items).toEqual([]);
  });

  it('leaves no task with a label that does not exist, also when all happens at once', async () => {
    await task('zero', ['old']);
    const creations = Array.from({ length: 8 }, (_, i) => task(`t${i}`, ['old']));
    const rename = ann.request('PATCH', '/labels/old', { name: 'new' });
    const more = Array.from({ length: 8 }, (_, i) => task(`u${i}`, ['old']));
    await Promise.all([...creations, rename, ...more]);
    const known = new Set(await names());
    const { items } = await ann.call<TaskPage>('GET', '/tasks?limit=100');
    expect(items).toHaveLength(17);
    for (const label of items.flatMap((item) => item.labels)) expect(known).toContain(label);
  });

  it('creates a label anew that is renamed while a task gets it', async () => {
    await ann.call('POST', '/labels', { name: 'old' });
    await test.sql.query('BEGIN');
    await test.sql.query(
      `UPDATE tasks.labels SET name = 'new', name_key = 'new' WHERE user_id = $1`,
      [ann.id],
    );
    let done = false;
    const creation = task('t', ['OLD']).finally(() => (done = true));
    for (let waiting = false; !waiting && !done;) {
      const { rows } = await test.sql.query('SELECT FROM pg_locks WHERE NOT granted');
      waiting = rows.length > 0;
    }
    await test.sql.query('COMMIT');
    expect((await creation).labels).toEqual(['OLD']);
    expect(await names()).toEqual(['new', 'OLD']);
  });

  it('is closed to others', async () => {
    await ann.call('POST', '/labels', { name: 'mine' });
    const bob = test.user();
    expect(await bob.refused('PATCH', '/labels/mine', { name: 'x' })).toMatchObject({
      status: 404,
    });
    expect(await bob.refused('DELETE', '/labels/mine')).toMatchObject({ status: 404 });
    expect(await names()).toEqual(['mine']);
  });

  it('has a limit, also for labels that tasks bring', async () => {
    await test.sql.query(
      `INSERT INTO tasks.labels (user_id, name_key, name, color)
       SELECT $1, 'l' || n, 'l' || n, '#000000' FROM generate_series(1, $2) n`,
      [ann.id, MAX_LABELS - 1],
    );
    await ann.call('POST', '/labels', { name: 'the last' });
    expect(await ann.refused('POST', '/labels', { name: 'more' })).toMatchObject({
      code: 'limit_reached',
    });
    expect(await ann.refused('POST', '/tasks', { title: 't', labels: ['more'] })).toMatchObject({
      code: 'limit_reached',
    });
    await task('t', ['l1', 'The Last']);
    expect(await names()).toHaveLength(MAX_LABELS);
  });
});
