import type { Project, ProjectList, Task } from '@primetrade/contracts';
import { uuidv7 } from '@primetrade/platform-database';
import { startTasksApp, type TasksTestApp, type TestUser } from '../testing/test-tasks-app.js';
import { MAX_PROJECTS } from './projects.service.js';

describe('projects', () => {
  let test: TasksTestApp;
  let ann: TestUser;
  beforeAll(async () => {
    test = await startTasksApp();
  });
  afterAll(() => test.close());
  beforeEach(() => {
    ann = test.user();
  });

  const create = (name: string) => ann.call<Project>('POST', '/projects', { name });
  const names = async () =>
    (await ann.call<ProjectList>('GET', '/projects')).items.map((project) => project.name);

  it('creates, gets, changes and archives', async () => {
    const project = await create('Home');
    expect(project).toMatchObject({ name: 'Home', color: '#4f46e5', archivedAt: null, version: 1 });
    const path = `/projects/${project.id}`;
    expect(await ann.call('GET', path)).toEqual(project);

    const changed = await ann.call<Project>('PATCH', path, { name: 'House', archived: true });
    expect(changed).toMatchObject({ name: 'House', version: 2 });
    expect(changed.archivedAt).not.toBeNull();
    expect(await ann.call('GET', path)).toEqual(changed);

    const open = await ann.call<Project>('PATCH', path, { archived: false });
    expect(open).toMatchObject({ archivedAt: null, version: 3 });
  });

  it('keeps the order that its owner gives', async () => {
    const [a, b, c] = [await create('a'), await create('b'), await create('c')];
    expect(await names()).toEqual(['a', 'b', 'c']);
    await ann.call('PATCH', `/projects/${c.id}`, { afterId: null });
    expect(await names()).toEqual(['c', 'a', 'b']);
    await ann.call('PATCH', `/projects/${c.id}`, { afterId: a.id });
    expect(await names()).toEqual(['a', 'c', 'b']);
    await ann.call('PATCH', `/projects/${a.id}`, { afterId: b.id });
    expect(await names()).toEqual(['c', 'b', 'a']);
  });

  it('gives short positions anew when one has grown long', async () => {
    const [a, b] = [await create('a'), await create('b')];
    await test.sql.query(
      `UPDATE tasks.projects SET position = 'a0' || repeat('0', 250) || '1' WHERE id = $1`,
      [a.id],
    );
    const moved = await ann.call<Project>('PATCH', `/projects/${b.id}`, { afterId: null });
    expect(moved.position.length).toBeLessThan(250);
    await ann.call('PATCH', `/projects/${b.id}`, { afterId: a.id });
    await create('c');
    expect(await names()).toEqual(['a', 'b', 'c']);
    const { items } = await ann.call<ProjectList>('GET', '/projects');
    expect(items.every((project) => project.position.length <= 200)).toBe(true);
  });

  it('refuses places that do not exist', async () => {
    const project = await create('a');
    const path = `/projects/${project.id}`;
    expect(await ann.refused('PATCH', path, { afterId: uuidv7() })).toMatchObject({ status: 404 });
    expect(await ann.refused('PATCH', path, { afterId: project.id })).toMatchObject({
      code: 'conflict',
    });
  });

  it('gives concurrent moves to one place different positions', async () => {
    const first = await create('first');
    const others = await Promise.all(['a', 'b', 'c', 'd'].map((name) => create(name)));
    await Promise.all(
      others.map(({ id }) => ann.call('PATCH', `/projects/${id}`, { afterId: first.id })),
    );
    const { items } = await ann.call<ProjectList>('GET', '/projects');
    expect(items[0]).toMatchObject({ name: 'first' });
    expect(new Set(items.map((project) => project.position)).size).toBe(5);
  });

  it('keeps the tasks of a deleted project', async () => {
    const project = await create('Home');
    const task = await ann.call<Task>('POST', '/tasks', { title: 'sweep', projectId: project.id });
    expect((await ann.request('DELETE', `/projects/${project.id}`)).status).toBe(204);
    expect(await ann.call('GET', `/tasks/${task.id}`)).toMatchObject({
      projectId: null,
      version: 2,
    });
    expect(await ann.refused('GET', `/projects/${project.id}`)).toMatchObject({ status: 404 });
  });

  it('is closed to others', async () => {
    const { id } = await create('mine');
    const bob = test.user();
    expect(await bob.refused('GET', `/projects/${id}`)).toMatchObject({ code: 'not_found' });
    expect(await bob.refused('PATCH', `/projects/${id}`, { name: 'x' })).toMatchObject({
      code: 'not_found',
    });
    expect(await bob.refused('DELETE', `/projects/${id}`)).toMatchObject({ code: 'not_found' });
    expect(await bob.refused('POST', '/tasks', { title: 'into it', projectId: id })).toMatchObject({
      code: 'not_found',
    });
    expect(await names()).toEqual(['mine']);
  });

  it('has a limit', async () => {
    await test.sql.query(
      `INSERT INTO tasks.projects (user_id, id, name, color, position)
       SELECT $1, gen_random_uuid(), 'p' || n, '#000000', 'a' || n FROM generate_series(1, $2) n`,
      [ann.id, MAX_PROJECTS - 1],
    );
    await create('the last');
    expect(await ann.refused('POST', '/projects', { name: 'one more' })).toMatchObject({
      status: 422,
      code: 'limit_reached',
    });
    expect(await names()).toHaveLength(MAX_PROJECTS);
  });

  it('creates once for one Idempotency-Key', async () => {
    const headers = { 'idempotency-key': uuidv7() };
    const send = () => ann.request('POST', '/projects', { name: 'once' }, headers);
    const answers = await Promise.all([send(), send()]);
    const [one, two] = await Promise.all(answers.map((answer) => answer.json()));
    expect(one).toEqual(two);
    expect(await names()).toEqual(['once']);
  });

  it('refuses what is not valid', async () => {
    expect(await ann.refused('POST', '/projects', { name: '' })).toMatchObject({
      code: 'validation_failed',
    });
    expect(await ann.refused('POST', '/projects', { name: 'x', color: 'red' })).toMatchObject({
      code: 'validation_failed',
    });
  });
});
