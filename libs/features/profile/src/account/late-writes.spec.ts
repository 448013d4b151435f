import { jest } from '@jest/globals';
import { InMemoryTasks } from '../testing/tasks.js';
import { LateWrites } from './late-writes.js';

describe('LateWrites', () => {
  let tasks: InMemoryTasks;
  let late: LateWrites;
  beforeEach(() => {
    jest.useFakeTimers();
    tasks = new InMemoryTasks();
    late = new LateWrites(tasks);
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('deletes once more, when nobody can be writing any more', async () => {
    late.deleteLater('anna');
    tasks.lines.set('anna', ['written late']).set('ben', ['of somebody else']);
    await jest.advanceTimersByTimeAsync(29_000);
    expect(tasks.lines.has('anna')).toBe(true);
    await jest.advanceTimersByTimeAsync(2_000);
    expect([...tasks.lines.keys()]).toEqual(['ben']);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('does it at the latest when the process stops, and fails for nobody', async () => {
    late.deleteLater('anna');
    tasks.lines.set('anna', ['written late']);
    await late.beforeApplicationShutdown();
    expect(tasks.lines.has('anna')).toBe(false);
    expect(jest.getTimerCount()).toBe(0);

    late.deleteLater('ben');
    tasks.failure = new Error('the tasks service is away');
    await late.beforeApplicationShutdown();
  });
});
