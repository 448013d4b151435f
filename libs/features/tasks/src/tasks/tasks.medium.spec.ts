import { type BulkResponse, Task, type TaskPage, TaskStats } from '@primetrade/contracts';
import { uuidv7 } from '@primetrade/platform-database';
import { startTasksApp, type TasksTestApp, type TestUser } from '../testing/test-tasks-app.js';
import { TrashPurge } from './trash-purge.job.js';

describe('tasks', () => {
  let test: TasksTestApp;
  let ann: TestUser;
  beforeAll(async () => {
    test = await startTasksApp();
  });
  afterAll(() => test.close());
  beforeEach(() => {
    ann = test.user();
  });

  const create = (body: object) => ann.call<Task>('POST', '/tasks', body);
  const read = (id: string) => ann.call<Task>('GET', `/tasks/${id}`);
  const patch = (id: string, body: object) => ann.call<Task>('PATCH', `/tasks/${id}`, body);
  const titles = async (query = '') =>
    (await ann.call<TaskPage>('GET', `/tasks${query}`)).items.map((task) => task.title);

  describe('POST', () => {
    it('creates a task with all its fields', async () => {
      const response = await ann.request('POST', '/tasks', {
        title: ' Buy milk ',
        description: '**two** litres',
        priority: 'high',
        dueAt: '2026-03-01T12:00:00.1239+02:00',
        labels: ['Home', 'shop'],
      });
      expect(response.status).toBe(201);
      expect(response.headers.get('etag')).toBe('"1"');
      const task = Task.parse(await response.json());
      expect(task).toMatchObject({
        title: 'Buy milk',
        description: '**two** litres',
        status: 'todo',
        priority: 'high',
        dueAt: '2026-03-01T10:00:00.124Z',
        labels: ['Home', 'shop'],
        projectId: null,
        parentId: null,
        completedAt: null,
        deletedAt: null,
        version: 1,
      });
      expect(await read(task.id)).toEqual(task);
    });

    it('takes an id that the client chose, once', async () => {
      const id = uuidv7();
      expect(await create({ id, title: 'mine' })).toMatchObject({ id });
      expect(await ann.refused('POST', '/tasks', { id, title: 'again' })).toMatchObject({
        status: 409,
        code: 'already_exists',
      });
      // Ids are per user: nobody learns that another user has it.
      const bob = test.user();
      expect(await bob.call('POST', '/tasks', { id, title: 'his' })).toMatchObject({ id });
    });

    it('notes when a task that is created as done was completed', async () => {
      const task = await create({ title: 'done', status: 'done' });
      expect(task.completedAt).toBe(task.createdAt);
    });

    it('keeps text as it is typed', async () => {
      const title = `'; DROP TABLE tasks; -- "quotes" \\ 💶 \u0001 ${'é'.repeat(400)}`;
      const description = 'line\nline\t"<script>" %_\\';
      expect(await create({ title, description })).toMatchObject({ title, description });
    });

    it.each([
      ['no title', {}],
      ['an empty title', { title: '  ' }],
      ['a title that is too long', { title: 'x'.repeat(501) }],
      ['a NUL', { title: 'a\0b' }],
      ['a lone surrogate', { title: 'a\ud800' }],
      ['an unknown status', { title: 't', status: 'later' }],
      ['a due time without a zone', { title: 't', dueAt: '2026-01-01T00:00:00' }],
      ['a due time in the year 0', { title: 't', dueAt: '0000-06-01T00:00:00Z' }],
      ['a due time after the year 9999', { title: 't', dueAt: '9999-12-31T23:59:59-01:00' }],
      ['too many labels', { title: 't', labels: Array.from({ length: 21 }, (_, i) => `l${i}`) }],
      ['an id that is no UUID', { title: 't', id: '1' }],
    ])('refuses %s', async (_name, body) => {
      expect(await ann.refused('POST', '/tasks', body)).toMatchObject({
        status: 400,
        code: 'validation_failed',
      });
    });

    it('refuses projects and parents that are not there', async () => {
      for (const field of ['projectId', 'parentId']) {
        expect(
          await ann.refused('POST', '/tasks', { title: 't', [field]: uuidv7() }),
        ).toMatchObject({ status: 404, code: 'not_found' });
      }
    });

    it('returns the first result for a repeated Idempotency-Key, its ETag too', async () => {
      const headers = { 'idempotency-key': uuidv7() };
      const send = () => ann.request('POST', '/tasks', { title: 'once', labels: ['a'] }, headers);
      const answers = await Promise.all([send(), send(), send()]);
      const bodies = await Promise.all(answers.map((answer) => answer.json()));
      expect(answers.map((answer) => answer.status)).toEqual([201, 201, 201]);
      expect(answers.map((answer) => answer.headers.get('etag'))).toEqual(['"1"', '"1"', '"1"']);
      expect(bodies[1]).toEqual(bodies[0]);
      expect(bodies[2]).toEqual(bodies[0]);
      expect(await titles()).toEqual(['once']);
      expect(await ann.refused('POST', '/tasks', { title: 'other' }, headers)).toMatchObject({
        code: 'idempotency_key_reused',
      });
    });
  });

  describe('GET and PATCH', () => {
    it('answers 304 when the client has the version', async () => {
      const { id } = await create({ title: 't' });
      const get = (tag: string) =>
        ann.request('GET', `/tasks/${id}`, undefined, { 'if-none-match': tag });
      expect((await get('"1"')).status).toBe(304);
      expect((await get('W/"1"')).status).toBe(304);
      expect((await get('*')).status).toBe(304);
      const changed = await get('"2"');
      expect(changed.status).toBe(200);
      expect(changed.headers.get('etag')).toBe('"1"');
      expect(changed.headers.get('content-type')).toContain('application/json');
    });

    it('changes what is given and nothing else', async () => {
      const task = await create({ title: 't', description: 'd', labels: ['a'], priority: 'low' });
      const changed = await patch(task.id, { title: 'u', dueAt: '2026-01-02T03:04:05Z' });
      expect(changed).toEqual({
        ...task,
        title: 'u',
        dueAt: '2026-01-02T03:04:05.000Z',
        version: 2,
        updatedAt: changed.updatedAt,
      });
      expect(changed.updatedAt >= task.updatedAt).toBe(true);
      expect(await patch(task.id, { labels: ['b', 'A'], dueAt: null })).toMatchObject({
        labels: ['b', 'a'],
        dueAt: null,
        version: 3,
      });
      expect(await patch(task.id, { labels: [] })).toMatchObject({ labels: [], version: 4 });
      expect(await patch(task.id, {})).toMatchObject({ version: 4 });
    });

    it('sets and clears the time of completion with the status', async () => {
      const { id } = await create({ title: 't' });
      const done = await patch(id, { status: 'done' });
      expect(done.completedAt).toBe(done.updatedAt);
      expect(await patch(id, { status: 'done' })).toMatchObject({ completedAt: done.completedAt });
      expect(await patch(id, { status: 'in_progress' })).toMatchObject({ completedAt: null });
    });

    it('lets one of two concurrent changes of a version win', async () => {
      const { id } = await create({ title: 't' });
      const change = (title: string) =>
        ann.request('PATCH', `/tasks/${id}`, { title }, { 'if-match': '"1"' });
      const answers = await Promise.all([change('a'), change('b')]);
      expect(answers.map((answer) => answer.status).sort()).toEqual([200, 412]);
      expect(answers.find((answer) => answer.ok)!.headers.get('etag')).toBe('"2"');
      expect((await ann.request('PATCH', `/tasks/${id}`, {}, { 'if-match': '"1"' })).status).toBe(
        412,
      );
      expect(
        (await ann.request('PATCH', `/tasks/${id}`, { title: 'c' }, { 'if-match': '*' })).status,
      ).toBe(200);
      expect(
        await ann.refused('PATCH', `/tasks/${id}`, { title: 'c' }, { 'if-match': 'x' }),
      ).toMatchObject({ code: 'bad_request' });
    });

    it('moves tasks in manual order', async () => {
      const [a, b, c] = [
        await create({ title: 'a' }),
        await create({ title: 'b' }),
        await create({ title: 'c' }),
      ];
      expect(await titles('?sort=position')).toEqual(['a', 'b', 'c']);
      await patch(c.id, { afterId: null });
      expect(await titles('?sort=position')).toEqual(['c', 'a', 'b']);
      await patch(c.id, { afterId: a.id });
      expect(await titles('?sort=position')).toEqual(['a', 'c', 'b']);
      await patch(a.id, { afterId: b.id });
      expect(await titles('?sort=position')).toEqual(['c', 'b', 'a']);
    });

    it('keeps positions short, however often one moves', async () => {
      const [a, b, c, d] = await Promise.all(
        ['a', 'b', 'c', 'd'].map((title) => create({ title })),
      );
      await patch(d!.id, { afterId: null });
      const first = await patch(a!.id, { afterId: null });
      for (let n = 0; n < 4; n += 1) {
        const operations = Array.from({ length: 500 }, (_, i) => ({
          op: 'update',
          id: (i % 2 === 0 ? b! : c!).id,
          changes: { afterId: a!.id },
        }));
        const { items } = await ann.call<BulkResponse>('POST', '/tasks/bulk', { operations });
        expect(Math.max(...items.map((task) => task.position.length))).toBeLessThanOrEqual(200);
        expect(await titles('?sort=position')).toEqual(['a', 'c', 'b', 'd']);
      }
      // It did happen, and it counts as a change.
      expect((await read(a!.id)).version).toBeGreaterThan(first.version);
      await create({ title: 'e' });
      expect(await titles('?sort=position')).toEqual(['a', 'c', 'b', 'd', 'e']);
    });

    it('gives concurrent moves into one gap different positions', async () => {
      const first = await create({ title: 'first' });
      const rest = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((title) => create({ title })));
      const moved = await Promise.all(rest.map(({ id }) => patch(id, { afterId: first.id })));
      expect(new Set(moved.map((task) => task.position)).size).toBe(5);
    });
  });

  describe('the trash', () => {
    it('takes a task out of the lists and gives it back', async () => {
      const { id } = await create({ title: 't' });
      expect((await ann.request('DELETE', `/tasks/${id}`)).status).toBe(204);
      expect(await titles()).toEqual([]);
      expect(await titles('?trash=true')).toEqual(['t']);
      expect((await read(id)).deletedAt).not.toBeNull();
      expect(await ann.refused('PATCH', `/tasks/${id}`, { title: 'u' })).toMatchObject({
        status: 409,
        code: 'conflict',
      });
      // The answer may have been lost: deleting again is no error.
      expect((await ann.request('DELETE', `/tasks/${id}`)).status).toBe(204);

      const restored = await ann.request('POST', `/tasks/${id}/restore`);
      expect(restored.status).toBe(200);
      expect(restored.headers.get('etag')).toBe('"3"');
      expect(await restored.json()).toMatchObject({ deletedAt: null, version: 3 });
      expect(await titles()).toEqual(['t']);
    });

    it('deletes only the version that the client has seen', async () => {
      const { id } = await create({ title: 't' });
      await patch(id, { title: 'u' });
      const remove = (tag: string) =>
        ann.request('DELETE', `/tasks/${id}`, undefined, { 'if-match': tag });
      expect((await remove('"1"')).status).toBe(412);
      expect((await remove('"2"')).status).toBe(204);
    });

    it('takes subtasks along, both ways', async () => {
      const parent = await create({ title: 'parent' });
      const child = await create({ title: 'child', parentId: parent.id });
      await create({ title: 'grandchild', parentId: child.id });
      await ann.request('DELETE', `/tasks/${parent.id}`);
      expect(await titles('?trash=true&sort=createdAt')).toEqual(['parent', 'child', 'grandchild']);
      await ann.call('POST', `/tasks/${parent.id}/restore`);
      expect(await titles(`?parent=${child.id}`)).toEqual(['grandchild']);
      expect(await titles('?parent=none')).toEqual(['parent']);
    });

    it('leaves no live subtask below a deleted task, also when both happen at once', async () => {
      const parent = await create({ title: 'parent' });
      const adding = Array.from({ length: 6 }, (_, i) =>
        ann.request('POST', '/tasks', { title: `child ${i}`, parentId: parent.id }),
      );
      const removing = ann.request('DELETE', `/tasks/${parent.id}`);
      await Promise.all([...adding, removing]);
      expect(await titles()).toEqual([]);
    });

    it('is emptied of what is older than 30 days', async () => {
      const old = await create({ title: 'old' });
      const child = await create({ title: 'child', parentId: old.id });
      const recent = await create({ title: 'recent' });
      await ann.request('DELETE', `/tasks/${old.id}`);
      await ann.request('DELETE', `/tasks/${recent.id}`);
      await test.sql.query(
        `UPDATE tasks.tasks SET deleted_at = now() - interval '30 days 1 minute' WHERE id = ANY ($1)`,
        [[old.id, child.id]],
      );
      await test.app.get(TrashPurge).purge();
      expect(await titles('?trash=true')).toEqual(['recent']);
      expect(await ann.refused('POST', `/tasks/${old.id}/restore`)).toMatchObject({ status: 404 });
    });
  });

  describe('bulk', () => {
    const bulk = (operations: object[]) =>
      ann.call<BulkResponse>('POST', '/tasks/bulk', { operations });

    it('carries out operations in order', async () => {
      const old = await create({ title: 'old', labels: ['a'] });
      const id = uuidv7();
      const { items } = await bulk([
        { op: 'create', task: { id, title: 'parent' } },
        { op: 'create', task: { title: 'child', parentId: id, labels: ['B'] } },
        { op: 'update', id: old.id, version: 1, changes: { parentId: id, labels: ['b', 'A'] } },
        { op: 'update', id: old.id, version: 2, changes: { status: 'done', afterId: null } },
        { op: 'delete', id },
        { op: 'restore', id },
        { op: 'update', id, changes: { title: 'renamed' } },
      ]);
      expect(items.map((task) => [task.title, task.version])).toEqual([
        ['renamed', 4],
        ['child', 3],
        ['old', 5],
        ['old', 5],
        ['renamed', 4],
        ['renamed', 4],
        ['renamed', 4],
      ]);
      expect(items[2]).toMatchObject({ labels: ['B', 'a'], parentId: id, status: 'done' });
      expect(await read(old.id)).toEqual(items[2]);
      expect(await titles('?sort=position')).toEqual(['old', 'renamed', 'child']);
    });

    it('does nothing when one operation is refused, and names it', async () => {
      const { id } = await create({ title: 't' });
      const refused = await ann.refused('POST', '/tasks/bulk', {
        operations: [
          { op: 'create', task: { title: 'new', labels: ['new'] } },
          { op: 'update', id, changes: { title: 'changed' } },
          { op: 'delete', id: uuidv7() },
        ],
      });
      expect(refused).toMatchObject({
        status: 404,
        code: 'not_found',
        errors: [{ path: 'operations.2' }],
      });
      expect(await titles()).toEqual(['t']);
      expect(await ann.call('GET', '/labels')).toEqual({ items: [] });
    });

    it('takes 500 operations, not 501', async () => {
      const operations = Array.from({ length: 501 }, (_, i) => ({
        op: 'create',
        task: { title: `t${i}`, labels: [`l${i % 50}`] },
      }));
      expect(await ann.refused('POST', '/tasks/bulk', { operations })).toMatchObject({
        code: 'validation_failed',
      });
      const { items } = await bulk(operations.slice(1));
      expect(items.map((task) => task.title)).toEqual(
        operations.slice(1).map(({ task }) => task.title),
      );
      expect([...items].map((task) => task.position)).toEqual(
        items.map((task) => task.position).sort(),
      );
    });

    it('survives concurrent bulks and single changes of the same tasks', async () => {
      const tasks = await Promise.all(['a', 'b', 'c', 'd'].map((title) => create({ title })));
      const change = (ids: string[]) =>
        bulk(ids.map((id) => ({ op: 'update', id, changes: { labels: ['x', 'y'] } })));
      const ids = tasks.map((task) => task.id);
      await Promise.all([
        change(ids),
        change(ids.toReversed()),
        change(ids),
        ...ids.map((id) => patch(id, { priority: 'high', labels: ['y', 'x'] })),
      ]);
      for (const id of ids) expect(await read(id)).toMatchObject({ version: 5, priority: 'high' });
    });

    it('happens once for one Idempotency-Key', async () => {
      const headers = { 'idempotency-key': uuidv7() };
      const body = { operations: [{ op: 'create', task: { title: 'once' } }] };
      const send = () => ann.request('POST', '/tasks/bulk', body, headers);
      const [one, two] = await Promise.all([send(), send()]);
      expect(await one.json()).toEqual(await two.json());
      expect(await titles()).toEqual(['once']);
    });
  });

  it('counts in GET stats', async () => {
    const hours = (n: number) => new Date(Date.now() + n * 3_600_000).toISOString();
    await create({ title: 'overdue', dueAt: hours(-1), priority: 'high' });
    await create({ title: 'soon', dueAt: hours(1), status: 'in_progress' });
    await create({ title: 'later', dueAt: hours(48) });
    await create({ title: 'done', dueAt: hours(-1), status: 'done' });
    const { id } = await create({ title: 'deleted' });
    await ann.request('DELETE', `/tasks/${id}`);
    const stats = TaskStats.parse(await ann.call('GET', '/tasks/stats'));
    expect(stats).toMatchObject({
      byStatus: { todo: 2, in_progress: 1, done: 1 },
      byPriority: { none: 3, low: 0, medium: 0, high: 1, urgent: 0 },
      overdue: 1,
      dueSoon: 1,
    });
    expect(stats.completedByDay).toHaveLength(14);
    expect(stats.completedByDay.reduce((sum, day) => sum + day.count, 0)).toBe(1);
    expect(stats.completedByDay.at(-1)!.count).toBe(1);
  });

  it('is closed to others', async () => {
    const { id } = await create({ title: 'mine' });
    const bob = test.user();
    const other = await bob.call<Task>('POST', '/tasks', { title: 'his' });
    const refused = { status: 404, code: 'not_found' };
    expect(await bob.refused('GET', `/tasks/${id}`)).toMatchObject(refused);
    expect(await bob.refused('PATCH', `/tasks/${id}`, { title: 'x' })).toMatchObject(refused);
    expect(await bob.refused('DELETE', `/tasks/${id}`)).toMatchObject(refused);
    expect(await bob.refused('POST', `/tasks/${id}/restore`)).toMatchObject(refused);
    for (const changes of [{ parentId: id }, { afterId: id }]) {
      expect(await bob.refused('PATCH', `/tasks/${other.id}`, changes)).toMatchObject(refused);
    }
    for (const operation of [
      { op: 'update', id, changes: { title: 'x' } },
      { op: 'delete', id },
      { op: 'restore', id },
      { op: 'create', task: { title: 'x', parentId: id } },
    ]) {
      expect(await bob.refused('POST', '/tasks/bulk', { operations: [operation] })).toMatchObject(
        refused,
      );
    }
    expect(await bob.call('GET', `/tasks?parent=${id}`)).toMatchObject({ items: [] });
    expect(await read(id)).toMatchObject({ title: 'mine', version: 1 });
  });

  it('asks API tokens for their scope', async () => {
    const reader = test.user(ann.id, ['tasks:read']);
    await create({ title: 't' });
    expect((await reader.call<TaskPage>('GET', '/tasks')).items).toHaveLength(1);
    expect(await reader.refused('POST', '/tasks', { title: 'x' })).toMatchObject({
      code: 'insufficient_scope',
    });
    const none = test.user(ann.id, ['profile:read']);
    expect(await none.refused('GET', '/tasks')).toMatchObject({ code: 'insufficient_scope' });
  });
});
