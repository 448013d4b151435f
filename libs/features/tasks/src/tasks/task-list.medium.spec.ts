import { type Task, TaskPage, TaskSort } from '@primetrade/contracts';
import { encodeCursor, uuidv7 } from '@primetrade/platform-database';
import fc from 'fast-check';
import { startTasksApp, type TasksTestApp, type TestUser } from '../testing/test-tasks-app.js';

const COUNT = 60;

describe('the list of tasks', () => {
  let test: TasksTestApp;
  let ann: TestUser;
  let projectId: string;

  beforeAll(async () => {
    test = await startTasksApp();
    ann = test.user();
    projectId = (await ann.call<{ id: string }>('POST', '/projects', { name: 'p' })).id;
    await ann.call('POST', '/labels', { name: 'Even' });
    // Many ties in every column, so that the order rests on the id; titles differ behind the
    // hundredth character only.
    await test.sql.query(
      `INSERT INTO tasks.tasks (user_id, id, title, description, status, priority, due_at, labels,
         project_id, position, created_at, updated_at, completed_at)
       SELECT $1, gen_random_uuid(),
         CASE n % 3 WHEN 0 THEN repeat('É', 100) || n WHEN 1 THEN 'b ' || n % 4 ELSE 'B 1' END,
         CASE n % 7 WHEN 0 THEN '100% sure_thing' ELSE '' END,
         (enum_range(NULL::tasks.task_status))[1 + n % 2], (enum_range(NULL::tasks.task_priority))[1 + n % 5],
         CASE n % 4 WHEN 0 THEN NULL ELSE timestamptz '2026-01-01 00:00:00.123' + (n % 3) * interval '1 ms' END,
         CASE n % 2 WHEN 0 THEN '{Even}'::text[] ELSE '{}' END,
         CASE n % 5 WHEN 0 THEN $2::uuid END, 'a' || n % 9,
         timestamptz '2026-01-01 00:00:00.001' + (n % 6) * interval '1 ms',
         timestamptz '2026-02-01 00:00:00' + (n % 2) * interval '1 ms', NULL
       FROM generate_series(1, ${COUNT}) n`,
      [ann.id, projectId],
    );
    await ann.call('POST', '/tasks', { title: 'another one' }).then(async (task) => {
      await ann.request('DELETE', `/tasks/${(task as Task).id}`);
    });
    await test.user().call('POST', '/tasks', { title: 'of someone else' });
  });
  afterAll(() => test.close());

  async function page(query: Record<string, string>): Promise<TaskPage> {
    return TaskPage.parse(await ann.call('GET', `/tasks?${new URLSearchParams(query).toString()}`));
  }

  async function all(query: Record<string, string>): Promise<Task[]> {
    const items: Task[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const next: TaskPage = await page(cursor === '' ? query : { ...query, cursor });
      items.push(...next.items);
      cursor = next.nextCursor;
    }
    return items;
  }

  it('visits each task exactly once, in the same order, whatever the limit and sort', async () => {
    const orders = new Map<string, string[]>();
    for (const sort of TaskSort.options) {
      orders.set(
        sort,
        (await page({ sort, limit: '100' })).items.map((task) => task.id),
      );
    }
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...TaskSort.options),
        fc.integer({ min: 1, max: 100 }),
        async (sort, limit) => {
          const ids = (await all({ sort, limit: String(limit) })).map((task) => task.id);
          expect(new Set(ids).size).toBe(COUNT);
          expect(ids).toEqual(orders.get(sort));
        },
      ),
      { numRuns: 40 },
    );
  });

  it.each<[TaskSort, (task: Task) => string | number, boolean]>([
    ['-createdAt', (task) => task.createdAt, true],
    ['createdAt', (task) => task.createdAt, false],
    ['-updatedAt', (task) => task.updatedAt, true],
    ['dueAt', (task) => task.dueAt ?? '9', false],
    ['-dueAt', (task) => task.dueAt ?? '0', true],
    [
      '-priority',
      (task) => ['none', 'low', 'medium', 'high', 'urgent'].indexOf(task.priority),
      true,
    ],
    ['position', (task) => task.position, false],
    ['title', (task) => task.title.toLowerCase().slice(0, 100), false],
  ])('sorts by %s', async (sort, key, descending) => {
    const keys = (await all({ sort, limit: '7' })).map(key);
    const sorted = [...keys].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    expect(keys).toEqual(descending ? sorted.reverse() : sorted);
  });

  it('pages through filtered lists alike', async () => {
    const filters: [Record<string, string>, (task: Task) => boolean][] = [
      [{ status: 'in_progress' }, (task) => task.status === 'in_progress'],
      [{ status: 'in_progress,done' }, (task) => task.status !== 'todo'],
      [{ priority: 'low,urgent' }, (task) => ['low', 'urgent'].includes(task.priority)],
      [{ label: 'EVEN' }, (task) => task.labels.includes('Even')],
      [{ project: projectId }, (task) => task.projectId === projectId],
      [{ project: 'none' }, (task) => task.projectId === null],
      [{ q: '100% SURE_' }, (task) => task.description.includes('100% sure_')],
      [
        { q: '1 b' },
        (task) => /b/i.test(task.title) && `${task.title} ${task.description}`.includes('1'),
      ],
      [{ q: 'éé' }, (task) => task.title.startsWith('ÉÉ')],
      [{ q: '%' }, (task) => task.description.includes('%')],
      [{ q: '\\' }, () => false],
      [
        { dueAfter: '2026-01-01T00:00:00.124Z' },
        (task) => task.dueAt! >= '2026-01-01T00:00:00.124Z',
      ],
      [
        { dueBefore: '2026-01-01T01:00:00.125+01:00' },
        (task) => task.dueAt !== null && task.dueAt < '2026-01-01T00:00:00.125Z',
      ],
      [
        { dueAfter: '2026-01-01T00:00:00.124Z', dueBefore: '2026-01-01T00:00:00.125Z' },
        (task) => task.dueAt === '2026-01-01T00:00:00.124Z',
      ],
    ];
    const everything = await all({});
    for (const [query, matches] of filters) {
      const expected = everything.filter((task) => task.dueAt !== null || !('dueAfter' in query));
      for (const sort of ['-createdAt', 'dueAt']) {
        const found = await all({ ...query, sort, limit: '4' });
        expect(found.map((task) => task.id).sort()).toEqual(
          expected
            .filter(matches)
            .map((task) => task.id)
            .sort(),
        );
      }
    }
  });

  it('refuses cursors that are not its own', async () => {
    const { nextCursor } = await page({ limit: '1' });
    const refused = async (query: string) => ann.refused('GET', `/tasks?${query}`);
    const invalid = { status: 400, code: 'invalid_cursor' };
    expect(await refused(`cursor=${nextCursor}&sort=title`)).toMatchObject(invalid);
    expect(await refused('cursor=nonsense')).toMatchObject(invalid);
    for (const values of [
      ['yesterday', uuidv7()],
      ['2026-13-45T00:00:00.000Z', uuidv7()],
      ['infinity', uuidv7()],
      ['2026-01-01T00:00:00.000Z', "' OR true --"],
      [null, uuidv7()],
      [1, uuidv7()],
    ]) {
      expect(await refused(`cursor=${encodeCursor('-createdAt', values)}`)).toMatchObject(invalid);
    }
    for (const [sort, ...values] of [
      ['-priority', 'highest', '2026-01-01T00:00:00.000Z', uuidv7()],
      ['title', 'a\0b', uuidv7()],
    ] as const) {
      expect(await refused(`sort=${sort}&cursor=${encodeCursor(sort, values)}`)).toMatchObject(
        invalid,
      );
    }
  });

  it.each([
    'limit=0',
    'limit=101',
    'limit=x',
    'sort=age',
    'status=open',
    'project=1',
    'dueAfter=now',
  ])('refuses %s', async (query) => {
    expect(await ann.refused('GET', `/tasks?${query}`)).toMatchObject({
      code: 'validation_failed',
    });
  });

  it('shows a writer their own write at once, although pages are cached', async () => {
    const bob = test.user();
    const titles = async (query = '') =>
      (await bob.call<TaskPage>('GET', `/tasks${query}`)).items.map((task) => task.title);
    expect(await titles()).toEqual([]);
    const task = await bob.call<Task>('POST', '/tasks', { title: 'one', labels: ['a'] });
    expect(await titles()).toEqual(['one']);
    await bob.call('PATCH', `/tasks/${task.id}`, { title: 'two' });
    expect(await titles()).toEqual(['two']);
    expect(await titles('?label=a')).toEqual(['two']);
    await bob.call('PATCH', '/labels/a', { name: 'b' });
    expect(await titles('?label=a')).toEqual([]);
    await bob.request('DELETE', `/tasks/${task.id}`);
    expect(await titles()).toEqual([]);
    await bob.call('POST', '/tasks/bulk', {
      operations: [{ op: 'restore', id: task.id }],
    });
    expect(await titles()).toEqual(['two']);
  });
});
