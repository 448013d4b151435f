import { randomUUID } from 'node:crypto';
import { BULK_MAX_OPERATIONS, BulkResponse } from '@primetrade/contracts';
import { addTask, addTasks, listAllTasks, listTasks, TASKS } from '../support/tasks.js';
import { newUser } from '../support/users.js';

const BULK = `${TASKS}/bulk`;

describe('many changes in one call', () => {
  it('happen in order and are answered in order', async () => {
    const { client } = await newUser();
    const [kept, gone] = await addTasks(client, [{ title: 'kept' }, { title: 'gone' }]);
    await client.remove(`${TASKS}/${gone!.id}`);
    const id = randomUUID();
    const { items } = await client.post(
      BulkResponse,
      BULK,
      {
        operations: [
          { op: 'create', task: { id, title: 'new' } },
          { op: 'update', id, changes: { title: 'renamed' } },
          { op: 'update', id: kept!.id, version: kept!.version, changes: { status: 'done' } },
          { op: 'restore', id: gone!.id },
          { op: 'delete', id: kept!.id },
        ],
      },
      { status: 200 },
    );
    expect(items).toHaveLength(5);
    expect(items[1]).toMatchObject({ id, title: 'renamed' });
    expect(items[2]).toMatchObject({ id: kept!.id, status: 'done' });
    expect(items[3]).toMatchObject({ id: gone!.id, deletedAt: null });
    expect(items[4]?.deletedAt).not.toBeNull();
    const left = await listAllTasks(client);
    expect(left.map(({ title }) => title).sort()).toEqual(['gone', 'renamed']);
  });

  it.each([
    ['a task that is not there', () => ({ op: 'delete', id: randomUUID() }), 'not_found'],
    [
      'an old version',
      (id: string) => ({ op: 'update', id, version: 999, changes: { title: 'x' } }),
      'version_mismatch',
    ],
    [
      'an id that is taken',
      (id: string) => ({ op: 'create', task: { id, title: 'x' } }),
      'already_exists',
    ],
  ] as const)('none of them happens because of %s', async (_what, bad, code) => {
    const { client } = await newUser();
    const task = await addTask(client, { title: 'untouched' });
    await client.fails(code, 'POST', BULK, {
      json: {
        operations: [
          { op: 'create', task: { title: 'must not stay' } },
          { op: 'update', id: task.id, changes: { title: 'must not stay' } },
          bad(task.id),
        ],
      },
    });
    const { items } = await listTasks(client);
    expect(items).toEqual([task]);
  });

  it('names the operation that is wrong', async () => {
    const { client } = await newUser();
    const problem = await client.fails('validation_failed', 'POST', BULK, {
      json: {
        operations: [
          { op: 'create', task: { title: 'ok' } },
          { op: 'create', task: {} },
        ],
      },
    });
    expect(problem.errors?.[0]?.path).toBe('operations.1.task.title');
    expect((await listTasks(client)).items).toEqual([]);
  });

  it(`takes ${BULK_MAX_OPERATIONS} and not one more`, async () => {
    const { client } = await newUser();
    const operations = (count: number) => ({
      operations: Array.from({ length: count }, (_, n) => ({
        op: 'create',
        task: { title: `Task ${n}` },
      })),
    });
    await client.fails('validation_failed', 'POST', BULK, {
      json: operations(BULK_MAX_OPERATIONS + 1),
    });
    await client.post(BulkResponse, BULK, operations(BULK_MAX_OPERATIONS), { status: 200 });
    expect(await listAllTasks(client, { limit: 100 })).toHaveLength(BULK_MAX_OPERATIONS);
  });
});
