import { Task, TaskPage } from '@primetrade/contracts';
import { startTasksApp, type TasksTestApp, type TestUser } from '../testing/test-tasks-app.js';

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
  });

  it('lists what was created, newest first', async () => {
    for (const title of ['one', 'two', 'three']) await create({ title });
    const page = TaskPage.parse(await ann.call('GET', '/tasks?limit=2'));
    expect(page.items.map((task) => task.title)).toEqual(['three', 'two']);
    const rest = TaskPage.parse(await ann.call('GET', `/tasks?limit=2&cursor=${page.nextCursor}`));
    expect(rest.items.map((task) => task.title)).toEqual(['one']);
    expect(rest.nextCursor).toBeNull();
  });
});
