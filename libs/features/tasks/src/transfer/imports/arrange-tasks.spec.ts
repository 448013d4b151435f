import fc from 'fast-check';
import { emptyDraft, type TaskDraft } from '../reading/task-draft.js';
import { type Arrangement, arrangeTasks } from './arrange-tasks.js';

const draft = (title: string, more: Partial<TaskDraft> = {}): TaskDraft => ({
  ...emptyDraft(),
  title,
  key: title,
  ...more,
});

function arrange(drafts: readonly TaskDraft[], to: Partial<Arrangement> = {}) {
  let ids = 0;
  let positions = 0;
  const tasks = arrangeTasks(drafts, {
    projectIds: new Map(),
    defaultProjectId: null,
    now: '2026-11-23T10:00:00.000Z',
    newId: () => `id${(ids += 1)}`,
    nextPosition: () => String((positions += 1)).padStart(6, '0'),
    ...to,
  });
  return [...tasks];
}

function parentsByTitle(drafts: readonly TaskDraft[]) {
  const tasks = arrange(drafts);
  const byId = new Map(tasks.map(({ id, title }) => [id, title]));
  return Object.fromEntries(
    tasks.map(({ title, parentId }) => [title, byId.get(parentId ?? '') ?? null]),
  );
}

describe('arrangeTasks', () => {
  it('puts parents before their subtasks and keeps the order of the file in positions', () => {
    const tasks = arrange([draft('child', { parentKey: 'parent' }), draft('parent')]);
    expect(tasks.map(({ title, position }) => [title, position])).toEqual([
      ['parent', '000002'],
      ['child', '000001'],
    ]);
    expect(tasks[1]?.parentId).toBe(tasks[0]?.id);
  });

  it('takes the order that the file gives', () => {
    const tasks = arrange([draft('b', { order: 'i2' }), draft('c'), draft('a', { order: 'i1' })]);
    expect(
      [...tasks].sort((x, y) => (x.position < y.position ? -1 : 1)).map(({ title }) => title),
    ).toEqual(['a', 'b', 'c']);
  });

  it('leaves out parents that are missing, circular or too deep', () => {
    const chain = ['1', '2', '3', '4', '5', '6', '7'].map((title, index) =>
      draft(title, { parentKey: index === 0 ? 'missing' : String(index) }),
    );
    expect(parentsByTitle(chain)).toEqual({
      ...{ '1': null, '2': '1', '3': '2', '4': '3', '5': '4', '6': '4', '7': '4' },
    });
    const circle = parentsByTitle([
      draft('a', { parentKey: 'b' }),
      draft('b', { parentKey: 'a' }),
      draft('self', { parentKey: 'self' }),
    ]);
    expect(circle).toEqual({ a: 'b', b: null, self: null });
  });

  it('always makes a forest of at most five levels, parents first', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(30), { maxLength: 30 }), (parents) => {
        const tasks = arrange(
          parents.map((parent, index) => draft(String(index), { parentKey: String(parent) })),
        );
        const levels = new Map<string, number>();
        for (const { id, parentId } of tasks) {
          const level = parentId === null ? 1 : (levels.get(parentId) ?? NaN) + 1;
          expect(level).toBeLessThanOrEqual(5);
          levels.set(id, level);
        }
      }),
    );
  });

  it('completes what the file does not say', () => {
    const [todo, done, dated] = arrange(
      [
        draft('todo', { completedAt: '2026-01-01T00:00:00.000Z', projectKey: 'p' }),
        draft('done', { status: 'done', projectKey: 'unknown' }),
        draft('dated', { status: 'done', createdAt: '2025-01-01T00:00:00.000Z' }),
      ],
      { projectIds: new Map([['p', 'project']]), defaultProjectId: 'default' },
    );
    expect(todo).toMatchObject({ completedAt: null, projectId: 'project' });
    expect(done).toMatchObject({
      completedAt: '2026-11-23T10:00:00.000Z',
      createdAt: '2026-11-23T10:00:00.000Z',
      projectId: 'default',
    });
    expect(dated).toMatchObject({ completedAt: '2025-01-01T00:00:00.000Z' });
  });
});
