import { randomUUID } from 'node:crypto';
import { Task } from '@primetrade/contracts';
import { until } from '../support/poll.js';
import { addTask, TASKS } from '../support/tasks.js';
import { newUser, type Person } from '../support/users.js';
import { cleanUp, describeServices, install, type Installation } from './with-services.js';

let installation: Installation;
let ada: Person;

beforeAll(async () => {
  // Two processes: what one writes, the other is asked for.
  installation = await install({ replica: true, processes: { tasks: 2, gateway: 2 } });
  ada = await newUser('Ada', installation.fleet.url);
}, 60_000);
afterAll(cleanUp);

/** Writes and looks for it at once, many times; @returns how often it was not there */
async function missesOf(person: Person, times: number): Promise<number> {
  let misses = 0;
  for (let n = 0; n < times; n += 1) {
    const title = `own ${randomUUID()}`;
    const task = await addTask(person.client, { title });
    const one = await person.client.send('GET', `${TASKS}/${task.id}`);
    const page = await person.client.send('GET', `${TASKS}?limit=5`);
    const searched = await person.client.send('GET', `${TASKS}?q=${title.slice(4)}`);
    for (const reply of [one, page, searched]) {
      expect(reply.headers.get('primetrade-stale')).toBeNull();
      if (!reply.text.includes(title)) misses += 1;
    }
    const changed = await person.client.patch(Task, `${TASKS}/${task.id}`, { status: 'done' });
    const again = await person.client.get(Task, `${TASKS}/${task.id}`);
    if (again.version !== changed.version) misses += 1;
  }
  return misses;
}

const readsFrom = async (target: string) => {
  const each = installation.fleet.services.tasks.map((service) =>
    service.metric('db_reads_total', { target }),
  );
  return (await Promise.all(each)).reduce((sum, one) => sum + one, 0);
};

/** Somebody who has not written for a while reads what no cache holds. */
const idleRead = async (person: Person) => {
  const reply = await person.client.expect(200, 'GET', `${TASKS}?q=${randomUUID().slice(0, 8)}`);
  expect(reply.headers.get('primetrade-stale')).toBeNull();
};

describeServices('a read replica', () => {
  it('takes reads once it has what their reader wrote', async () => {
    const before = await readsFrom('replica');
    await until('a read from the replica', async () => {
      await idleRead(ada);
      return (await readsFrom('replica')) > before;
    });
  });

  it('never hides an own write, however far it is behind', async () => {
    expect(await missesOf(ada, 50)).toBe(0);
    await installation.replica.pauseReplay();
    expect(await missesOf(ada, 50)).toBe(0);
    await installation.replica.resumeReplay();
    expect(await missesOf(ada, 50)).toBe(0);
  }, 60_000);

  it('that dies is not noticed, and is used again when it is back', async () => {
    await installation.replica.kill();
    expect(await missesOf(ada, 20)).toBe(0);
    for (let n = 0; n < 50; n += 1) await idleRead(ada);
    await installation.replica.start();
    const before = await readsFrom('replica');
    await until(
      'a read from the replica',
      async () => {
        await idleRead(ada);
        return (await readsFrom('replica')) > before;
      },
      30_000,
    );
  }, 60_000);
});
