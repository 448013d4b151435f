import type { ChangeEvent } from '@primetrade/contracts';
import { Profile, Task } from '@primetrade/contracts';
import { Client } from '../support/api.js';
import { listen } from '../support/sse.js';
import { addProject, addTask, TASKS } from '../support/tasks.js';
import { newUser, signIn } from '../support/users.js';

/** What the issue promises between two tabs, in milliseconds. */
const PROMISED_MS = 1_000;

const about = (type: ChangeEvent['type']) => (event: ChangeEvent) => event.type === type;

describe('GET /api/v1/events', () => {
  it('shows a change of one device on the other in less than a second', async () => {
    const person = await newUser();
    const other = await signIn(person);
    const live = await listen(other.token!);
    const times: number[] = [];
    for (let n = 0; n < 5; n += 1) {
      const started = performance.now();
      const task = await addTask(person.client, { title: `Live ${n}` });
      await live.next((event) => event.type === 'tasks.changed' && event.ids.includes(task.id));
      times.push(performance.now() - started);
    }
    live.close();
    expect(Math.max(...times)).toBeLessThan(PROMISED_MS);
  });

  it('tells of every kind of change', async () => {
    const { client } = await newUser();
    const live = await listen(client.token!);
    const project = await addProject(client, 'P');
    await live.next(about('projects.changed'));
    await client.expect(201, 'POST', '/api/v1/labels', { json: { name: 'l' } });
    await live.next(about('labels.changed'));
    await client.patch(Profile, '/api/v1/profile', { bio: 'new' });
    await live.next(about('profile.changed'));
    const task = await addTask(client, { title: 't', projectId: project.id });
    const changed = () => live.events.filter(about('tasks.changed')).length;
    const steps = [
      () => client.patch(Task, `${TASKS}/${task.id}`, { status: 'done' }),
      () => client.remove(`${TASKS}/${task.id}`),
      () => client.expect(200, 'POST', `${TASKS}/${task.id}/restore`),
    ];
    for (const step of steps) {
      const before = changed();
      await step();
      await live.next(() => changed() > before);
    }
    live.close();
  });

  it('tells nobody else', async () => {
    const [one, two] = await Promise.all([newUser(), newUser()]);
    const live = await listen(two.client.token!);
    await addTask(one.client, { title: 'secret' });
    // Events come in order, so what came before their own is all there will be.
    const own = await addTask(two.client, { title: 'own' });
    await live.next((event) => event.type === 'tasks.changed' && event.ids.includes(own.id));
    expect(live.events).toEqual([{ type: 'tasks.changed', ids: [own.id] }]);
    live.close();
  });

  it('says nothing of a write that was refused', async () => {
    const { client } = await newUser();
    const live = await listen(client.token!);
    await client.fails('not_found', 'POST', `${TASKS}/bulk`, {
      json: {
        operations: [
          { op: 'create', task: { title: 'rolled back' } },
          { op: 'delete', id: '0190b8a0-0000-7000-8000-000000000000' },
        ],
      },
    });
    const own = await addTask(client, { title: 'own' });
    await live.next((event) => event.type === 'tasks.changed' && event.ids.includes(own.id));
    expect(live.events).toHaveLength(1);
    live.close();
  });

  it('is for who is signed in', async () => {
    await new Client().fails('unauthenticated', 'GET', '/api/v1/events');
  });
});
