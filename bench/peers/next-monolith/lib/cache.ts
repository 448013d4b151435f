import { LRUCache } from 'lru-cache';

const cache = new LRUCache<string, object>({ max: 50_000 });

/** What is cached under a key, or what `fetchFn` returns, which is then kept for `ttl` seconds. */
export async function cacheWrapper<T extends object>(
  key: string,
  ttl: number,
  fetchFn: () => Promise<T>,
): Promise<T> {
  const cached = cache.get(key);
  if (cached !== undefined) return cached as T;
  const data = await fetchFn();
  cache.set(key, data, { ttl: ttl * 1000 });
  return data;
}

export function invalidate(key: string): void {
  cache.delete(key);
}
