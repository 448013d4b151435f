import { randomUUID } from 'node:crypto';
import { Task } from '@primetrade/contracts';
import { Client, problemOf } from '../support/api.js';
import { until } from '../support/poll.js';
import { listAllTasks, TASKS } from '../support/tasks.js';
import { newUser } from '../support/users.js';
import { cleanUp, newFolder, ownFaults, startApp } from './with-app.js';

/** How long writes may stay away, in milliseconds. */
const BACK_WITHIN_MS = 30_000;
const WRITERS = 4;

interface Write {
  title: string;
  key: string;
  outcome: 'acknowledged' | 'failed' | 'unknown';
  /** When the outcome was known, in milliseconds. */
  at: number;
}

afterEach(cleanUp);

describe('the database killed under writes', () => {
  it('loses nothing that was acknowledged, doubles nothing, and takes writes again', async () => {
    const dataDir = newFolder();
    const app = await startApp({ dataDir });
    const { client } = await newUser('Ada', app.url);
    const log: Write[] = [];
    const wrong: string[] = [];
    let running = true;

    const attempt = async (write: Pick<Write, 'title' | 'key'>): Promise<Write['outcome']> => {
      try {
        const reply = await client.send('POST', TASKS, {
          json: { title: write.title },
          headers: { 'idempotency-key': write.key },
        });
        if (reply.status === 201) return 'acknowledged';
        const { code } = problemOf(reply);
        if (reply.status !== 503) wrong.push(`a write answered ${reply.status} ${code}`);
        if (!(Number(reply.headers.get('retry-after')) > 0))
          wrong.push(`${code} without Retry-After`);
        return 'failed';
      } catch (error) {
        wrong.push(String(error));
        return 'unknown';
      }
    };
    const writers = Array.from({ length: WRITERS }, async () => {
      while (running) {
        const write = { title: `Row ${log.length} ${randomUUID()}`, key: randomUUID() };
        const outcome = await attempt(write);
        log.push({ ...write, outcome, at: performance.now() });
      }
    });
    const probe = new Client(undefined, undefined, app.url);
    const health = (async () => {
      while (running) {
        const { status } = await probe.send('GET', '/health');
        if (status !== 200) wrong.push(`/health answered ${status}`);
      }
    })();

    const count = (outcome: Write['outcome'], from = 0) =>
      log.slice(from).filter((write) => write.outcome === outcome).length;
    await until('the first hundred writes', () => count('acknowledged') >= 100);
    process.kill(app.postgresPid, 'SIGKILL');
    const killedAt = performance.now();
    await until('a failed write', () => count('failed') > 0);
    const failedFrom = log.length;
    await until('writes to be back', () => count('acknowledged', failedFrom) > 0, BACK_WITHIN_MS);
    await until('many more', () => count('acknowledged', failedFrom) >= 200);
    running = false;
    await Promise.all([...writers, health]);
    // Connections that the kill had not reached yet may have finished a write after the first failure.
    const lastFailure = log.findLastIndex(({ outcome }) => outcome !== 'acknowledged');
    const backAfter = log[lastFailure + 1]!.at - killedAt;

    process.stdout.write(
      `database killed: writes back after ${Math.round(backAfter)} ms; ${count('acknowledged')} acknowledged, ${count('failed')} failed, ${count('unknown')} unknown\n`,
    );
    expect(backAfter).toBeLessThan(BACK_WITHIN_MS);
    expect([...wrong, ...ownFaults(dataDir)]).toEqual([]);
    // Whoever got no good answer asks again with the same key.
    for (const write of log.filter(({ outcome }) => outcome !== 'acknowledged')) {
      await client.post(
        Task,
        TASKS,
        { title: write.title },
        {
          headers: { 'idempotency-key': write.key },
        },
      );
    }
    const titles = (await listAllTasks(client, { limit: 100 })).map(({ title }) => title);
    expect(titles.sort()).toEqual(log.map(({ title }) => title).sort());
    expect((await app.stop()).result).toBe(0);
  }, 120_000);
});
