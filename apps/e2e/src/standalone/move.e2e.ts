import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Task } from '@primetrade/contracts';
import { startTestServer, type TestServer } from '@primetrade/testing';
import { TcpProxy } from '@primetrade/testing/fleet';
import { Client } from '../support/api.js';
import { Move, moved } from '../support/move.js';
import { until } from '../support/poll.js';
import { addTask, listAllTasks, TASKS } from '../support/tasks.js';
import { totpCode } from '../support/totp.js';
import { newUser, protect, signIn } from '../support/users.js';
import { Writers } from '../support/writers.js';
import { cleanUp, complaint, launchApp, newFolder, ownFaults, startApp } from './with-app.js';

let servers: { stop(): Promise<unknown> }[] = [];

afterEach(async () => {
  await cleanUp();
  for (const server of servers) await server.stop();
  servers = [];
});

/** A PostgreSQL that holds nothing yet. */
async function newServer(): Promise<TestServer> {
  const server = await startTestServer();
  servers.push(server);
  return server;
}

async function titlesOf(client: Client): Promise<string[]> {
  return (await listAllTasks(client, { limit: 100 })).map(({ title }) => title).sort();
}

it('a running PrimeTrade moves to a server and back: same people, tasks and sessions', async () => {
  const [first, second, third] = [newFolder(), newFolder(), newFolder()];
  const old = await startApp({ dataDir: first, args: ['--demo'] });
  const [, email, password] = old.output.match(/sign in as (\S+) with the password (\S+)/) ?? [];
  const demo = { email: email!, password: password! };
  const demoClient = await signIn(demo, undefined, old.url);
  const tasks = await listAllTasks(demoClient, { limit: 100 });
  expect(tasks.length).toBeGreaterThanOrEqual(200);
  const ada = await newUser('Ada', old.url);
  const factor = await protect(ada);

  const server = await newServer();
  const writers = new Writers(ada.client, 'moved');
  await until('some writes', () => writers.count('acknowledged') >= 50);
  const there = await moved(['--from', first, '--to', server.url]);
  expect(there).toMatchObject({ code: 0 });
  await until('a refused write', () => writers.count('failed') > 0);
  await writers.stop();
  expect([...writers.wrong, ...ownFaults(first)]).toEqual([]);

  // The old place reads on, and refuses.
  expect(await listAllTasks(demoClient, { limit: 100 })).toEqual(tasks);
  const refusal = await ada.client.fails('unavailable', 'POST', TASKS, { json: { title: 'late' } });
  expect(Number(refusal.headers.get('retry-after'))).toBeGreaterThan(0);

  const secret = readFileSync(join(first, 'secret'), 'utf8').trim();
  expect(there.output).toContain(join(first, 'secret'));
  expect(there.output).not.toContain(secret);
  const env = { DATABASE_URL: server.url, AUTH_SECRET: secret };
  const next = await startApp({ dataDir: second, env });
  const demoThere = await signIn(demo, undefined, next.url);
  expect(await listAllTasks(demoThere, { limit: 100 })).toEqual(tasks);
  // Nobody has to sign in anew: tokens and sessions are good at both.
  const adaThere = new Client(ada.client.token, ada.client.cookies, next.url);
  await adaThere.expect(200, 'POST', '/api/v1/auth/refresh');
  await signIn(ada, totpCode(factor), next.url);
  // Repeating what was refused loses nothing and doubles nothing.
  const written = writers.log.map(({ title }) => title).sort();
  const acknowledged = writers.log.filter(({ outcome }) => outcome === 'acknowledged');
  expect(await titlesOf(adaThere)).toEqual(acknowledged.map(({ title }) => title).sort());
  for (const { title, key } of writers.log) {
    const headers = { 'idempotency-key': key };
    await adaThere.post(Task, TASKS, { title }, { headers });
  }
  expect(await titlesOf(adaThere)).toEqual(written);
  expect((await old.stop()).result).toBe(0);
  const again = await launchApp({ dataDir: first });
  expect(await again.ended).toBe(1);
  expect(complaint(again)).toHaveLength(1);
  expect(complaint(again)[0]).toContain('npm run move -- --release');

  const withoutSecret = await moved(['--from', server.url, '--to', third]);
  expect(withoutSecret.code).toBe(1);
  expect(withoutSecret.output).toContain('with AUTH_SECRET in its environment');
  await addTask(adaThere, { title: 'written there' });
  const back = await moved(['--from', server.url, '--to', third], { AUTH_SECRET: secret });
  expect(back).toMatchObject({ code: 0 });
  await adaThere.fails('unavailable', 'POST', TASKS, { json: { title: 'late' } });
  expect((await next.stop()).result).toBe(0);

  const home = await startApp({ dataDir: third });
  const demoHome = await signIn(demo, undefined, home.url);
  expect(await listAllTasks(demoHome, { limit: 100 })).toEqual(tasks);
  const adaHome = await signIn(ada, totpCode(factor, 1), home.url);
  expect(await titlesOf(adaHome)).toEqual([...written, 'written there'].sort());
  await addTask(adaHome, { title: 'written at home' });
  expect((await home.stop()).result).toBe(0);
}, 300_000);

it('a move killed midway leaves the source closed, and the next run moves everything', async () => {
  const dataDir = newFolder();
  const app = await startApp({ dataDir });
  const { client } = await newUser('Ada', app.url);
  const task = await addTask(client, { title: 'Survives' });
  const server = await newServer();
  const proxy = await TcpProxy.listen(server.port);
  const to = server.url.replace(`:${server.port}/`, `:${proxy.port}/`);
  try {
    // So slow that the rest of the move takes seconds, and then nothing at all.
    proxy.delayMs = 50;
    const move: Move = new Move(['--from', dataDir, '--to', to], {}, (all) => {
      if (all.includes('refuses changes from now on')) proxy.swallowAnswers = true;
    });
    await until('the move to begin', () => proxy.swallowAnswers, 60_000);
    move.child.kill('SIGKILL');
    expect(await move.ended).toBe('SIGKILL');
    await client.fails('unavailable', 'POST', TASKS, { json: { title: 'late' } });
    expect(await listAllTasks(client)).toEqual([task]);

    proxy.drop();
    proxy.delayMs = 0;
    proxy.swallowAnswers = false;
    const { code, output } = await moved(['--from', dataDir, '--to', to]);
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(output).toContain('was interrupted and left nothing behind: starting anew.');
    expect(output).toMatch(/tasks\.tasks +1 +1 +([0-9a-f]{16}) +\1 +equal/);
    expect((await app.stop()).result).toBe(0);
  } finally {
    await proxy.close();
  }
}, 180_000);

it('the source of a move that fails, without a PrimeTrade running, is as before', async () => {
  const dataDir = newFolder();
  const app = await startApp({ dataDir });
  const { client } = await newUser('Ada', app.url);
  await addTask(client, { title: 'Stays' });
  expect((await app.stop()).result).toBe(0);
  const { port } = await newServer();
  const { code, output } = await moved([
    ...['--from', dataDir],
    ...['--to', `postgres://me:open-sesame@127.0.0.1:${port}/elsewhere`],
  ]);
  expect(code).toBe(1);
  expect(output).not.toContain('open-sesame');
  const again = await startApp({ dataDir, env: { PORT: String(app.port) } });
  await addTask(client, { title: 'Goes on' });
  expect((await again.stop()).result).toBe(0);
}, 120_000);
