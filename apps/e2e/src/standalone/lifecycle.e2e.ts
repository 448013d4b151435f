import { once } from 'node:events';
import { Client } from '../support/api.js';
import { until, within } from '../support/poll.js';
import { openSocket, requestBytes } from '../support/raw-http.js';
import { leftOver } from '../support/running-app.js';
import { listen } from '../support/sse.js';
import { addTask, listAllTasks, listTasks, TASKS } from '../support/tasks.js';
import { newUser, signIn } from '../support/users.js';
import { cleanUp, launchApp, newFolder, startApp } from './with-app.js';

afterEach(cleanUp);

describe('a start after the first', () => {
  it('finds every row, every session and every signing key', async () => {
    const dataDir = newFolder();
    const first = await startApp({ dataDir });
    const person = await newUser('Ada', first.url);
    const task = await addTask(person.client, { title: 'Survives' });
    expect((await first.stop()).result).toBe(0);
    const second = await startApp({ dataDir, env: { PORT: String(first.port) } });
    expect((await listTasks(person.client)).items).toEqual([task]);
    await signIn(person, undefined, second.url);
  }, 90_000);
});

describe('Ctrl-C', () => {
  it('ends everything in seconds with 0, although connections are open', async () => {
    const app = await startApp({ dataDir: newFolder() });
    const { client } = await newUser('Ada', app.url);
    const live = await listen(client.token!, app.url);
    const { result, left } = await within('the end', 20_000, app.stop('SIGINT'));
    expect(result).toBe(0);
    expect(left).toEqual([]);
    await within('the end of the connection', 5_000, live.ended);
  }, 60_000);

  it('during the start ends everything too', async () => {
    const app = await launchApp({ dataDir: newFolder() });
    await until('the first sign of life', () => app.output.includes('Starting PrimeTrade'));
    expect(await app.stop('SIGINT')).toEqual({ result: 0, left: [] });
  }, 60_000);
});

describe('SIGTERM', () => {
  it('lets a request in flight finish, while /ready already says no', async () => {
    const app = await startApp({ dataDir: newFolder(), env: { SHUTDOWN_DRAIN_MS: '2000' } });
    const { client } = await newUser('Ada', app.url);
    const socket = await openSocket(app.url);
    const request = requestBytes(
      'POST',
      TASKS,
      { authorization: `Bearer ${client.token}` },
      { title: 'In flight' },
    );
    socket.write(request.slice(0, -5));
    const probe = new Client(undefined, undefined, app.url);
    // The request is on its way: the server has seen its head when it answers a later one.
    await probe.expect(200, 'GET', '/health');
    const stopped = app.stop('SIGTERM');
    await until('/ready to say no', async () => (await probe.send('GET', '/ready')).status === 503);
    await probe.expect(200, 'GET', '/health');
    socket.write(request.slice(-5));
    const [reply] = (await once(socket, 'data')) as [Buffer];
    expect(reply.toString()).toMatch(/^HTTP\/1\.1 201 /);
    socket.destroy();
    expect(await stopped).toEqual({ result: 0, left: [] });
  }, 60_000);
});

describe('kill -9', () => {
  it('keeps every acknowledged row, and leaves nothing that blocks the next start', async () => {
    const dataDir = newFolder();
    const app = await startApp({ dataDir });
    const { client } = await newUser('Ada', app.url);
    const acknowledged: string[] = [];
    let asked = 0;
    const writers = Array.from({ length: 4 }, async () => {
      for (;;) {
        const title = `Row ${asked++}`;
        try {
          await addTask(client, { title });
        } catch {
          return;
        }
        acknowledged.push(title);
      }
    });
    await until('a hundred rows', () => acknowledged.length >= 100);
    const processes = app.processes();
    app.child.kill('SIGKILL');
    await Promise.all(writers);
    await app.ended;
    expect(await leftOver(processes)).toEqual([]);
    await startApp({ dataDir, env: { PORT: String(app.port) } });
    const titles = (await listAllTasks(client, { limit: 100 })).map(({ title }) => title);
    expect(acknowledged.filter((title) => !titles.includes(title))).toEqual([]);
    expect(new Set(titles).size).toBe(titles.length);
  }, 90_000);
});

describe('--demo', () => {
  it('gives an account with a few hundred tasks, and the same ones the second time', async () => {
    const dataDir = newFolder();
    const count = async () => {
      const app = await startApp({ dataDir, args: ['--demo'] });
      const [, email, password] =
        app.output.match(/sign in as (\S+) with the password (\S+)/) ?? [];
      const client = await signIn({ email: email!, password: password! }, undefined, app.url);
      const { length } = await listAllTasks(client, { limit: 100 });
      expect((await app.stop()).result).toBe(0);
      return length;
    };
    const first = await count();
    expect(first).toBeGreaterThanOrEqual(200);
    expect(await count()).toBe(first);
  }, 90_000);
});
