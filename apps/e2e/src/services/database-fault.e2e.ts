import { randomUUID } from 'node:crypto';
import { Task } from '@primetrade/contracts';
import pg from 'pg';
import { Client, problemOf } from '../support/api.js';
import { until } from '../support/poll.js';
import { addTask, listAllTasks, listTasks, TASKS } from '../support/tasks.js';
import { newUser } from '../support/users.js';
import { Writers } from '../support/writers.js';
import { cleanUp, describeServices, install, type Installation } from './with-services.js';

/** How long writes may stay away, in milliseconds. */
const BACK_WITHIN_MS = 30_000;

afterEach(cleanUp);

/** Asks every service for its liveness until `stop`; @returns what was not 200 or took too long */
function watchHealth({ fleet }: Installation) {
  let running = true;
  let slowest = 0;
  const wrong: string[] = [];
  const watching = fleet.all.map(async (service) => {
    while (running) {
      const started = performance.now();
      const status = await service.status('/health');
      slowest = Math.max(slowest, performance.now() - started);
      if (status !== 200) wrong.push(`/health of ${service.kind} answered ${status}`);
      await new Promise((resolve) => setImmediate(resolve));
    }
  });
  return async () => {
    running = false;
    await Promise.all(watching);
    return { wrong, slowest };
  };
}

describeServices('the primary database', () => {
  it('killed: writes wait for it, reads come from the replica and say so, nothing is lost', async () => {
    const installation = await install({ replica: true });
    const { fleet, primary, replica } = installation;
    const { client } = await newUser('Ada', fleet.url);
    const reader = await newUser('Ben', fleet.url);
    await addTask(reader.client, { title: 'read me' });
    await replica.catchUp();
    const health = watchHealth(installation);
    const writers = new Writers(client, 'killed');
    await until('the first hundred writes', () => writers.count('acknowledged') >= 100);

    await primary.kill();
    const killedAt = performance.now();
    await until('a failed write', () => writers.count('acknowledged') < writers.log.length);
    // A list that no cache holds, so that it comes from a database.
    const stale = await until('a read from the replica', async () => {
      const reply = await reader.client.send('GET', `${TASKS}?q=${randomUUID().slice(0, 8)}`);
      return reply.headers.get('primetrade-stale') === 'true' ? reply : undefined;
    });
    expect(stale.status).toBe(200);
    const found = await reader.client.send('GET', `${TASKS}?q=read`);
    expect([found.status, found.text]).toEqual([200, expect.stringContaining('read me')]);
    const failedFrom = writers.log.length;

    await primary.start();
    await until(
      'writes to be back',
      () => writers.count('acknowledged', failedFrom) > 0,
      BACK_WITHIN_MS,
    );
    await until('many more', () => writers.count('acknowledged', failedFrom) >= 100);
    await writers.stop();
    const backAfter = writers.backAfter(killedAt);
    process.stdout.write(
      `primary killed and back: writes again after ${Math.round(backAfter)} ms; ${writers.count('acknowledged')} acknowledged, ${writers.count('failed')} failed, ${writers.count('unknown')} unknown\n`,
    );
    expect((await health()).wrong).toEqual([]);
    expect(backAfter).toBeLessThan(BACK_WITHIN_MS);
    expect(writers.wrong).toEqual([]);
    expect(await writers.settle()).toEqual({ lost: [], doubled: [] });
    const fresh = await reader.client.send('GET', `${TASKS}?q=${randomUUID().slice(0, 8)}`);
    expect(fresh.headers.get('primetrade-stale')).toBeNull();
    expect(await fleet.stop()).toEqual([]);
  }, 120_000);

  it('slow by two seconds: answers are late, never wrong, and liveness does not notice', async () => {
    const installation = await install({ fragile: true });
    const { fleet, toPrimary } = installation;
    const { client } = await newUser('Ada', fleet.url);
    await addTask(client, { title: 'before' });
    const health = watchHealth(installation);
    toPrimary.delayMs = 2_000;
    const replies = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        client.send('POST', TASKS, {
          json: { title: `slow ${n}` },
          headers: { 'idempotency-key': `slow-${n}` },
        }),
      ),
    );
    for (const reply of replies) {
      // In time, or a refusal that says so; nothing hangs for ever.
      if (reply.status !== 201) expect([503, 504]).toContain(problemOf(reply).status);
    }
    toPrimary.delayMs = 0;
    toPrimary.drop();
    const { wrong, slowest } = await health();
    process.stdout.write(`slow database: slowest /health ${Math.round(slowest)} ms\n`);
    expect(wrong).toEqual([]);
    await until('writes again', async () => {
      const reply = await client.send('POST', TASKS, { json: { title: 'after' } });
      return reply.status === 201;
    });
    for (let n = 0; n < 10; n += 1) {
      await client.post(
        Task,
        TASKS,
        { title: `slow ${n}` },
        { headers: { 'idempotency-key': `slow-${n}` } },
      );
    }
    const titles = (await listAllTasks(client)).map(({ title }) => title);
    expect(titles.filter((title) => title.startsWith('slow')).sort()).toEqual(
      Array.from({ length: 10 }, (_, n) => `slow ${n}`),
    );
  }, 120_000);

  it('swallows the answer to a commit: the same key returns the first result, once', async () => {
    const { fleet, toPrimary } = await install({ fragile: true });
    const { client } = await newUser('Ada', fleet.url);
    const key = randomUUID();
    await addTask(client, { title: 'warm' });
    toPrimary.swallowAnswers = true;
    const lost = await client.send('POST', TASKS, {
      json: { title: 'only once' },
      headers: { 'idempotency-key': key },
    });
    expect([503, 504]).toContain(lost.status);
    toPrimary.swallowAnswers = false;
    toPrimary.drop();
    const repeated = await until('the repeat', async () => {
      const again = await client.send('POST', TASKS, {
        json: { title: 'only once' },
        headers: { 'idempotency-key': key },
      });
      return again.status === 201 ? again : undefined;
    });
    expect(Task.parse(JSON.parse(repeated.text)).title).toBe('only once');
    const { items } = await listTasks(client, { q: 'once' });
    expect(items).toHaveLength(1);
  }, 60_000);

  it('whose connections are all taken: a bounded wait, then a refusal; then all is well', async () => {
    const { fleet, primary } = await install({ envOf: { tasks: { DATABASE_POOL_MAX: '2' } } });
    const { client } = await newUser('Ada', fleet.url);
    const { id } = await addTask(client, { title: 'locked' });
    const blocker = new pg.Client({ connectionString: primary.url });
    await blocker.connect();
    await blocker.query('BEGIN');
    await blocker.query('SELECT 1 FROM tasks.tasks WHERE id = $1 FOR UPDATE', [id]);
    const tasks = fleet.services.tasks[0]!;
    const before = tasks.process.residentBytes;
    const replies = await Promise.all(
      Array.from({ length: 300 }, (_, n) =>
        client.send('PATCH', `${TASKS}/${id}`, { json: { title: `changed ${n}` } }),
      ),
    );
    const grown = (tasks.process.residentBytes - before) / 1024 / 1024;
    const refused = replies.filter(({ status }) => status !== 200);
    expect(refused.length).toBeGreaterThan(0);
    for (const reply of refused) expect([503, 504]).toContain(problemOf(reply).status);
    expect(await tasks.status('/health')).toBe(200);
    expect(grown).toBeLessThan(64);
    await blocker.query('ROLLBACK');
    await blocker.end();
    await until('the next change', async () => {
      const reply = await client.send('PATCH', `${TASKS}/${id}`, { json: { title: 'done' } });
      return reply.status === 200;
    });
  }, 120_000);
});

describeServices('a herd on an expired key', () => {
  it('asks the database at most once a key and process', async () => {
    // All of them at once are more than the gateway passes on at a time, which is not the matter here.
    const env = { GATEWAY_MAX_IN_FLIGHT: '2000' };
    const { fleet, redis } = await install({ processes: { tasks: 2 }, env });
    const { client } = await newUser('Ada', fleet.url);
    await addTask(client, { title: 'popular' });
    await listTasks(client);
    // Every cached page is gone at once.
    await redis.command('FLUSHALL');
    const queries = () =>
      Promise.all(
        fleet.services.tasks.flatMap((service) =>
          ['user:*:tasks', 'session:*'].map((keys) =>
            service.metric('cache_requests_total', { keys, result: 'miss' }),
          ),
        ),
      );
    const before = await queries();
    const anna = new Client(client.token, undefined, fleet.url);
    const replies = await Promise.all(Array.from({ length: 1_000 }, () => anna.send('GET', TASKS)));
    expect([...new Set(replies.map(({ status }) => status))]).toEqual([200]);
    const asked = (await queries()).map((count, n) => count - before[n]!);
    expect(Math.max(...asked)).toBe(1);
  }, 60_000);
});
