import {
  currentRequest,
  type RequestContext,
  runForRequest,
} from '@primetrade/platform-request-context';
import fc from 'fast-check';
import { CoherentCache } from './coherent-cache.js';
import type { CacheStore } from './cache-store.js';
import { MemoryStore } from './memory-store.js';

const KEY = 'user:{1}:tasks';

function deferred<T>() {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((r) => (resolve = r));
  return { promise, resolve };
}

describe('CoherentCache', () => {
  it('fetches once for many concurrent callers', async () => {
    const cache = new CoherentCache(new MemoryStore(1e6));
    const gate = deferred<string>();
    let fetches = 0;
    const callers = Array.from({ length: 1000 }, () =>
      cache.wrapText(KEY, 300, () => {
        fetches += 1;
        return gate.promise;
      }),
    );
    gate.resolve('a');
    expect(new Set(await Promise.all(callers))).toEqual(new Set(['a']));
    expect(fetches).toBe(1);
  });

  it('does not keep what was fetched before an invalidation', async () => {
    const cache = new CoherentCache(new MemoryStore(1e6));
    const gate = deferred<string>();
    const started = deferred<void>();
    const slow = cache.wrapText(KEY, 300, () => {
      started.resolve();
      return gate.promise;
    });
    await started.promise;
    await cache.invalidate(KEY);
    const fresh = await cache.wrapText(KEY, 300, async () => 'new');
    gate.resolve('old');
    await slow;
    expect(fresh).toBe('new');
    expect(await cache.wrapText(KEY, 300, async () => 'newer')).toBe('new');
  });

  it('gives a reader that comes after an invalidation its own fetch', async () => {
    const cache = new CoherentCache(new MemoryStore(1e6));
    const gate = deferred<string>();
    const started = deferred<void>();
    const before = cache.wrapText(KEY, 300, () => {
      started.resolve();
      return gate.promise;
    });
    await started.promise;
    await cache.invalidate(KEY);
    expect(await cache.wrapText(KEY, 300, async () => 'after')).toBe('after');
    gate.resolve('before');
    expect(await before).toBe('before');
  });

  it('keeps fields apart and forgets them together', async () => {
    const cache = new CoherentCache(new MemoryStore(1e6));
    await cache.wrapText(KEY, 300, async () => 'a1', { field: 'a' });
    await cache.wrapText(KEY, 300, async () => 'b1', { field: 'b' });
    expect(await cache.wrapText(KEY, 300, async () => 'a2', { field: 'a' })).toBe('a1');
    await cache.invalidate(KEY);
    expect(await cache.wrapText(KEY, 300, async () => 'a2', { field: 'a' })).toBe('a2');
    expect(await cache.wrapText(KEY, 300, async () => 'b2', { field: 'b' })).toBe('b2');
  });

  it('varies the time to live by at most a tenth', async () => {
    let ttl = 0;
    const store: CacheStore = {
      get: async () => undefined,
      begin: async (key) => ({ key, version: '0' }),
      set: async (_load, _field, _text, ttlMs) => {
        ttl = ttlMs;
      },
      delete: async () => undefined,
    };
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 0, max: 1, noNaN: true }), async (random) => {
        await new CoherentCache(store, { random: () => random }).wrapText(
          KEY,
          300,
          async () => 'x',
        );
        expect(ttl).toBeGreaterThanOrEqual(270_000);
        expect(ttl).toBeLessThanOrEqual(330_000);
      }),
    );
  });

  it('serves from the source while the store is away, and never what it could not invalidate', async () => {
    const memory = new MemoryStore(1e6);
    let away = false;
    const fail = () => {
      if (away) throw new Error('away');
    };
    const store: CacheStore = {
      get: async (...args) => (fail(), memory.get(...args)),
      begin: async (...args) => (fail(), memory.begin(...args)),
      set: async (...args) => (fail(), memory.set(...args)),
      delete: async (...args) => (fail(), memory.delete(...args)),
    };
    const cache = new CoherentCache(store);
    await cache.wrapText(KEY, 300, async () => 'old');
    away = true;
    await cache.invalidate(KEY);
    expect(await cache.wrapText(KEY, 300, async () => 'new')).toBe('new');
    away = false;
    expect(await cache.wrapText(KEY, 300, async () => 'new')).toBe('new');
    expect(await cache.wrapText(KEY, 300, async () => 'newer')).toBe('new');
  });

  it('keeps nothing that was read from a stale copy, and says so to who gets it', async () => {
    const cache = new CoherentCache(new MemoryStore(1e6));
    const context: RequestContext = { requestId: 'test', deadline: Infinity };
    const stale = async () => {
      currentRequest()!.stale = true;
      return 'old';
    };
    expect(await runForRequest(context, () => cache.wrapText(KEY, 300, stale))).toBe('old');
    expect(context.stale).toBe(true);
    expect(await cache.wrapText(KEY, 300, async () => 'new')).toBe('new');
  });

  it('passes on a failing fetch and tries again next time', async () => {
    const cache = new CoherentCache(new MemoryStore(1e6));
    await expect(cache.wrapText(KEY, 300, () => Promise.reject(new Error('no')))).rejects.toThrow(
      'no',
    );
    expect(await cache.wrapText(KEY, 300, async () => 'yes')).toBe('yes');
  });
});

describe('MemoryStore', () => {
  it('lets entries expire and stays within its bound', async () => {
    let now = 0;
    const store = new MemoryStore(1000, () => now);
    await store.set(await store.begin('k'), '', 'v', 100);
    expect(await store.get('k', '')).toBe('v');
    now = 100;
    expect(await store.get('k', '')).toBeUndefined();
    for (let i = 0; i < 50; i += 1)
      await store.set(await store.begin(`k${i}`), '', 'x'.repeat(90), 100);
    const held = await Promise.all(Array.from({ length: 50 }, (_, i) => store.get(`k${i}`, '')));
    expect(held.filter((text) => text !== undefined).length).toBeLessThanOrEqual(11);
  });
});
