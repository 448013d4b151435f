/**
 * Where cached texts lie. A load is announced with `begin` before the data is fetched, and kept
 * with `set` only if no `delete` of its key came in between: otherwise a slow read could put back
 * what a write has just made old.
 */
export interface CacheStore {
  get(key: string, field: string): Promise<string | undefined>;
  begin(key: string): Promise<LoadToken>;
  set(load: LoadToken, field: string, text: string, ttlMs: number): Promise<void>;
  delete(keys: readonly string[]): Promise<void>;
}

export interface LoadToken {
  readonly key: string;
  /** What the store compares in `set`. */
  readonly version: string;
}
