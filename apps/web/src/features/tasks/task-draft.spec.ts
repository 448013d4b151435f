import type { Task } from '@primetrade/contracts';
import { changesOf, draftProblem, withEdits } from './task-draft';

const task = { title: 'Pay rent', labels: ['home'], dueAt: null } as unknown as Task;

describe('a draft', () => {
  it('holds what differs from the task, and nothing else', () => {
    const changed = withEdits({}, { title: 'Pay the rent', labels: ['home', 'money'] }, task);
    expect(changed).toEqual({ title: 'Pay the rent', labels: ['home', 'money'] });
    expect(withEdits(changed, { title: 'Pay rent', labels: ['home'] }, task)).toEqual({});
  });

  it('needs a title and saves it trimmed', () => {
    expect(draftProblem({ title: '  ' })).toMatch('title');
    expect(draftProblem({})).toBeNull();
    expect(changesOf({ title: ' Pay ' })).toEqual({ title: 'Pay' });
  });
});
