import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { Client } from '../support/api.js';
import { until } from '../support/poll.js';
import { freePort, type RunningApp } from '../support/running-app.js';
import { addTask, TASKS } from '../support/tasks.js';
import { newUser, type Person } from '../support/users.js';
import { cleanUp, newFolder, startApp } from './with-app.js';

/** The server program that global-setup.mjs has found. */
const REDIS = process.env['E2E_REDIS'];

/** What a busy machine adds to a few milliseconds. */
const NOISE_MS = 50;

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

/** What a person does all day. */
async function aDay(app: RunningApp, person: Person) {
  const complaints: string[] = [];
  const times: number[] = [];
  const send = async (client: Client, ...request: Parameters<Client['send']>) => {
    const started = performance.now();
    const reply = await client.send(...request);
    times.push(performance.now() - started);
    const [method, path] = request;
    if (reply.status >= 400) complaints.push(`${method} ${path} answered ${reply.status}`);
    return reply;
  };
  const { client } = person;
  for (let n = 0; n < 20; n += 1) {
    await send(client, 'GET', '/api/v1/profile');
    await send(client, 'GET', TASKS);
    await send(client, 'PATCH', '/api/v1/profile', { json: { bio: `${n}` } });
    const seen = await send(client, 'GET', '/api/v1/profile');
    if (!seen.text.includes(`"bio":"${n}"`)) complaints.push('an own write was not seen');
    await send(client, 'POST', TASKS, { json: { title: `${n}` } });
  }
  await send(client, 'POST', '/api/v1/auth/refresh');
  await send(new Client(undefined, undefined, app.url), 'GET', '/health');
  times.sort((a, b) => a - b);
  return { complaints, p95: times[Math.floor(times.length * 0.95)]! };
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
    const p95: Record<string, number> = {};
    const goesWell = async (when: string) => {
      const day = await aDay(app, person);
      expect(day.complaints).toEqual([]);
      p95[when] = Math.round(day.p95);
    };
    await goesWell('up');
    expect(await command(port, 'DBSIZE')).not.toBe(':0\r\n');

    redis.kill('SIGSTOP');
    await goesWell('hung');
    redis.kill('SIGCONT');
    await goesWell('going on');

    redis.kill('SIGKILL');
    await once(redis, 'exit');
    await goesWell('killed');
    await newUser('Signs up meanwhile', app.url);

    await startRedis(port);
    await goesWell('up again');
    process.stdout.write(`p95 by the state of Redis, in ms: ${JSON.stringify(p95)}\n`);
    for (const when of ['hung', 'killed']) {
      expect(p95[when]).toBeLessThan(3 * p95['up']! + NOISE_MS);
    }
    expect((await app.stop()).result).toBe(0);
  }, 120_000);

  it('that is away does not keep PrimeTrade from starting', async () => {
    const app = await startApp({
      dataDir: newFolder(),
      env: { REDIS_URL: `redis://127.0.0.1:${await freePort()}` },
    });
    expect((await aDay(app, await newUser('Ada', app.url))).complaints).toEqual([]);
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
