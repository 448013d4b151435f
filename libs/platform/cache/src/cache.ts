import type { LastWrite } from '@primetrade/platform-own-writes';

export interface CacheOptions {
  /** One variant of many under a key that are invalidated as one. */
  field?: string;
  /**
   * Id of the user whose writes alone, in this service's database, change the value. It is then
   * kept in each process too, and a user's own writes are seen by the next read, whichever process
   * answers.
   */
  owner?: string;
  /**
   * Last write that the value has to hold, where it is not one of this service's database; taken
   * before the call. Callers share a value only with those who say the same.
   */
  asOf?: LastWrite;
}

/**
 * What features cache through. The cache is an optimisation: when its store is away, every call
 * still answers, from `fetch`.
 *
 * Keys name one owner, in braces so that a Redis Cluster keeps all of an owner's keys together:
 * `profile:{id}`, `user:{id}:tasks`.
 */
export abstract class Cache {
  /**
   * The text under a key, or what `fetch` returns, which is then kept. Concurrent callers of this
   * process share one `fetch`. What was fetched before an `invalidate` is never kept after it, nor
   * is what was read from a stale copy of the data; the requests of all who get that are marked.
   *
   * @param ttlSeconds how long to keep it; varied by ±10 % so that entries made together do not
   *   expire together
   * @param fetch has 10 s, and then its statements fail, however long its callers wait: others may
   *   share what one of them began
   * @throws what `fetch` throws; AppError `overloaded` when the caller's deadline comes first
   */
  abstract wrapText(
    key: string,
    ttlSeconds: number,
    fetch: () => Promise<string>,
    options?: CacheOptions,
  ): Promise<string>;

  /** Forgets all fields of the keys. Call it after the commit of the write that changed them. */
  abstract invalidate(...keys: string[]): Promise<void>;

  /** As `wrapText`, for a value that JSON can hold. Each caller gets an object of its own. */
  async wrap<T>(
    key: string,
    ttlSeconds: number,
    fetch: () => Promise<T>,
    options?: CacheOptions,
  ): Promise<T> {
    const text = await this.wrapText(
      key,
      ttlSeconds,
      async () => JSON.stringify(await fetch()),
      options,
    );
    return JSON.parse(text) as T;
  }
}
