import type { RedisClient } from '@primetrade/platform-redis';
import type { CacheStore, LoadToken } from './cache-store.js';

/** Keeps a text only if the key's version is still the one that the load began with. */
const SET_IF_VERSION = `
if (redis.call('GET', KEYS[2]) or '0') == ARGV[1] then
  redis.call('HSET', KEYS[1], ARGV[2], ARGV[3])
  redis.call('PEXPIRE', KEYS[1], ARGV[4])
  return 1
end
return 0`;

/** Longer than any load takes, so that a version outlives the loads that it must refuse. */
const VERSION_TTL_SECONDS = 600;

/**
 * A store shared by all processes. A key is a Redis hash of its fields; beside it lies a version
 * that each deletion raises. The whole hash expires with the field written last.
 */
export class RedisStore implements CacheStore {
  constructor(private readonly redis: RedisClient) {}

  async get(key: string, field: string): Promise<string | undefined> {
    return (await this.redis.hget(key, field)) ?? undefined;
  }

  async begin(key: string): Promise<LoadToken> {
    return { key, version: (await this.redis.get(versionKey(key))) ?? '0' };
  }

  async set(load: LoadToken, field: string, text: string, ttlMs: number): Promise<void> {
    await this.redis.eval(
      SET_IF_VERSION,
      2,
      load.key,
      versionKey(load.key),
      load.version,
      field,
      text,
      Math.round(ttlMs),
    );
  }

  async delete(keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      const results = await this.redis
        .multi()
        .del(key)
        .incr(versionKey(key))
        .expire(versionKey(key), VERSION_TTL_SECONDS)
        .exec();
      const failure = results?.find(([error]) => error !== null)?.[0];
      if (results === null || failure) throw failure ?? new Error('the transaction was discarded');
    }
  }
}

function versionKey(key: string): string {
  return `${key}:version`;
}
