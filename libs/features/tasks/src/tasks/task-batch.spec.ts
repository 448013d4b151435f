import { CreateTaskRequest } from '@primetrade/contracts';
import fc from 'fast-check';
import { EndPositions } from '../ordering/position.js';
import { MAX_LEVELS, TaskBatch, type TaskOperation, type TaskState } from './task-batch.js';

const NOW = '2026-01-01T00:00:00.000Z';

function stored(id: string, changes: Partial<TaskState> = {}): TaskState {
  return {
    id,
    status: 'todo',
    dueAt: null,
    projectId: null,
    parentId: null,
    position: `a${id}`,
    completedAt: null,
    deletedAt: null,
    version: 1,
    ...changes,
  };
}

function batchOf(...tasks: TaskState[]): TaskBatch {
  let made = 0;
  return new TaskBatch({
    tasks,
    projectIds: new Set(['p']),
    positions: [],
    now: NOW,
    newId: () => `new${(made += 1)}`,
    endPositions: new EndPositions(),
  });
}

const create = (task: object): TaskOperation => ({
  op: 'create',
  task: { ...CreateTaskRequest.parse({ title: 't' }), ...task },
});
const update = (id: string, changes: object): TaskOperation => ({ op: 'update', id, changes });
const code = (code: string) => expect.objectContaining({ code });

describe('TaskBatch', () => {
  it('folds changes of a created task into its creation', () => {
    const batch = batchOf();
    const id = batch.apply(create({ labels: ['a'] }));
    batch.apply(update(id, { title: 'better', status: 'done' }));
    expect(batch.updates).toEqual([]);
    expect(batch.inserts).toEqual([
      expect.objectContaining({
        id,
        title: 'better',
        labels: ['a'],
        status: 'done',
        completedAt: NOW,
        version: 2,
      }),
    ]);
  });

  it('counts a version a change, and compares conditions in order', () => {
    const batch = batchOf(stored('1', { version: 7 }));
    batch.apply({ ...update('1', { title: 'x' }), condition: [7] } as TaskOperation);
    expect(() =>
      batch.apply({ ...update('1', { title: 'y' }), condition: [7] } as TaskOperation),
    ).toThrow(code('version_mismatch'));
    batch.apply({ ...update('1', { title: 'y' }), condition: [8] } as TaskOperation);
    expect(batch.updates).toEqual([expect.objectContaining({ title: 'y', version: 9 })]);
  });

  it('leaves alone what does not change', () => {
    const batch = batchOf(stored('1'), stored('2', { deletedAt: NOW }));
    batch.apply(update('1', {}));
    batch.apply({ op: 'restore', id: '1' });
    batch.apply({ op: 'delete', id: '2' });
    expect(batch.updates).toEqual([]);
  });

  it('keeps the time at which a task was done first', () => {
    const done = stored('1', { status: 'done', completedAt: '2020-01-01T00:00:00.000Z' });
    const batch = batchOf(done);
    batch.apply(update('1', { status: 'done' }));
    expect(batch.updates[0]).toMatchObject({ completedAt: done.completedAt });
    batch.apply(update('1', { status: 'todo' }));
    expect(batch.updates[0]).toMatchObject({ completedAt: null });
  });

  it('deletes subtasks with their parent and restores exactly those', () => {
    const batch = batchOf(
      stored('1'),
      stored('2', { parentId: '1' }),
      stored('3', { parentId: '2' }),
      stored('4', { parentId: '1', deletedAt: '2025-01-01T00:00:00.000Z' }),
    );
    batch.apply({ op: 'delete', id: '1' });
    expect(batch.updates.map((task) => [task.id, task.deletedAt])).toEqual([
      ['1', NOW],
      ['2', NOW],
      ['3', NOW],
    ]);
    batch.apply({ op: 'restore', id: '1' });
    expect(batch.updates.map((task) => task.deletedAt)).toEqual([null, null, null]);
  });

  it('makes a restored subtask of a deleted task a task of its own', () => {
    const batch = batchOf(
      stored('1', { deletedAt: NOW }),
      stored('2', { parentId: '1', deletedAt: NOW }),
    );
    batch.apply({ op: 'restore', id: '2' });
    expect(batch.updates).toEqual([expect.objectContaining({ id: '2', parentId: null })]);
  });

  it('refuses cycles', () => {
    const batch = batchOf(stored('1'), stored('2', { parentId: '1' }));
    expect(() => batch.apply(update('1', { parentId: '2' }))).toThrow(code('conflict'));
    expect(() => batch.apply(update('1', { parentId: '1' }))).toThrow(code('conflict'));
    batch.apply(update('2', { parentId: null }));
    batch.apply(update('1', { parentId: '2' }));
  });

  it('limits the depth, counting what hangs below a task that moves', () => {
    const batch = batchOf(stored('x'), stored('y', { parentId: 'x' }));
    let parentId: string | null = null;
    for (let level = 1; level <= MAX_LEVELS; level += 1)
      parentId = batch.apply(create({ parentId }));
    expect(() => batch.apply(create({ parentId }))).toThrow(code('limit_reached'));
    // x and y are two levels: they fit below the third of five, not below the fourth.
    expect(() => batch.apply(update('x', { parentId: 'new4' }))).toThrow(code('limit_reached'));
    batch.apply(update('x', { parentId: 'new3' }));
  });

  it('refuses references to what is not there', () => {
    const batch = batchOf(stored('1'), stored('gone', { deletedAt: NOW }));
    expect(() => batch.apply(create({ projectId: 'q' }))).toThrow(code('not_found'));
    expect(() => batch.apply(create({ parentId: 'gone' }))).toThrow(code('not_found'));
    expect(() => batch.apply(update('1', { afterId: 'gone' }))).toThrow(code('not_found'));
    expect(() => batch.apply(update('gone', { title: 'x' }))).toThrow(code('conflict'));
    expect(() => batch.apply(create({ id: '1' }))).toThrow(code('already_exists'));
    batch.apply(create({ projectId: 'p' }));
  });

  it('orders tasks as a list would, whatever the moves', () => {
    const ids = ['1', '2', '3', '4', '5'];
    const moves = fc.array(fc.tuple(fc.constantFrom(...ids), fc.option(fc.constantFrom(...ids))), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(moves, (operations) => {
        const batch = batchOf(...ids.map((id) => stored(id)));
        const model = [...ids];
        for (const [id, afterId] of operations.filter(([id, afterId]) => id !== afterId)) {
          batch.apply(update(id, { afterId }));
          model.splice(model.indexOf(id), 1);
          model.splice(afterId === null ? 0 : model.indexOf(afterId) + 1, 0, id);
        }
        const moved = new Map(batch.updates.map((task) => [task.id, task.position]));
        const position = (id: string) => moved.get(id) ?? stored(id).position;
        expect([...ids].sort((a, b) => (position(a) < position(b) ? -1 : 1))).toEqual(model);
      }),
    );
  });
});
