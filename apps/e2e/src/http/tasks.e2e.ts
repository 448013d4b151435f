import { randomUUID } from 'node:crypto';
import { Task, TaskStats } from '@primetrade/contracts';
import { newUser } from '../support/users.js';
import { addProject, addTask, listTasks, TASKS } from '../support/tasks.js';

describe('a task', () => {
  it('is created with defaults, read, changed and completed', async () => {
    const { client } = await newUser();
    const reply = await client.expect(201, 'POST', TASKS, { json: { title: '  Buy milk  ' } });
    const task = Task.parse(JSON.parse(reply.text));
    expect(task).toMatchObject({
      title: 'Buy milk',
      description: '',
      status: 'todo',
      priority: 'none',
      dueAt: null,
      labels: [],
      projectId: null,
      parentId: null,
      completedAt: null,
      deletedAt: null,
    });
    // A version 7 identifier begins with its time: tasks sort by age without a second index.
    expect(task.id[14]).toBe('7');
    expect(await client.get(Task, `${TASKS}/${task.id}`)).toEqual(task);
    const done = await client.patch(Task, `${TASKS}/${task.id}`, { status: 'done' });
    expect(done).toMatchObject({ status: 'done', version: task.version + 1 });
    expect(done.completedAt).not.toBeNull();
    const open = await client.patch(Task, `${TASKS}/${task.id}`, { status: 'todo' });
    expect(open.completedAt).toBeNull();
  });

  it('keeps every character that a person can type', async () => {
    const { client } = await newUser();
    const title = 'Ünïcödé 任务 🧑‍🚀 <b>&amp;</b> "quotes" \\ %_ \u202eRTL';
    const description = 'line 1\n\n- [ ] *item*\n\ttab';
    const task = await addTask(client, { title, description });
    expect(await client.get(Task, `${TASKS}/${task.id}`)).toMatchObject({ title, description });
  });

  it('keeps the point in time of a due date, whatever zone it was given in', async () => {
    const { client } = await newUser();
    const task = await addTask(client, { title: 'Due', dueAt: '2031-03-30T01:30:00+05:30' });
    expect(task.dueAt).toBe('2031-03-29T20:00:00.000Z');
  });

  it('takes the id that the client chose, once', async () => {
    const { client } = await newUser();
    const id = randomUUID();
    expect(await addTask(client, { id, title: 'Mine' })).toMatchObject({ id });
    await client.fails('already_exists', 'POST', TASKS, { json: { id, title: 'Again' } });
    // Another user's id must not show that it is taken by failing differently from their own.
    const stranger = await newUser();
    const reply = await stranger.client.send('POST', TASKS, { json: { id, title: 'Theirs' } });
    expect([201, 409]).toContain(reply.status);
    expect(await client.get(Task, `${TASKS}/${id}`)).toMatchObject({ title: 'Mine' });
  });

  it('refuses a change from an old version, and keeps the newer one', async () => {
    const { client } = await newUser();
    const task = await addTask(client, { title: 'Original' });
    const path = `${TASKS}/${task.id}`;
    const ifMatch = { 'if-match': `"${task.version}"` };
    await client.patch(Task, path, { title: 'First' }, ifMatch);
    await client.fails('version_mismatch', 'PATCH', path, {
      json: { title: 'Second' },
      headers: ifMatch,
    });
    expect((await client.get(Task, path)).title).toBe('First');
  });

  it('is changed by one of many writers that start from the same version', async () => {
    const { client } = await newUser();
    const task = await addTask(client, { title: 'Contended' });
    const replies = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        client.send('PATCH', `${TASKS}/${task.id}`, {
          json: { title: `Writer ${n}` },
          headers: { 'if-match': `"${task.version}"` },
        }),
      ),
    );
    const statuses = replies.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 412)).toHaveLength(9);
  });

  it('answers with its version as ETag, and 304 to who has it', async () => {
    const { client } = await newUser();
    const task = await addTask(client, { title: 'Tagged' });
    const first = await client.expect(200, 'GET', `${TASKS}/${task.id}`);
    const etag = first.headers.get('etag');
    expect(etag).toContain(`"${task.version}"`);
    await client.expect(304, 'GET', `${TASKS}/${task.id}`, { headers: { 'if-none-match': etag! } });
  });

  it('can be part of another, but not of itself or its own part', async () => {
    const { client } = await newUser();
    const parent = await addTask(client, { title: 'Parent' });
    const child = await addTask(client, { title: 'Child', parentId: parent.id });
    const { items } = await listTasks(client, { parent: parent.id });
    expect(items.map(({ id }) => id)).toEqual([child.id]);
    for (const parentId of [parent.id, child.id]) {
      const reply = await client.send('PATCH', `${TASKS}/${parent.id}`, { json: { parentId } });
      expect([400, 409, 422]).toContain(reply.status);
    }
  });

  it('moves in manual order', async () => {
    const { client } = await newUser();
    const a = await addTask(client, { title: 'a' });
    const b = await addTask(client, { title: 'b' });
    const c = await addTask(client, { title: 'c' });
    const order = async () =>
      (await listTasks(client, { sort: 'position' })).items.map(({ title }) => title).join('');
    await client.patch(Task, `${TASKS}/${c.id}`, { afterId: null });
    expect((await order())[0]).toBe('c');
    await client.patch(Task, `${TASKS}/${c.id}`, { afterId: a.id });
    await client.patch(Task, `${TASKS}/${b.id}`, { afterId: c.id });
    expect(await order()).toBe('acb');
  });
});

describe('the trash', () => {
  it('holds a deleted task until it is restored', async () => {
    const { client } = await newUser();
    const task = await addTask(client, { title: 'Oops', labels: ['keep'] });
    await client.remove(`${TASKS}/${task.id}`);
    expect((await listTasks(client)).items).toEqual([]);
    const [trashed] = (await listTasks(client, { trash: 'true' })).items;
    expect(trashed?.id).toBe(task.id);
    expect(trashed?.deletedAt).not.toBeNull();
    const restored = await client.post(Task, `${TASKS}/${task.id}/restore`, undefined, {
      status: 200,
    });
    expect(restored).toMatchObject({ title: 'Oops', labels: ['keep'], deletedAt: null });
    expect((await listTasks(client, { trash: 'true' })).items).toEqual([]);
  });
});

describe('projects', () => {
  const PROJECTS = '/api/v1/projects';

  it('keep their order, and are archived', async () => {
    const { client } = await newUser();
    const [one, two] = [await addProject(client, 'One'), await addProject(client, 'Two')];
    const list = async () => {
      const { items } = JSON.parse((await client.expect(200, 'GET', PROJECTS)).text) as {
        items: { id: string; name: string; archivedAt: string | null }[];
      };
      return items;
    };
    expect((await list()).map(({ name }) => name)).toEqual(['One', 'Two']);
    await client.expect(200, 'PATCH', `${PROJECTS}/${two.id}`, { json: { afterId: null } });
    expect((await list()).map(({ name }) => name)).toEqual(['Two', 'One']);
    await client.expect(200, 'PATCH', `${PROJECTS}/${one.id}`, { json: { archived: true } });
    const archived = (await list()).find(({ id }) => id === one.id);
    expect(archived === undefined || archived.archivedAt !== null).toBe(true);
    await client.expect(200, 'PATCH', `${PROJECTS}/${one.id}`, { json: { archived: false } });
    expect((await list()).find(({ id }) => id === one.id)?.archivedAt).toBeNull();
  });

  it('gather tasks, and leave none behind that points to nowhere', async () => {
    const { client } = await newUser();
    const project = await addProject(client, 'Doomed');
    const task = await addTask(client, { title: 'Inside', projectId: project.id });
    await addTask(client, { title: 'Outside' });
    const inside = await listTasks(client, { project: project.id });
    expect(inside.items.map(({ id }) => id)).toEqual([task.id]);
    const outside = await listTasks(client, { project: 'none' });
    expect(outside.items.map(({ title }) => title)).toEqual(['Outside']);
    await client.remove(`${PROJECTS}/${project.id}`);
    await client.fails('not_found', 'GET', `${PROJECTS}/${project.id}`);
    const { items } = await listTasks(client);
    expect(items.every(({ projectId }) => projectId === null)).toBe(true);
  });
});

describe('labels', () => {
  const LABELS = '/api/v1/labels';
  const names = async (client: Awaited<ReturnType<typeof newUser>>['client']) => {
    const { items } = JSON.parse((await client.expect(200, 'GET', LABELS)).text) as {
      items: { name: string }[];
    };
    return items.map(({ name }) => name).sort();
  };

  it('come into being with the tasks that carry them', async () => {
    const { client } = await newUser();
    await addTask(client, { title: 'Shop', labels: ['home', 'Errand', 'HOME'] });
    expect((await names(client)).map((name) => name.toLowerCase())).toEqual(['errand', 'home']);
    await client.fails('already_exists', 'POST', LABELS, { json: { name: 'ERRAND' } });
  });

  it('are renamed and removed on every task', async () => {
    const { client } = await newUser();
    const task = await addTask(client, { title: 'Shop', labels: ['home', 'a/b c?'] });
    const path = (name: string) => `${LABELS}/${encodeURIComponent(name)}`;
    await client.expect(200, 'PATCH', path('a/b c?'), { json: { name: 'plain' } });
    expect((await client.get(Task, `${TASKS}/${task.id}`)).labels.sort()).toEqual([
      'home',
      'plain',
    ]);
    await client.remove(path('home'));
    expect((await client.get(Task, `${TASKS}/${task.id}`)).labels).toEqual(['plain']);
    expect(await names(client)).toEqual(['plain']);
  });
});

describe('the figures', () => {
  it('count by status and priority, and what is late or soon', async () => {
    const { client } = await newUser();
    const hours = (n: number) => new Date(Date.now() + n * 3_600_000).toISOString();
    await addTask(client, { title: 'late', dueAt: hours(-2), priority: 'high' });
    await addTask(client, { title: 'late but done', dueAt: hours(-2), status: 'done' });
    await addTask(client, { title: 'soon', dueAt: hours(2), status: 'in_progress' });
    await addTask(client, { title: 'later', dueAt: hours(72) });
    const stats = await client.get(TaskStats, `${TASKS}/stats`);
    expect(stats.byStatus).toEqual({ todo: 2, in_progress: 1, done: 1 });
    expect(stats.byPriority).toMatchObject({ none: 3, high: 1 });
    expect(stats).toMatchObject({ overdue: 1, dueSoon: 1 });
    expect(stats.completedByDay).toHaveLength(14);
    expect(stats.completedByDay.reduce((sum, { count }) => sum + count, 0)).toBe(1);
  });
});
