import { Client } from '../support/api.js';
import { until } from '../support/poll.js';
import { newUser } from '../support/users.js';
import { Writers } from '../support/writers.js';
import { cleanUp, newFolder, ownFaults, startApp } from './with-app.js';

/** How long writes may stay away, in milliseconds. */
const BACK_WITHIN_MS = 30_000;

afterEach(cleanUp);

describe('the database killed under writes', () => {
  it('loses nothing that was acknowledged, doubles nothing, and takes writes again', async () => {
    const dataDir = newFolder();
    const app = await startApp({ dataDir });
    const { client } = await newUser('Ada', app.url);
    const writers = new Writers(client, 'killed');
    const wrong: string[] = [];
    let running = true;
    const probe = new Client(undefined, undefined, app.url);
    const health = (async () => {
      while (running) {
        const { status } = await probe.send('GET', '/health');
        if (status !== 200) wrong.push(`/health answered ${status}`);
      }
    })();

    await until('the first hundred writes', () => writers.count('acknowledged') >= 100);
    process.kill(app.postgresPid, 'SIGKILL');
    const killedAt = performance.now();
    await until('a failed write', () => writers.count('failed') > 0);
    const failedFrom = writers.log.length;
    await until(
      'writes to be back',
      () => writers.count('acknowledged', failedFrom) > 0,
      BACK_WITHIN_MS,
    );
    await until('many more', () => writers.count('acknowledged', failedFrom) >= 200);
    running = false;
    await Promise.all([writers.stop(), health]);
    // Connections that the kill had not reached yet may have finished a write after the first failure.
    const backAfter = writers.backAfter(killedAt);

    process.stdout.write(
      `database killed: writes back after ${Math.round(backAfter)} ms; ${writers.count('acknowledged')} acknowledged, ${writers.count('failed')} failed, ${writers.count('unknown')} unknown\n`,
    );
    expect(backAfter).toBeLessThan(BACK_WITHIN_MS);
    // One process holds the connection to the client: it never has to leave an answer open.
    expect(writers.count('unknown')).toBe(0);
    expect([...writers.wrong, ...wrong, ...ownFaults(dataDir)]).toEqual([]);
    expect(await writers.settle()).toEqual({ lost: [], doubled: [] });
    expect((await app.stop()).result).toBe(0);
  }, 120_000);
});
