import { BULK_MAX_OPERATIONS, CreateTaskRequest } from '@primetrade/contracts';
import { DEMO_LABELS, DEMO_PROJECTS, demoTasks } from './demo-tasks.js';
import { orderedIds } from './ordered-ids.js';

const TODAY = new Date(2026, 2, 31, 12);
const PROJECT_IDS = new Map(
  DEMO_PROJECTS.map(({ name }, index) => [
    name,
    `00000000-0000-7000-8000-${String(index).padStart(12, '0')}`,
  ]),
);

function counter() {
  let count = 0;
  return () => `00000000-0000-7000-9000-${String(count++).padStart(12, '0')}`;
}

const tasks = demoTasks(TODAY, PROJECT_IDS, counter());

describe('the demo account', () => {
  it('has a few hundred tasks that the API takes in one call', () => {
    expect(tasks.length).toBeGreaterThanOrEqual(250);
    expect(tasks.length).toBeLessThanOrEqual(BULK_MAX_OPERATIONS);
    for (const task of tasks) expect(() => CreateTaskRequest.parse(task)).not.toThrow();
  });

  it('is the same for the same day', () => {
    expect(demoTasks(TODAY, PROJECT_IDS, counter())).toEqual(tasks);
  });

  it('shows tasks of every kind', () => {
    const open = tasks.filter(({ status }) => status !== 'done');
    expect(open.length).toBeGreaterThan(100);
    expect(tasks.length - open.length).toBeGreaterThan(80);
    expect(new Set(tasks.map(({ status }) => status))).toEqual(
      new Set(['todo', 'in_progress', 'done']),
    );
    expect(new Set(tasks.flatMap(({ priority }) => priority ?? []))).toEqual(
      new Set(['none', 'low', 'medium', 'high', 'urgent']),
    );
    expect(open.filter(({ dueAt }) => dueAt && new Date(dueAt) < TODAY).length).toBeGreaterThan(3);
    expect(tasks.filter(({ description }) => description).length).toBeGreaterThan(20);
  });

  it('gives no two tasks the same title in a project, but for the subtasks of different tasks', () => {
    const seen = tasks.map(({ title, projectId, parentId }) => `${projectId} ${parentId} ${title}`);
    expect(seen.filter((title, index) => seen.indexOf(title) !== index)).toEqual([]);
  });

  it('creates a task before its subtasks', () => {
    const known = new Set<string | undefined>();
    for (const { id, parentId } of tasks) {
      if (parentId) expect(known.has(parentId)).toBe(true);
      known.add(id);
    }
  });

  it('uses every project and every label, and no other label', () => {
    expect(new Set(tasks.map(({ projectId }) => projectId))).toEqual(
      new Set([...PROJECT_IDS.values(), null]),
    );
    expect(new Set(tasks.flatMap(({ labels }) => labels ?? []))).toEqual(
      new Set(DEMO_LABELS.map(({ name }) => name)),
    );
  });

  it('pays the rent on the first of each month, also when today is the last', () => {
    const rents = tasks.filter(({ title }) => title.startsWith('Pay the rent'));
    expect(rents.map(({ title }) => title)).toEqual([
      'Pay the rent for January',
      'Pay the rent for February',
      'Pay the rent for March',
      'Pay the rent for April',
      'Pay the rent for May',
    ]);
    expect(rents.map(({ dueAt }) => new Date(dueAt!).getDate())).toEqual([1, 1, 1, 1, 1]);
  });
});

it('ordered ids are UUIDs of version 7 in the order of their making', () => {
  const next = orderedIds(Date.UTC(2026, 0, 1));
  const ids = Array.from({ length: 500 }, next);
  expect(ids).toEqual([...ids].sort());
  for (const id of ids) {
    expect(id).toMatch(/^019b76da-a800-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
});
