import { LRUCache } from 'lru-cache';
import type { CacheStore, LoadToken } from './cache-store.js';

interface Entry {
  text: string;
  expiresAt: number;
}

/** What a key or a field takes beside its text. */
const OVERHEAD_BYTES = 150;

/** An in-process store, bounded in bytes; the least recently used keys go first. */
export class MemoryStore implements CacheStore {
  private readonly entries: LRUCache<string, Map<string, Entry>>;
  /**
   * Grows with each deletion of any key. A load is kept only if its key was not deleted since;
   * `deletedAt` remembers the recent deletions, and a load older than all it remembers is dropped.
   */
  private clock = 0;
  private readonly deletedAt = new LRUCache<string, number>({
    max: 10_000,
    dispose: (version, _key, reason) => {
      if (reason === 'evict') this.forgottenUpTo = Math.max(this.forgottenUpTo, version);
    },
  });
  private forgottenUpTo = 0;

  /**
   * @param maxBytes of texts held
   * @param now a monotonic clock in milliseconds
   */
  constructor(
    maxBytes: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.entries = new LRUCache({
      maxSize: maxBytes,
      sizeCalculation: (fields, key) => {
        let size = key.length + OVERHEAD_BYTES;
        for (const [field, { text }] of fields) {
          size += field.length + text.length + OVERHEAD_BYTES;
        }
        return size;
      },
    });
  }

  async get(key: string, field: string): Promise<string | undefined> {
    const entry = this.entries.get(key)?.get(field);
    return entry !== undefined && entry.expiresAt > this.now() ? entry.text : undefined;
  }

  async begin(key: string): Promise<LoadToken> {
    return { key, version: String(this.clock) };
  }

  async set(load: LoadToken, field: string, text: string, ttlMs: number): Promise<void> {
    const started = Number(load.version);
    const deleted = this.deletedAt.get(load.key) ?? this.forgottenUpTo;
    if (deleted > started) return;
    const fields = new Map(this.entries.get(load.key));
    for (const [name, entry] of fields) if (entry.expiresAt <= this.now()) fields.delete(name);
    // set() of the changed map, not a change in place: the size is counted anew.
    this.entries.set(load.key, fields.set(field, { text, expiresAt: this.now() + ttlMs }));
  }

  async delete(keys: readonly string[]): Promise<void> {
    this.clock += 1;
    for (const key of keys) {
      this.entries.delete(key);
      this.deletedAt.set(key, this.clock);
    }
  }

  /** Forgets everything, also what is being loaded. */
  clear(): void {
    this.clock += 1;
    this.forgottenUpTo = this.clock;
    this.entries.clear();
    this.deletedAt.clear();
  }
}
