import { Injectable, Logger } from '@nestjs/common';
import { Counter, registry } from '@primetrade/platform-metrics';
import { Cache } from './cache.js';
import type { CacheStore, LoadToken } from './cache-store.js';

const requests = new Counter({
  name: 'cache_requests_total',
  help: 'Reads through the cache by key pattern and result: hit, miss, shared (waited for another caller) or error (the store was away).',
  labelNames: ['keys', 'result'],
  registers: [registry],
});

const WHOLE = '';

/** Single flight, jitter and safe invalidation over a store that may fail at any time. */
@Injectable()
export class CoherentCache extends Cache {
  private readonly logger = new Logger('Cache');
  private readonly flights = new Map<string, Map<string, Promise<string>>>();
  /** Keys whose invalidation failed; what the store holds of them may be old. */
  private readonly suspect = new Set<string>();

  /** @param random from 0 to 1, for the jitter */
  constructor(
    private readonly store: CacheStore,
    private readonly random: () => number = Math.random,
  ) {
    super();
  }

  override async wrapText(
    key: string,
    ttlSeconds: number,
    fetch: () => Promise<string>,
    field = WHOLE,
  ): Promise<string> {
    const keys = pattern(key);
    const flight = this.flights.get(key)?.get(field);
    if (flight !== undefined) {
      requests.inc({ keys, result: 'shared' });
      return flight;
    }
    const load = this.load(key, ttlSeconds, fetch, field, keys);
    let fields = this.flights.get(key);
    if (fields === undefined) this.flights.set(key, (fields = new Map<string, Promise<string>>()));
    fields.set(field, load);
    try {
      return await load;
    } finally {
      // An invalidation may have put a newer flight in this place: that one stays.
      if (fields.get(field) === load) fields.delete(field);
      if (fields.size === 0 && this.flights.get(key) === fields) this.flights.delete(key);
    }
  }

  override async invalidate(...keys: string[]): Promise<void> {
    // A reader that comes after this must not be given what was read before it.
    for (const key of keys) this.flights.delete(key);
    for (const key of keys) this.suspect.add(key);
    await this.clear(keys);
  }

  private async load(
    key: string,
    ttlSeconds: number,
    fetch: () => Promise<string>,
    field: string,
    keys: string,
  ): Promise<string> {
    let token: LoadToken | undefined;
    try {
      if (this.suspect.has(key)) await this.clear([key]);
      if (!this.suspect.has(key)) {
        const hit = await this.store.get(key, field);
        if (hit !== undefined) {
          requests.inc({ keys, result: 'hit' });
          return hit;
        }
        token = await this.store.begin(key);
      }
      requests.inc({ keys, result: 'miss' });
    } catch {
      requests.inc({ keys, result: 'error' });
    }
    const text = await fetch();
    if (token !== undefined) {
      const jitter = 0.9 + 0.2 * this.random();
      await this.store.set(token, field, text, ttlSeconds * 1000 * jitter).catch(() => undefined);
    }
    return text;
  }

  private async clear(keys: readonly string[]): Promise<void> {
    try {
      await this.store.delete(keys);
      for (const key of keys) this.suspect.delete(key);
    } catch (error) {
      this.logger.warn(
        `Could not invalidate ${keys.length} cache key(s): ${(error as Error).message}. They are read from the database until the store answers.`,
      );
    }
  }
}

/** The key without its owner, so that the metric has few series. */
function pattern(key: string): string {
  return key.replace(/\{[^}]*\}/, '*');
}
