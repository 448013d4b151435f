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
   * process share one `fetch`. What was fetched before an `invalidate` is never kept after it.
   *
   * @param ttlSeconds how long to keep it; varied by ±10 % so that entries made together do not
   *   expire together
   * @param field one variant of many under a key that are invalidated as one
   */
  abstract wrapText(
    key: string,
    ttlSeconds: number,
    fetch: () => Promise<string>,
    field?: string,
  ): Promise<string>;

  /** Forgets all fields of the keys. Call it after the commit of the write that changed them. */
  abstract invalidate(...keys: string[]): Promise<void>;

  /** As `wrapText`, for a value that JSON can hold. Each caller gets an object of its own. */
  async wrap<T>(
    key: string,
    ttlSeconds: number,
    fetch: () => Promise<T>,
    field?: string,
  ): Promise<T> {
    const text = await this.wrapText(
      key,
      ttlSeconds,
      async () => JSON.stringify(await fetch()),
      field,
    );
    return JSON.parse(text) as T;
  }
}
