import { randomUUID } from 'node:crypto';
import { Databases, moved, MoveRun, query, standsStill, standStill } from '../testing/move-run.js';
import { endServed, foldersAt, SECRET, Served } from '../testing/served.js';

const databases = new Databases();
afterEach(async () => {
  await endServed();
  await databases.drop();
});

async function oneTask(): Promise<{ source: string; served: Served }> {
  const source = await databases.create();
  const served = await Served.on(source);
  await served.register();
  expect((await served.send('POST', '/tasks', { title: 'first' })).status).toBe(201);
  return { source, served };
}

it('an app on the source reads on and refuses changes, and takes them again after a failure', async () => {
  const { source, served } = await oneTask();
  const target = await databases.create();
  const gate = await standStill(target);
  const run = new MoveRun(['--from', source, '--to', target]);
  await standsStill(target);

  const key = randomUUID();
  expect(await served.titles()).toEqual(['first']);
  await served.refuses('POST', '/tasks', { title: 'meanwhile' }, key);
  await served.refuses('PATCH', '/profile', { bio: 'meanwhile' });
  await served.refuses('POST', '/auth/login', {
    email: 'ada@example.org',
    password: 'a long password of Ada',
  });
  expect((await fetch(`${served.url}/ready`)).status).toBe(200);

  run.stop();
  expect(await run.code).toBe(130);
  await gate.release();
  // The request that was refused goes through, once, when it is repeated.
  for (let n = 0; n < 2; n += 1) {
    const reply = await served.send('POST', '/tasks', { title: 'meanwhile' }, key);
    expect(reply.status).toBe(201);
  }
  expect((await served.titles()).sort()).toEqual(['first', 'meanwhile']);
});

it('after a move the source refuses changes for good, until it is released', async () => {
  const { source, served } = await oneTask();
  const target = await databases.create();
  expect((await moved(['--from', source, '--to', target])).code).toBe(0);
  await served.refuses('POST', '/tasks', { title: 'too late' });
  expect(await served.titles()).toEqual(['first']);

  const other = await Served.on(target, served.token);
  expect(await other.titles()).toEqual(['first']);
  expect((await other.send('POST', '/tasks', { title: 'there' })).status).toBe(201);

  const again = await moved(['--from', source, '--to', await databases.create()]);
  expect(again.code).toBe(1);
  expect(again.complaint).toContain('release it first with --release');
  const { code, output } = await moved(['--release', source]);
  expect(code).toBe(0);
  expect(output).toContain('takes changes again.');
  expect((await served.send('POST', '/tasks', { title: 'here' })).status).toBe(201);
  expect((await moved(['--release', source])).output).toContain('takes changes already.');
});

it('changes that are under way when the move begins count at both ends or at none', async () => {
  const { source, served } = await oneTask();
  const target = await databases.create();
  let isRunning = true;
  const acknowledged: string[] = [];
  const writers = [0, 1, 2].map(async (writer) => {
    for (let n = 0; isRunning; n += 1) {
      const title = `${writer}/${n}`;
      const reply = await served.send('POST', '/tasks', { title });
      if (reply.status === 201) acknowledged.push(title);
      else expect(reply.status).toBe(503);
    }
  });
  while (acknowledged.length < 20) await new Promise((resolve) => setImmediate(resolve));
  expect((await moved(['--from', source, '--to', target])).code).toBe(0);
  isRunning = false;
  await Promise.all(writers);
  const titles = (database: string) =>
    query<{ title: string }>(database, `SELECT title FROM tasks.tasks ORDER BY title`);
  const there = (await titles(target)).map(({ title }) => title);
  expect(acknowledged.filter((title) => !there.includes(title))).toEqual([]);
  expect(await titles(source)).toEqual(await titles(target));
}, 60_000);

describe('AUTH_SECRET', () => {
  it('of the data folder is named and not printed', async () => {
    const { source } = await oneTask();
    const { code, output } = await moved(['--from', '.data', '--to', await databases.create()], {
      folders: foldersAt(source, { secret: SECRET }),
    });
    expect(code).toBe(0);
    expect(output).toContain(`AUTH_SECRET of the old one, from /srv/.data/secret.`);
    expect(output).not.toContain(SECRET);
  });

  it('that is not the one of the keys is not named', async () => {
    const { source } = await oneTask();
    const { output } = await moved(['--from', '.data', '--to', await databases.create()], {
      folders: foldersAt(source, { secret: `not ${SECRET}` }),
    });
    expect(output).toContain('the AUTH_SECRET of the old one, from where the old one has it');
  });

  it('goes into a data folder, and only the right one does', async () => {
    const { source } = await oneTask();
    const target = await databases.create();
    const stored: { secret?: string } = {};
    const run = (env: NodeJS.ProcessEnv) =>
      moved(['--from', source, '--to', '.data'], { env, folders: foldersAt(target, stored) });
    expect(await run({})).toMatchObject({
      code: 1,
      complaint: expect.stringContaining('run the command with AUTH_SECRET in its environment'),
    });
    expect(await run({ AUTH_SECRET: `not ${SECRET}` })).toMatchObject({
      code: 1,
      complaint: expect.stringContaining('AUTH_SECRET is not the one'),
    });
    expect(stored.secret).toBeUndefined();
    const { code, output } = await run({ AUTH_SECRET: SECRET });
    expect(code).toBe(0);
    expect(stored.secret).toBe(SECRET);
    expect(output).not.toContain(SECRET);
  });
});
