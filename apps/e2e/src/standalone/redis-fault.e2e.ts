import { RedisServer } from '@primetrade/testing/fleet';
import { aDay } from '../support/day.js';
import { expectFlushHarmless, expectSlowerNeverWrong } from '../support/redis-faults.js';
import { newUser } from '../support/users.js';
import { cleanUp, newFolder, startApp } from './with-app.js';

/** Whether global-setup.mjs has found a Redis on this machine. */
const hasRedis = process.env['E2E_REDIS'] !== undefined;

let redis: RedisServer;

beforeEach(async () => {
  redis = await RedisServer.create();
});
afterEach(async () => {
  await cleanUp();
  await redis.process.stop('SIGKILL');
});

const start = () => startApp({ dataDir: newFolder(), env: { REDIS_URL: redis.url } });

(hasRedis ? describe : describe.skip)('Redis', () => {
  it('hung, killed and back again means slower, never wrong', async () => {
    await redis.start();
    const app = await start();
    await expectSlowerNeverWrong(app.url, redis);
    expect((await app.stop()).result).toBe(0);
  }, 120_000);

  it('that is away does not keep PrimeTrade from starting', async () => {
    const app = await start();
    expect((await aDay(app.url, await newUser('Ada', app.url))).complaints).toEqual([]);
  }, 60_000);

  it('flushed opens nothing that was closed, and closes nothing', async () => {
    await redis.start();
    await expectFlushHarmless((await start()).url, redis);
  }, 60_000);
});
