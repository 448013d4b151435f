import { LRUCache } from 'lru-cache';
import {
  AccountWrites,
  KEPT_MS,
  type LastWrite,
  LastWrites,
  type WalPosition,
} from './last-writes.js';
import { later } from './wal-position.js';

const MAX_OWNERS = 100_000;

/** For a service that is one process. */
export class LocalLastWrites extends LastWrites {
  private readonly positions: LRUCache<string, WalPosition>;
  /** The latest position that had to be forgotten too early: it may be anybody's. */
  private forgotten: WalPosition | undefined;

  constructor(maxOwners = MAX_OWNERS) {
    super();
    this.positions = new LRUCache({
      max: maxOwners,
      ttl: KEPT_MS,
      dispose: (position, _owner, reason) => {
        if (reason === 'evict') this.forgotten = later(this.forgotten, position);
      },
    });
  }

  override async of(owner: string): Promise<LastWrite> {
    return this.positions.get(owner) ?? this.forgotten ?? 'none';
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

/** Where one process does everything: it sees itself what it changes. */
export class NoOthersAccountWrites extends AccountWrites {
  override async of(): Promise<LastWrite> {
    return 'none';
  }
}
