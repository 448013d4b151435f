import { existsSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startTestServer } from '@primetrade/testing';
import { until } from '../support/poll.js';
import { primetrade } from '../support/primetrade.js';
import { addTask, listAllTasks } from '../support/tasks.js';
import { totpCode } from '../support/totp.js';
import { newUser, protect, signIn } from '../support/users.js';
import { Writers } from '../support/writers.js';
import { cleanUp, contents, newFolder, ownFaults, startApp } from './with-app.js';

afterEach(cleanUp);

it('a running PrimeTrade is backed up and comes back elsewhere: same people, tasks and factors', async () => {
  const [first, second, outside] = [newFolder(), newFolder(), newFolder()];
  const file = join(outside, 'primetrade.backup');
  const old = await startApp({ dataDir: first });
  const ada = await newUser('Ada', old.url);
  const factor = await protect(ada);
  const ben = await newUser('Ben', old.url);
  await addTask(ben.client, { title: 'Written before' });
  const tasks = await listAllTasks(ben.client);
  const writers = new Writers(ada.client, 'during');
  await until('some writes', () => writers.count('acknowledged') >= 20);

  const backup = await primetrade(['backup', '--from', first, '--to', file, '--json']);
  expect(backup).toMatchObject({ code: 0 });
  const then = writers.count('acknowledged');
  await until('more writes', () => writers.count('acknowledged') > then);
  await writers.stop();
  // Nobody noticed it.
  expect([...writers.wrong, ...ownFaults(first), writers.count('failed')]).toEqual([0]);
  const secret = readFileSync(join(first, 'secret'), 'utf8').trim();
  expect(backup.stderr).toContain(join(first, 'secret'));
  expect(`${backup.stdout}${backup.stderr}`).not.toContain(secret);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(existsSync(`${file}.part`)).toBe(false);
  const { tables } = JSON.parse(backup.stdout) as { tables: { name: string; rows: string }[] };
  const written = Number(tables.find(({ name }) => name === 'tasks.tasks')!.rows);
  expect(written).toBeGreaterThan(20);

  // A folder in use, one without the secret, and one of which nothing was heard.
  const inUse = await primetrade(['restore', file, '--to', first], { AUTH_SECRET: secret });
  expect(inUse.code).toBe(1);
  expect(inUse.stderr).toContain('is in use by another PrimeTrade');
  const without = await primetrade(['restore', file, '--to', second]);
  expect(without.code).toBe(1);
  expect(without.stderr).toContain('run the command with AUTH_SECRET in its environment');

  const env = { AUTH_SECRET: secret };
  const restored = await primetrade(['restore', file, '--to', second, '--json'], env);
  expect(restored).toMatchObject({ code: 0 });
  expect(JSON.parse(restored.stdout)).toMatchObject({ tables, secret: 'fits' });
  expect((await old.stop()).result).toBe(0);

  const next = await startApp({ dataDir: second });
  const benThere = await signIn(ben, undefined, next.url);
  expect(await listAllTasks(benThere)).toEqual(tasks);
  const adaThere = await signIn(ada, totpCode(factor), next.url);
  const titles = (await listAllTasks(adaThere, { limit: 100 })).map(({ title }) => title);
  expect(titles).toHaveLength(written - 1);
  const acknowledged = new Set(
    writers.log.filter(({ outcome }) => outcome === 'acknowledged').map(({ title }) => title),
  );
  expect(titles.filter((title) => !acknowledged.has(title))).toEqual([]);
  await addTask(adaThere, { title: 'Goes on' });
  expect((await next.stop()).result).toBe(0);
}, 300_000);

it('a stopped one is backed up with its secret, and goes to a server that is then backed up', async () => {
  const [dataDir, outside, home] = [newFolder(), newFolder(), newFolder()];
  const [file, second] = [join(outside, 'a'), join(outside, 'b')];
  const app = await startApp({ dataDir });
  const ada = await newUser('Ada', app.url);
  await addTask(ada.client, { title: 'Stays' });
  const tasks = await listAllTasks(ada.client);
  expect((await app.stop()).result).toBe(0);
  const backup = await primetrade(['backup', '--from', dataDir, '--to', file, '--with-secret']);
  expect(backup).toMatchObject({ code: 0, stdout: expect.stringContaining(`${file} is whole: `) });
  expect(backup.stderr).toContain('THE ARCHIVE HOLDS THE SECRET OF THE ACCOUNTS');

  const server = await startTestServer();
  try {
    const there = await primetrade(['restore', file, '--to', server.url]);
    expect(there).toMatchObject({ code: 0 });
    expect(there.stderr).toContain('the AUTH_SECRET that the archive holds');
    const again = await primetrade(['backup', '--from', server.url, '--to', second]);
    expect(again).toMatchObject({ code: 0 });
    const full = await primetrade(['restore', file, '--to', server.url]);
    expect(full.code).toBe(1);
    expect(full.stderr).toMatch(
      /There is data at \S+ already \(auth\.\w+ has rows\): name an empty/,
    );
  } finally {
    await server.stop();
  }

  const secret = readFileSync(join(dataDir, 'secret'), 'utf8').trim();
  const env = { AUTH_SECRET: secret };
  expect(await primetrade(['restore', second, '--to', home], env)).toMatchObject({ code: 0 });
  const next = await startApp({ dataDir: home });
  expect(await listAllTasks(await signIn(ada, undefined, next.url))).toEqual(tasks);
  expect((await next.stop()).result).toBe(0);
}, 300_000);

it('a file is written whole or not at all, never over another one, and checked without a database', async () => {
  const [dataDir, outside, untouched] = [newFolder(), newFolder(), newFolder()];
  const file = join(outside, 'archive');
  const app = await startApp({ dataDir });
  await addTask((await newUser('Ada', app.url)).client, { title: 'A task' });
  writeFileSync(file, 'something else');
  const args = ['backup', '--from', dataDir, '--to', file];
  const refused = await primetrade(args);
  expect(refused).toMatchObject({ code: 1 });
  expect(refused.stderr).toContain('is there already: choose another name, or --force');
  expect(readFileSync(file, 'utf8')).toBe('something else');
  expect(await primetrade([...args, '--force'])).toMatchObject({ code: 0 });
  expect(await primetrade(['backup', '--verify', file])).toMatchObject({ code: 0 });

  truncateSync(file, statSync(file).size - 100);
  const verified = await primetrade(['backup', '--verify', file]);
  expect(verified).toMatchObject({ code: 1, stdout: '' });
  expect(verified.stderr).toContain('The archive is incomplete, since its end is missing');
  // Before anything is made at the target.
  rmSync(untouched, { recursive: true });
  expect(await primetrade(['restore', file, '--to', untouched])).toMatchObject({ code: 1 });
  expect(existsSync(untouched)).toBe(false);

  const failed = await primetrade(['backup', '--from', outside, '--to', join(outside, 'b')]);
  expect(failed.code).toBe(1);
  expect(failed.stderr).toContain('There is no PrimeTrade database in the data folder');
  expect(contents(outside)).toEqual([expect.stringMatching(/^archive /)]);
  expect((await app.stop()).result).toBe(0);
}, 240_000);
