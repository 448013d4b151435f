import fc from 'fast-check';
import type { LastWrites, WalPosition } from '@primetrade/platform-own-writes';
import type { ChannelListener, RedisChannels } from '@primetrade/platform-redis';
import type { CacheStore } from './cache-store.js';
import { CoherentCache } from './coherent-cache.js';
import { FirstLevel } from './first-level.js';
import { MemoryStore } from './memory-store.js';

const KEY = 'user:{anna}:tasks';
const PROCESSES = 2;

type Step = { do: 'read' | 'write'; process: number; field: string };

/** A user's requests, one after the other, each to any process. */
const tab = fc.array(
  fc.record<Step>({
    do: fc.constantFrom('read', 'read', 'write'),
    process: fc.nat(PROCESSES - 1),
    field: fc.constantFrom('a', 'a', 'a', 'b'),
  }),
  { minLength: 3, maxLength: 9 },
);

/** Everything that goes over a network takes as long as the scheduler wants. */
class World {
  private committed = 0;
  private position = 0;
  private readonly shared = new MemoryStore(1e6);
  private readonly listeners: ChannelListener[] = [];
  private readonly caches: CoherentCache[];

  constructor(
    private readonly scheduler: fc.Scheduler,
    private readonly messagesArrive: boolean,
    private readonly invalidationsFail: boolean,
  ) {
    this.caches = Array.from({ length: PROCESSES }, () => this.process());
  }

  async write(process: number): Promise<number> {
    await this.delay('commit');
    const version = (this.committed += 1);
    const position = version;
    await this.delay('record');
    this.position = Math.max(this.position, position);
    await this.caches[process]!.invalidate(KEY);
    return version;
  }

  async read(process: number, field: string): Promise<number> {
    const fetch = async () => {
      await this.delay('query');
      const version = this.committed;
      await this.delay('rows');
      return String(version);
    };
    return Number(await this.caches[process]!.wrapText(KEY, 300, fetch, { field, owner: 'anna' }));
  }

  private process(): CoherentCache {
    const store: CacheStore = {
      get: async (...args) => (await this.delay('get'), this.shared.get(...args)),
      begin: async (...args) => (await this.delay('begin'), this.shared.begin(...args)),
      set: async (...args) => (await this.delay('set'), this.shared.set(...args)),
      delete: async (...args) => {
        await this.delay('delete');
        if (this.invalidationsFail) throw new Error('away');
        return this.shared.delete(...args);
      },
    };
    const lastWrites: Pick<LastWrites, 'of'> = {
      of: async () => {
        await this.delay('last write');
        return this.position === 0 ? 'none' : (`${this.position}` as WalPosition);
      },
    };
    const channels: Pick<RedisChannels, 'up' | 'listen' | 'publish'> = {
      up: true,
      listen: (_channel, listener) => void this.listeners.push(listener),
      publish: async (_channel, text) => {
        for (const listener of this.messagesArrive ? this.listeners : []) {
          void this.delay('message').then(() => listener.message(text));
        }
      },
    };
    return new CoherentCache(store, {
      lastWrites: lastWrites as LastWrites,
      firstLevel: new FirstLevel(channels as RedisChannels, 'test', 1e6),
    });
  }

  private delay(what: string): Promise<unknown> {
    return this.scheduler.schedule(Promise.resolve(), what);
  }
}

describe('A cache of many processes', () => {
  it('shows users what they have written, whichever process answers and however late messages come', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(tab, { minLength: 2, maxLength: 3 }),
        fc.boolean(),
        fc.boolean(),
        async (scheduler, tabs, messagesArrive, invalidationsFail) => {
          const world = new World(scheduler, messagesArrive, invalidationsFail);
          let acknowledged = 0;
          const run = async (steps: Step[]) => {
            for (const step of steps) {
              if (step.do === 'write') {
                acknowledged = Math.max(acknowledged, await world.write(step.process));
              } else {
                const known = acknowledged;
                expect(await world.read(step.process, step.field)).toBeGreaterThanOrEqual(known);
              }
            }
          };
          await scheduler.waitFor(Promise.all(tabs.map(run)));
        },
      ),
      { numRuns: 100 },
    );
  });
});
