import type { CreateTaskInput } from '@primetrade/contracts';
import type { Client } from '../support/api.js';
import { addTask, addTasks, listAllTasks, listTasks, TASKS } from '../support/tasks.js';
import { newUser } from '../support/users.js';

const PRIORITIES = ['none', 'low', 'medium', 'high', 'urgent'] as const;

/** Forty tasks in which each sort has ties and, for due dates, gaps. */
function ledger(): CreateTaskInput[] {
  return Array.from({ length: 40 }, (_, n) => ({
    title: `Task ${String(Math.floor(n / 2)).padStart(2, '0')}`,
    priority: PRIORITIES[n % 5],
    dueAt: n % 3 === 0 ? null : `2031-01-${String(1 + (n % 7)).padStart(2, '0')}T09:00:00Z`,
  }));
}

describe('paging', () => {
  let client: Client;
  let ids: string[];
  beforeAll(async () => {
    ({ client } = await newUser());
    ids = (await addTasks(client, ledger())).map(({ id }) => id).sort();
  });

  it.each([
    ['-createdAt', 7],
    ['createdAt', 7],
    ['-updatedAt', 1],
    ['dueAt', 7],
    ['-dueAt', 3],
    ['-priority', 7],
    ['position', 40],
    ['title', 1],
  ])('by %s visits each task exactly once, %i at a time', async (sort, limit) => {
    const seen = await listAllTasks(client, { sort, limit });
    expect(seen.map(({ id }) => id).sort()).toEqual(ids);
    const whole = await listAllTasks(client, { sort, limit: 100 });
    expect(seen).toEqual(whole);
  });

  it('is in the order that it says', async () => {
    const by = async (sort: string) => listAllTasks(client, { sort, limit: 9 });
    const created = (await by('-createdAt')).map(({ createdAt }) => createdAt);
    expect(created).toEqual([...created].sort().reverse());
    const ranks = (await by('-priority')).map(({ priority }) => PRIORITIES.indexOf(priority));
    expect(ranks).toEqual([...ranks].sort((a, b) => b - a));
    const titles = (await by('title')).map(({ title }) => title);
    expect(titles).toEqual([...titles].sort());
    const due = (await by('dueAt')).map(({ dueAt }) => dueAt);
    const dated = due.filter((date) => date !== null);
    // Tasks without a date come last.
    expect(due).toEqual([...dated.sort(), ...due.filter((date) => date === null)]);
  });

  it('holds 20 unless told', async () => {
    const page = await listTasks(client);
    expect(page.items).toHaveLength(20);
    expect(page.nextCursor).not.toBeNull();
  });

  it.each([0, 101, -1, 1.5, 'many'])('refuses a limit of %s', async (limit) => {
    await client.fails('validation_failed', 'GET', `${TASKS}?limit=${limit}`);
  });

  it('refuses a cursor that is none, or of another order', async () => {
    const { nextCursor } = await listTasks(client, { limit: 1 });
    for (const query of [
      'cursor=nonsense',
      'cursor=%00',
      `cursor=${nextCursor}&sort=title`,
      `cursor=${nextCursor!.slice(0, -4)}`,
    ]) {
      await client.fails('invalid_cursor', 'GET', `${TASKS}?${query}`);
    }
  });
});

describe('paging while the list changes', () => {
  it('shows every task that was there all the time exactly once', async () => {
    const { client } = await newUser();
    const before = await addTasks(client, ledger());
    const deleted = new Set<string>();
    const seen = await listAllTasks(client, { limit: 6 }, async () => {
      await addTask(client, { title: 'Added meanwhile' });
      const victim = before.at(-1 - deleted.size)!;
      deleted.add(victim.id);
      await client.remove(`${TASKS}/${victim.id}`);
    });
    const seenIds = seen.map(({ id }) => id);
    expect(new Set(seenIds).size).toBe(seenIds.length);
    const steady = before.filter(({ id }) => !deleted.has(id)).map(({ id }) => id);
    expect(steady.filter((id) => !seenIds.includes(id))).toEqual([]);
  });
});

describe('filters', () => {
  let client: Client;
  beforeAll(async () => {
    ({ client } = await newUser());
    await addTasks(client, [
      { title: 'Write report', status: 'done', priority: 'high', labels: ['Work'] },
      {
        title: 'Call plumber',
        priority: 'urgent',
        dueAt: '2031-01-10T12:00:00Z',
        labels: ['home'],
      },
      { title: 'Read 100% of it', description: 'The REPORT_2 is long', status: 'in_progress' },
      { title: 'Water plants', priority: 'low', dueAt: '2031-01-20T12:00:00Z', labels: ['home'] },
    ]);
  });

  it.each([
    ['status=done', ['Write report']],
    ['status=todo,in_progress', ['Call plumber', 'Read 100% of it', 'Water plants']],
    ['status=todo&status=done', ['Call plumber', 'Water plants', 'Write report']],
    ['priority=high,urgent', ['Call plumber', 'Write report']],
    ['label=HOME', ['Call plumber', 'Water plants']],
    ['label=nothing', []],
    ['q=report', ['Read 100% of it', 'Write report']],
    ['q=REPORT_', ['Read 100% of it']],
    ['q=100%25', ['Read 100% of it']],
    ['q=%25', ['Read 100% of it']],
    ['dueBefore=2031-01-15T00:00:00Z', ['Call plumber']],
    ['dueAfter=2031-01-15T00:00:00Z', ['Water plants']],
    [
      'dueAfter=2031-01-01T00:00:00Z&dueBefore=2031-02-01T00:00:00Z',
      ['Call plumber', 'Water plants'],
    ],
    ['label=home&status=todo&q=plants', ['Water plants']],
    ['parent=none&limit=100', ['Call plumber', 'Read 100% of it', 'Water plants', 'Write report']],
  ])('%s', async (query, titles) => {
    const reply = await client.expect(200, 'GET', `${TASKS}?${query}`);
    const { items } = JSON.parse(reply.text) as { items: { title: string }[] };
    expect(items.map(({ title }) => title).sort()).toEqual(titles);
  });

  it.each([
    'status=sleeping',
    'priority=7',
    'project=x',
    'dueBefore=tomorrow',
    'sort=random',
    'q=',
  ])('%s is refused', async (query) => {
    await client.fails('validation_failed', 'GET', `${TASKS}?${query}`);
  });
});
