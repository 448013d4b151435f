import type { CacheStore, LoadToken } from './cache-store.js';

/** Keeps nothing: many processes without a common store could not tell each other what is old. */
export class NoStore implements CacheStore {
  async get(): Promise<undefined> {
    return undefined;
  }

  async begin(key: string): Promise<LoadToken> {
    return { key, version: '' };
  }

  async set(): Promise<void> {}

  async delete(): Promise<void> {}
}
