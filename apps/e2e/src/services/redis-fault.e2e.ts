import { Client } from '../support/api.js';
import { aDay } from '../support/day.js';
import { expectFlushHarmless, expectSlowerNeverWrong } from '../support/redis-faults.js';
import { newUser } from '../support/users.js';
import { cleanUp, describeServices, install } from './with-services.js';

/** Two of each, so that what one process knows the other has to learn. */
const TWO = { auth: 2, tasks: 2, profile: 2, gateway: 2 } as const;

afterEach(cleanUp);

describeServices('Redis between services', () => {
  it('hung, killed and back again means slower, never wrong', async () => {
    const { fleet, redis } = await install({ processes: TWO });
    await expectSlowerNeverWrong(fleet.url, redis);
    expect(await fleet.stop()).toEqual([]);
  }, 180_000);

  it('flushed opens nothing that was closed, and closes nothing', async () => {
    const { fleet, redis } = await install({ processes: TWO });
    await expectFlushHarmless(fleet.url, redis);
  }, 60_000);

  it('that is away does not keep a service from being ready, nor the limits from counting', async () => {
    const { fleet, redis } = await install({
      envOf: { gateway: { RATE_LIMIT_ANONYMOUS: '20' } },
    });
    await redis.process.stop('SIGKILL');
    for (const service of fleet.all) {
      await service.process.stop();
      await service.start();
    }
    await newUser('Ada', fleet.url);
    const stranger = new Client(undefined, undefined, fleet.url);
    const codes: number[] = [];
    for (let n = 0; n < 30; n += 1) {
      codes.push((await stranger.send('GET', '/api/v1/tasks')).status);
    }
    expect(codes.at(-1)).toBe(429);
  }, 120_000);

  it('that nobody has configured leaves everything working', async () => {
    const { fleet } = await install({ redis: false, processes: TWO });
    const day = await aDay(fleet.url, await newUser('Ada', fleet.url));
    expect(day.complaints).toEqual([]);
  }, 60_000);
});
