import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { Client } from '../support/api.js';
import { until } from '../support/poll.js';
import { freePort, type RunningApp } from '../support/running-app.js';
import { addTask, TASKS } from '../support/tasks.js';
import { newUser, type Person } from '../support/users.js';
import { cleanUp, newFolder, startApp } from './with-app.js';

const REDIS = ['valkey-server', 'redis-server'].find(
  (name) => spawnSync(name, ['--version']).status === 0,
);
if (REDIS === undefined) {
  process.stderr.write('skipped: faults of Redis (install redis-server or valkey-server)\n');
}

let server: ChildProcess | undefined;

async function startRedis(port: number): Promise<ChildProcess> {
  server = spawn(
    REDIS!,
    ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
    { stdio: 'ignore' },
  );
  await until('Redis', async () => (await command(port, 'PING')).startsWith('+PONG'));
  return server;
}

/** One command to Redis; @returns its answer, or nothing when there is none */
async function command(port: number, line: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    socket.write(`${line}\r\n`);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    return answer.toString();
  } catch {
    return '';
  } finally {
    socket.destroy();
  }
}

afterEach(async () => {
  await cleanUp();
  if (server !== undefined && server.exitCode === null && server.signalCode === null) {
    server.kill('SIGKILL');
    await once(server, 'exit');
  }
  server = undefined;
});

/** What a person does all day; @returns whatever did not go well */
async function aDay(app: RunningApp, person: Person): Promise<string[]> {
  const complaints: string[] = [];
  const note = (what: string, status: number) => {
    if (status >= 400) complaints.push(`${what}: ${status}`);
  };
  for (let n = 0; n < 20; n += 1) {
    note('profile', (await person.client.send('GET', '/api/v1/profile')).status);
    note('list', (await person.client.send('GET', TASKS)).status);
    const bio = await person.client.send('PATCH', '/api/v1/profile', { json: { bio: `${n}` } });
    note('edit', bio.status);
    const seen = await person.client.send('GET', '/api/v1/profile');
    if (!seen.text.includes(`"bio":"${n}"`)) complaints.push('an own write was not seen');
    note('add', (await person.client.send('POST', TASKS, { json: { title: `${n}` } })).status);
  }
  note('refresh', (await person.client.send('POST', '/api/v1/auth/refresh')).status);
  const visitor = new Client(undefined, undefined, app.url);
  note('health', (await visitor.send('GET', '/health')).status);
  return complaints;
}

(REDIS === undefined ? describe.skip : describe)('Redis', () => {
  it('hung, killed and back again means slower, never wrong', async () => {
    const port = await freePort();
    const redis = await startRedis(port);
    const app = await startApp({
      dataDir: newFolder(),
      env: { REDIS_URL: `redis://127.0.0.1:${port}` },
    });
    const person = await newUser('Ada', app.url);
    expect(await aDay(app, person)).toEqual([]);
    expect(await command(port, 'DBSIZE')).not.toBe(':0\r\n');

    redis.kill('SIGSTOP');
    expect(await aDay(app, person)).toEqual([]);
    redis.kill('SIGCONT');
    expect(await aDay(app, person)).toEqual([]);

    redis.kill('SIGKILL');
    await once(redis, 'exit');
    expect(await aDay(app, person)).toEqual([]);
    await newUser('Signs up meanwhile', app.url);

    await startRedis(port);
    expect(await aDay(app, person)).toEqual([]);
    expect((await app.stop()).result).toBe(0);
  }, 120_000);

  it('that is away does not keep PrimeTrade from starting', async () => {
    const app = await startApp({
      dataDir: newFolder(),
      env: { REDIS_URL: `redis://127.0.0.1:${await freePort()}` },
    });
    expect(await aDay(app, await newUser('Ada', app.url))).toEqual([]);
  }, 60_000);

  it('flushed opens nothing that was closed, and closes nothing', async () => {
    const port = await freePort();
    await startRedis(port);
    const app = await startApp({
      dataDir: newFolder(),
      env: { REDIS_URL: `redis://127.0.0.1:${port}` },
    });
    const [leaves, stays] = [await newUser('Leaves', app.url), await newUser('Stays', app.url)];
    await addTask(stays.client, { title: 'kept' });
    await leaves.client.expect(200, 'GET', '/api/v1/profile');
    const copy = new Client(leaves.client.token, undefined, app.url);
    await leaves.client.expect(204, 'POST', '/api/v1/auth/logout');
    await copy.fails('unauthenticated', 'GET', '/api/v1/profile');
    expect(await command(port, 'FLUSHALL')).toBe('+OK\r\n');
    await copy.fails('unauthenticated', 'GET', '/api/v1/profile');
    await stays.client.expect(200, 'POST', '/api/v1/auth/refresh');
    await stays.client.expect(200, 'GET', TASKS);
  }, 60_000);
});
