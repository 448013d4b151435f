import { KEPT_MS, type WalPosition } from './last-writes.js';
import { covers, later } from './wal-position.js';

/** Positions that other processes have yet to be told of, for as long as anybody would ask. */
export class UnrecordedWrites {
  /** Oldest first. */
  private readonly writes = new Map<string, { position: WalPosition; at: number }>();

  /** @param now a monotonic clock in milliseconds */
  constructor(private readonly now: () => number = () => performance.now()) {}

  add(owner: string, position: WalPosition): void {
    const known = this.writes.get(owner)?.position;
    this.writes.delete(owner);
    this.writes.set(owner, { position: later(known, position), at: this.now() });
  }

  /** To be called when a position has been recorded; a later one of the same owner stays. */
  settle(owner: string, position: WalPosition): void {
    const waiting = this.writes.get(owner);
    if (waiting !== undefined && covers(position, waiting.position)) this.writes.delete(owner);
  }

  /** Those that wait now. What is too old to matter is forgotten. */
  waiting(): [owner: string, position: WalPosition][] {
    for (const [owner, { at }] of this.writes) {
      if (at + KEPT_MS > this.now()) break;
      this.writes.delete(owner);
    }
    return [...this.writes].map(([owner, { position }]) => [owner, position]);
  }
}
