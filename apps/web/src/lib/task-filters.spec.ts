import type { Task } from '@primetrade/contracts';
import { TaskListQuery } from '@primetrade/contracts';
import fc from 'fast-check';
import {
  apiQuery,
  belongsTo,
  DUE_CHOICES,
  filtersFrom,
  narrowingCount,
  NO_FILTERS,
  pathOf,
  PRIORITIES,
  SORT_NAMES,
  STATUSES,
  type TaskFilters,
} from './task-filters';

const now = Date.parse('2026-11-25T13:00:00Z');
const berlin = 'Europe/Berlin';

const task: Task = {
  id: '0190a0a0-0000-7000-8000-000000000001',
  title: 'Pay rent',
  description: 'by transfer',
  status: 'todo',
  priority: 'high',
  dueAt: '2026-11-25T22:59:00.000Z',
  labels: ['Errands'],
  projectId: null,
  parentId: null,
  position: 'a',
  createdAt: '2026-11-20T10:00:00.000Z',
  updatedAt: '2026-11-20T10:00:00.000Z',
  completedAt: null,
  deletedAt: null,
  version: 1,
};

const anyFilters: fc.Arbitrary<TaskFilters> = fc.record({
  status: fc.constantFrom('open', 'all', ...STATUSES),
  priority: fc.option(fc.constantFrom(...PRIORITIES)),
  label: fc.option(fc.constantFrom('home', 'a&b=c', 'été 1')),
  project: fc.option(fc.constantFrom('none', '0190a0a0-0000-7000-8000-000000000002')),
  q: fc.constantFrom('', 'rent', '100 % & more'),
  due: fc.constantFrom(...DUE_CHOICES),
  sort: fc.constantFrom(...(Object.keys(SORT_NAMES) as TaskFilters['sort'][])),
  trash: fc.boolean(),
});

describe('the address of a list', () => {
  it('gives the same filters back', () => {
    fc.assert(
      fc.property(anyFilters, (filters) => {
        const { searchParams } = new URL(pathOf(filters), 'http://localhost');
        expect(filtersFrom(searchParams)).toEqual(filters);
      }),
    );
  });

  it('leaves out what is as usual', () => {
    expect(pathOf(NO_FILTERS)).toBe('/tasks');
    expect(pathOf({ due: 'today', sort: 'dueAt' })).toBe('/tasks?due=today&sort=dueAt');
  });

  it('ignores what it does not know', () => {
    const search = new URLSearchParams('status=odd&priority=huge&due=never&sort=-x&trash=1');
    expect(filtersFrom(search)).toEqual(NO_FILTERS);
  });
});

describe('apiQuery', () => {
  it('asks what the API understands', () => {
    fc.assert(
      fc.property(anyFilters, (filters) => {
        expect(TaskListQuery.safeParse(apiQuery(filters, now, berlin)).error).toBeUndefined();
      }),
    );
  });

  it('ends today where the person is', () => {
    const query = apiQuery({ ...NO_FILTERS, due: 'today' }, now, berlin);
    expect(query.dueBefore).toBe('2026-11-25T23:00:00.000Z');
  });
});

describe('belongsTo', () => {
  const query = (part: Partial<TaskFilters>) => apiQuery({ ...NO_FILTERS, ...part }, now, berlin);

  it.each<[Partial<TaskFilters>, boolean]>([
    [{}, true],
    [{ status: 'done' }, false],
    [{ status: 'all' }, true],
    [{ priority: 'high' }, true],
    [{ priority: 'low' }, false],
    [{ label: 'errands' }, true],
    [{ label: 'errand' }, false],
    [{ project: 'none' }, true],
    [{ project: '0190a0a0-0000-7000-8000-000000000002' }, false],
    [{ q: 'TRANSFER' }, true],
    [{ q: 'cash' }, false],
    [{ due: 'today' }, true],
    [{ due: 'overdue' }, false],
    [{ trash: true }, false],
  ])('%j: %s', (part, expected) => {
    expect(belongsTo(task, query(part))).toBe(expected);
  });

  it('takes no task without a due time into a list by due time', () => {
    expect(belongsTo({ ...task, dueAt: null }, query({ due: 'week' }))).toBe(false);
  });
});

describe('narrowingCount', () => {
  it('counts filters, not the order or the words searched', () => {
    expect(narrowingCount({ ...NO_FILTERS, q: 'x', sort: 'title' })).toBe(0);
    expect(narrowingCount({ ...NO_FILTERS, label: 'x', due: 'today' })).toBe(2);
  });
});
