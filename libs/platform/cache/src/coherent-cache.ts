import { Injectable, Logger } from '@nestjs/common';
import { Counter, registry } from '@primetrade/platform-metrics';
import type { LastWrite, LastWrites } from '@primetrade/platform-own-writes';
import { currentRequest } from '@primetrade/platform-request-context';
import { LRUCache } from 'lru-cache';
import { Cache, type CacheOptions } from './cache.js';
import type { CacheStore, LoadToken } from './cache-store.js';
import type { FirstLevel } from './first-level.js';
import { Flights } from './flights.js';

const requests = new Counter({
  name: 'cache_requests_total',
  help: 'Reads through the cache by key pattern and result: hit_local (in the first level of many processes), hit, miss, shared (waited for another caller) or error (the store was away).',
  labelNames: ['keys', 'result'],
  registers: [registry],
});

const WHOLE = '';

const MAX_SUSPECT = 20_000;
/** By then what the store holds has expired. */
const SUSPECT_MS = 600_000;

export interface CoherentCacheOptions {
  /** Where other processes write too: a value is found only under its owner's last write. */
  lastWrites?: LastWrites;
  firstLevel?: FirstLevel;
  /** From 0 to 1, for the jitter. */
  random?: () => number;
}

/** One value that is asked for. */
interface Entry {
  key: string;
  /** As the stores know it. */
  field: string;
  ttlMs: number;
  /** Whether to keep it in the second level; and a copy in the first. */
  kept: boolean;
  firstLevel: FirstLevel | undefined;
  /** Label of the metric. */
  keys: string;
}

/** Single flight, jitter and safe invalidation over a store that may fail at any time. */
@Injectable()
export class CoherentCache extends Cache {
  private readonly logger = new Logger('Cache');
  private readonly flights = new Flights();
  /** Keys whose invalidation failed; what the store holds of them may be old. */
  private readonly suspect = new LRUCache<string, true>({ max: MAX_SUSPECT, ttl: SUSPECT_MS });

  constructor(
    private readonly store: CacheStore,
    private readonly options: CoherentCacheOptions = {},
  ) {
    super();
  }

  override async wrapText(
    key: string,
    ttlSeconds: number,
    fetch: () => Promise<string>,
    options: CacheOptions = {},
  ): Promise<string> {
    const arrival = this.flights.arrival();
    const asOf = await this.asOf(options);
    const entry = this.entry(key, ttlSeconds, options, asOf);
    const copy = await entry.firstLevel?.get(key, entry.field);
    if (copy !== undefined) {
      requests.inc({ keys: entry.keys, result: 'hit_local' });
      return copy;
    }
    const notBefore = entry.kept ? undefined : arrival;
    const load = () => this.load(entry, fetch);
    const { text, shared } = await this.flights.share(key, entry.field, notBefore, load);
    if (shared) requests.inc({ keys: entry.keys, result: 'shared' });
    return text;
  }

  override async invalidate(...keys: string[]): Promise<void> {
    await this.forget(keys);
    for (const key of keys) this.suspect.set(key, true);
    await this.clear(keys);
    // A reader may have found them in the store in between.
    await this.forget(keys);
    this.options.firstLevel?.tellOthers(keys);
  }

  /** A reader that comes after this is not given what this process read before it. */
  private async forget(keys: readonly string[]): Promise<void> {
    for (const key of keys) this.flights.forget(key);
    await this.options.firstLevel?.delete(keys);
  }

  /** Undefined where this process sees every write itself, or nobody says whose writes count. */
  private async asOf({ owner, asOf }: CacheOptions): Promise<LastWrite | undefined> {
    const { lastWrites } = this.options;
    if (lastWrites === undefined || asOf !== undefined) return lastWrites && asOf;
    return owner === undefined ? undefined : lastWrites.of(owner);
  }

  private entry(
    key: string,
    ttlSeconds: number,
    { field = WHOLE, owner }: CacheOptions,
    asOf: LastWrite | undefined,
  ): Entry {
    const jitter = 0.9 + 0.2 * (this.options.random ?? Math.random)();
    const kept = asOf !== 'unknown';
    return {
      key,
      field: asOf === undefined ? field : `${asOf} ${field}`,
      ttlMs: ttlSeconds * 1000 * jitter,
      kept,
      firstLevel: kept && owner !== undefined ? this.options.firstLevel : undefined,
      keys: pattern(key),
    };
  }

  private async load(entry: Entry, fetch: () => Promise<string>): Promise<string> {
    const copy = await entry.firstLevel?.begin(entry.key);
    const keepCopy = async (text: string) => {
      if (copy !== undefined) await entry.firstLevel?.set(copy, entry.field, text, entry.ttlMs);
      return text;
    };
    const { hit, token } = await this.ask(entry);
    if (hit !== undefined) return keepCopy(hit);
    const text = await fetch();
    // A stale answer is for those who wait for it, and for nobody else.
    if (currentRequest()?.stale || !entry.kept) return text;
    if (token !== undefined) {
      await this.store.set(token, entry.field, text, entry.ttlMs).catch(() => undefined);
    }
    return keepCopy(text);
  }

  /** What the store holds, or else leave to put something there; neither while it is away. */
  private async ask(entry: Entry): Promise<{ hit?: string; token?: LoadToken }> {
    const { key, field, keys } = entry;
    let found: { hit?: string; token?: LoadToken } = {};
    let result = 'error';
    try {
      if (this.suspect.has(key)) await this.clear([key]);
      if (entry.kept && !this.suspect.has(key)) {
        const hit = await this.store.get(key, field);
        found = hit === undefined ? { token: await this.store.begin(key) } : { hit };
        result = hit === undefined ? 'miss' : 'hit';
      }
    } catch {
      // The caller is served without.
    }
    requests.inc({ keys, result });
    return found;
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
