import { Logger } from '@nestjs/common';
import type { RedisClient } from '@primetrade/platform-redis';
import { LRUCache } from 'lru-cache';
import { KEPT_MS, type LastWrite, LastWrites, type WalPosition } from './last-writes.js';
import { lastWriteKey, SharedPositions } from './shared-positions.js';
import { UnrecordedWrites } from './unrecorded-writes.js';
import { later } from './wal-position.js';

/** Positions only grow, in whatever order concurrent writers arrive here. */
const RECORD = `
local old = redis.call('GET', KEYS[1])
if not old or #old < #ARGV[1] or (#old == #ARGV[1] and old < ARGV[1]) then
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
else
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end`;

/** How often positions that could not be recorded are tried again. */
const RETRY_MS = 500;
const MAX_OWN = 20_000;

/** Shared through Redis by all processes of a service. */
export class RedisLastWrites extends LastWrites {
  private readonly logger = new Logger('OwnWrites');
  private readonly shared: SharedPositions;
  /** This process's own writes: newer than what came with the request that made them. */
  private readonly own = new LRUCache<string, WalPosition>({ max: MAX_OWN, ttl: KEPT_MS });
  private readonly unrecorded = new UnrecordedWrites();
  private retry: NodeJS.Timeout | undefined;

  /**
   * @param scope name of the service: positions of different databases cannot be compared
   * @param now the clock of performance.now(), in milliseconds
   */
  constructor(
    private readonly redis: RedisClient,
    private readonly scope: string,
    now?: () => number,
  ) {
    super();
    this.shared = new SharedPositions(redis, scope, 'lastWrite', now);
  }

  override async of(owner: string): Promise<LastWrite> {
    const shared = await this.shared.of(owner);
    const own = this.own.get(owner);
    if (shared === 'unknown' || own === undefined) return shared;
    return shared === 'none' ? own : later(shared, own);
  }

  override async record(owner: string, position: WalPosition): Promise<boolean> {
    this.own.set(owner, later(this.own.get(owner), position));
    try {
      await this.send(owner, position);
      return true;
    } catch (error) {
      this.unrecorded.add(owner, position);
      if (this.retry === undefined) {
        this.logger.warn(
          `Other processes cannot be told of writes: ${(error as Error).message}. Trying again.`,
        );
        this.catchUpLater();
      }
      return false;
    }
  }

  private async send(owner: string, position: WalPosition): Promise<void> {
    try {
      await this.redis.eval(RECORD, 1, lastWriteKey(this.scope, owner), position, KEPT_MS);
    } catch (error) {
      this.shared.distrust();
      throw error;
    }
    this.unrecorded.settle(owner, position);
  }

  private catchUpLater(): void {
    this.retry = setTimeout(() => void this.catchUp(), RETRY_MS).unref();
  }

  private async catchUp(): Promise<void> {
    try {
      for (const [owner, position] of this.unrecorded.waiting()) await this.send(owner, position);
    } catch {
      // Redis is still away.
    }
    if (this.unrecorded.waiting().length > 0) this.catchUpLater();
    else this.retry = undefined;
  }
}
