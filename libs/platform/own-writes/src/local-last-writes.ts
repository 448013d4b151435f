import { LRUCache } from 'lru-cache';
import { KEPT_MS, type LastWrite, LastWrites, type WalPosition } from './last-writes.js';
import { later } from './wal-position.js';

const MAX_OWNERS = 100_000;

/** For a service that is one process. */
export class LocalLastWrites extends LastWrites {
  private readonly positions = new LRUCache<string, WalPosition>({ max: MAX_OWNERS, ttl: KEPT_MS });

  override async of(owner: string): Promise<LastWrite> {
    return this.positions.get(owner) ?? 'none';
  }

  override async record(owner: string, position: WalPosition): Promise<boolean> {
    this.positions.set(owner, later(this.positions.get(owner), position));
    return true;
  }
}

/** For a service of many processes that have no Redis to tell each other by. */
export class UnknownLastWrites extends LastWrites {
  override async of(): Promise<LastWrite> {
    return 'unknown';
  }

  override async record(): Promise<boolean> {
    // Nobody reads copies here, so there is nobody to be told.
    return true;
  }
}
