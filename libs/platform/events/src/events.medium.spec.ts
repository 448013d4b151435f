import { Module } from '@nestjs/common';
import type { ChangeEvent } from '@primetrade/contracts';
import type { Environment } from '@primetrade/platform-config';
import { RedisModule } from '@primetrade/platform-redis';
import { startTestApp } from '@primetrade/testing';
import { filter, firstValueFrom, toArray } from 'rxjs';
import { EventBus } from './event-bus.js';
import { EventsModule } from './events.module.js';

@Module({ imports: [RedisModule, EventsModule.forRoot('many')] })
class EventsTestModule {}

const redis = process.env['PRIMETRADE_TEST_REDIS'];
const ANNA = '00000000-0000-7000-8000-00000000000a';
const BEN = '00000000-0000-7000-8000-00000000000b';
const event: ChangeEvent = { type: 'projects.changed' };
const nowhere = { url: 'postgres://nobody@127.0.0.1:1/none', drop: async () => undefined };

const start = (env: Environment) => startTestApp(EventsTestModule, [], env, nowhere);

describe('EventBus', () => {
  it('reaches the connections of its user alone, and ends them at shutdown', async () => {
    const test = await start({});
    const bus = test.app.get(EventBus);
    const received = firstValueFrom(bus.subscribe(ANNA).pipe(toArray()));
    bus.publish(BEN, event);
    bus.publish(ANNA, event);
    await test.close();
    expect(await received).toEqual([event]);
  });

  (redis === undefined ? it.skip : it)('reaches other processes over Redis', async () => {
    const one = await start({ REDIS_URL: redis });
    const other = await start({ REDIS_URL: redis });
    const received = firstValueFrom(
      other.app
        .get(EventBus)
        .subscribe(ANNA)
        .pipe(filter((message) => message !== 'missed')),
    );
    const publisher = one.app.get(EventBus);
    let done = false;
    void received.then(() => (done = true));
    while (!done) {
      publisher.publish(ANNA, event);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await received).toEqual(event);
    await one.close();
    await other.close();
  });
});
