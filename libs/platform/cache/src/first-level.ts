import { randomUUID } from 'node:crypto';
import type { RedisChannels } from '@primetrade/platform-redis';
import type { LoadToken } from './cache-store.js';
import { MemoryStore } from './memory-store.js';

interface Message {
  /** Process that has forgotten them already. */
  from: string;
  keys: readonly string[];
}

/** A copy costs little to fetch again, and memory while it is kept. */
const MAX_TTL_MS = 30_000;

/**
 * Copies of what the second level holds, in this process. Its fields name the last write of their
 * owner, so a copy that lacks one is not found; beyond that each process tells the others what to
 * forget, and while it might not hear of it, it uses no copies.
 */
export class FirstLevel {
  private readonly copies: MemoryStore;
  private readonly id = randomUUID();

  /**
   * @param channel shared by the processes that cache the same
   * @param maxBytes of texts held
   * @param now a monotonic clock in milliseconds
   */
  constructor(
    private readonly channels: RedisChannels,
    private readonly channel: string,
    maxBytes: number,
    now?: () => number,
  ) {
    this.copies = new MemoryStore(maxBytes, now);
    channels.listen(channel, {
      message: (text) => this.hear(text),
      up: () => this.copies.clear(),
      down: () => this.copies.clear(),
    });
  }

  async get(key: string, field: string): Promise<string | undefined> {
    return this.channels.up ? this.copies.get(key, field) : undefined;
  }

  /** To be called before anything is read that `set` then gets. */
  begin(key: string): Promise<LoadToken> {
    return this.copies.begin(key);
  }

  async set(load: LoadToken, field: string, text: string, ttlMs: number): Promise<void> {
    if (!this.channels.up) return;
    await this.copies.set(load, field, text, Math.min(ttlMs, MAX_TTL_MS));
  }

  /** Forgets keys here. */
  async delete(keys: readonly string[]): Promise<void> {
    await this.copies.delete(keys);
  }

  /** Has the other processes forget them, once the second level has. */
  tellOthers(keys: readonly string[]): void {
    const message: Message = { from: this.id, keys };
    void this.channels.publish(this.channel, JSON.stringify(message));
  }

  private hear(text: string): void {
    try {
      const { from, keys } = JSON.parse(text) as Message;
      if (from !== this.id) void this.copies.delete(keys);
    } catch {
      // Whatever it was to say, nothing is older than what was just read.
      this.copies.clear();
    }
  }
}
