import { type Task, TaskListQuery } from '@primetrade/contracts';
import { encodeCursor } from '@primetrade/platform-database';
import { createTestDatabase, type TestDatabase } from '@primetrade/testing';
import pg from 'pg';
import { tasksSchema } from '../migrations/index.js';
import { taskListStatement } from './task-list.statement.js';
import { SORT_ORDERS } from './task-sorts.js';

const USER = '00000000-0000-4000-8000-000000000007';
const PROJECT = '00000000-0000-4000-8000-00000000abcd';

interface Plan {
  'Node Type': string;
  'Index Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: Plan[];
}

/** A page of 20 and one more; the manual order passes over what is in the trash, every tenth. */
const MOST_ROWS = 26;

/** 20 users of 1,000 tasks each: enough for the planner to care. */
const FILL = `
  INSERT INTO tasks.tasks (user_id, id, title, description, status, priority, due_at, labels,
    project_id, parent_id, position, created_at, updated_at, completed_at, deleted_at)
  SELECT ('00000000-0000-4000-8000-' || lpad((n % 20)::text, 12, '0'))::uuid,
    ('00000000-0000-4000-9000-' || lpad(n::text, 12, '0'))::uuid,
    'Task ' || n, repeat('text ', 20), s.status, 'none',
    CASE WHEN n % 3 = 0 THEN now() + (n % 100 - 50) * interval '1 hour' END, '{}',
    CASE WHEN n % 400 = 7 THEN '${PROJECT}'::uuid END, NULL, 'a' || lpad(n::text, 6, '0'),
    now() - n * interval '1 minute', now(), CASE WHEN s.status = 'done' THEN now() END,
    CASE WHEN (n / 20) % 10 = 0 THEN now() - n * interval '3 minutes' END
  FROM generate_series(1, 20000) n,
    LATERAL (SELECT (enum_range(NULL::tasks.task_status))[1 + n % 3] AS status) s`;

describe('query plans', () => {
  let database: TestDatabase;
  let sql: pg.Client;
  beforeAll(async () => {
    database = await createTestDatabase([tasksSchema]);
    sql = new pg.Client({ connectionString: database.url });
    await sql.connect();
    await sql.query(
      `INSERT INTO tasks.projects (user_id, id, name, color, position)
       VALUES ($1, $2, 'p', '#000000', 'a0')`,
      [USER, PROJECT],
    );
    await sql.query(FILL);
    await sql.query('ANALYZE');
  });
  afterAll(async () => {
    await sql.end();
    await database.drop();
  });

  async function explain(text: string, values: unknown[]): Promise<Plan[]> {
    const { rows } = await sql.query<{ 'QUERY PLAN': { Plan: Plan }[] }>(
      `EXPLAIN (ANALYZE, FORMAT JSON) ${text}`,
      values,
    );
    const flatten = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(flatten)];
    return flatten(rows[0]!['QUERY PLAN'][0]!.Plan);
  }

  const list = (query: Record<string, string>) => {
    const { text, values } = taskListStatement(USER, TaskListQuery.parse(query));
    return explain(text, values);
  };

  const indexes = (plan: Plan[]) => plan.flatMap((node) => node['Index Name'] ?? []);
  const scanned = (plan: Plan[]) =>
    Math.max(
      ...plan
        .filter((node) => node['Index Name'] !== undefined)
        .map(
          (node) =>
            (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'],
        ),
    );

  it.each<[string, Record<string, string>, string]>([
    ['newest first', {}, 'tasks_user_id_created_at'],
    ['oldest first', { sort: 'createdAt' }, 'tasks_user_id_created_at'],
    ['one status', { status: 'todo' }, 'tasks_user_id_status'],
    ['by due time', { sort: 'dueAt' }, 'tasks_user_id_due_at'],
    ['manual order', { sort: 'position' }, 'tasks_user_id_position'],
    ['the trash', { trash: 'true' }, 'tasks_trash'],
  ])('reads a page in the order of an index: %s', async (_name, query, index) => {
    const first = await list(query);
    expect(indexes(first)).toEqual([index]);
    expect(first.map((node) => node['Node Type'])).not.toContain('Sort');
    expect(scanned(first)).toBeLessThanOrEqual(MOST_ROWS);
  });

  it.each<[string, Record<string, string>]>([
    ['newest first', {}],
    ['one status', { status: 'todo' }],
    ['by due time', { sort: 'dueAt' }],
    ['manual order', { sort: 'position' }],
  ])('reads a later page as cheaply as the first: %s', async (_name, query) => {
    const parsed = TaskListQuery.parse({ ...query, limit: '100' });
    const { text, values } = taskListStatement(USER, parsed);
    const { rows } = await sql.query<{ json: string }>(text, values);
    const last = JSON.parse(rows.at(-2)!.json) as Task;
    const cursor = encodeCursor(parsed.sort, SORT_ORDERS[parsed.sort].position(last, ''));
    const plan = await list({ ...query, cursor });
    expect(plan.map((node) => node['Node Type'])).not.toContain('Sort');
    expect(scanned(plan)).toBeLessThanOrEqual(MOST_ROWS);
  });

  it('finds the tasks of a project and of a period by their indexes', async () => {
    expect(indexes(await list({ project: PROJECT }))).toEqual(['tasks_user_id_project_id']);
    const period = await list({
      sort: 'dueAt',
      dueAfter: new Date().toISOString(),
      dueBefore: new Date(Date.now() + 86_400_000).toISOString(),
    });
    expect(indexes(period)).toEqual(['tasks_user_id_due_at']);
  });

  it.each([
    [
      'all of a user',
      `SELECT count(*) FROM tasks.tasks WHERE user_id = '${USER}'`,
      'tasks_user_id',
    ],
    [
      'one task',
      `SELECT * FROM tasks.tasks WHERE user_id = '${USER}' AND id = '${PROJECT}'`,
      'tasks_pkey',
    ],
    [
      'subtasks',
      `SELECT id FROM tasks.tasks WHERE user_id = '${USER}' AND parent_id = '${PROJECT}'`,
      'tasks_user_id_parent_id',
    ],
    [
      'what was created lately',
      `SELECT count(*) FROM tasks.tasks WHERE created_at > now() - interval '10 minutes'`,
      'tasks_created_at',
    ],
    ['how many are open', `SELECT count(*) FROM tasks.tasks WHERE status = 'todo'`, 'tasks_status'],
    [
      'what is due to be purged',
      `SELECT id FROM tasks.tasks WHERE deleted_at < now() - interval '30 days'
         ORDER BY deleted_at LIMIT 1000`,
      'tasks_purge',
    ],
  ])('uses the index for it: %s', async (_name, text, index) => {
    await sql.query('VACUUM ANALYZE tasks.tasks');
    expect(indexes(await explain(text, []))).toContain(index);
  });
});
