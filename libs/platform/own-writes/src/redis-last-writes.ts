import { Logger } from '@nestjs/common';
import type { RedisClient } from '@primetrade/platform-redis';
import { currentRequest } from '@primetrade/platform-request-context';
import { KEPT_MS, type LastWrite, LastWrites, type WalPosition } from './last-writes.js';

/** Positions only grow, in whatever order concurrent writers arrive here. */
const RECORD = `
local old = redis.call('GET', KEYS[1])
if not old or #old < #ARGV[1] or (#old == #ARGV[1] and old < ARGV[1]) then
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
else
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end`;

/** How often a position that could not be recorded is tried again. */
const RETRY_MS = 500;

const DIGITS = /^\d{1,20}$/;

/** Shared through Redis by all processes of a service. */
export class RedisLastWrites extends LastWrites {
  private readonly logger = new Logger('OwnWrites');
  /** What Redis has not been told yet. */
  private readonly unrecorded = new Map<string, WalPosition>();
  private retry: NodeJS.Timeout | undefined;

  /** @param scope name of the service: positions of different databases cannot be compared */
  constructor(
    private readonly redis: RedisClient,
    private readonly scope: string,
  ) {
    super();
  }

  override async of(owner: string): Promise<LastWrite> {
    if (this.unrecorded.has(owner)) return 'unknown';
    const given = currentRequest()?.lastWrite;
    if (given?.owner === owner) return lastWriteOf(given.position);
    try {
      return lastWriteOf((await this.redis.get(lastWriteKey(this.scope, owner))) ?? 'none');
    } catch {
      return 'unknown';
    }
  }

  override async record(owner: string, position: WalPosition): Promise<boolean> {
    const context = currentRequest();
    // What the gateway knew when it passed the request on is out of date from here on.
    if (context?.lastWrite?.owner === owner) context.lastWrite = { owner, position };
    try {
      await this.send(owner, position);
      return true;
    } catch (error) {
      this.logger.warn(`Could not record a write: ${(error as Error).message}. Trying again.`);
      this.unrecorded.set(owner, position);
      this.retry ??= setTimeout(() => void this.catchUp(), RETRY_MS).unref();
      return false;
    }
  }

  private async send(owner: string, position: WalPosition): Promise<void> {
    await this.redis.eval(RECORD, 1, lastWriteKey(this.scope, owner), position, KEPT_MS);
    // A newer write of this owner may have failed meanwhile; that one stays to be recorded.
    const waiting = this.unrecorded.get(owner);
    if (waiting !== undefined && BigInt(waiting) <= BigInt(position)) this.unrecorded.delete(owner);
  }

  private async catchUp(): Promise<void> {
    this.retry = undefined;
    try {
      for (const [owner, position] of this.unrecorded) await this.send(owner, position);
    } catch {
      this.retry = setTimeout(() => void this.catchUp(), RETRY_MS).unref();
    }
  }
}

/** Redis key of a user's last write, in braces so that a Redis Cluster keeps an owner together. */
export function lastWriteKey(scope: string, owner: string): string {
  return `writes:{${owner}}:${scope}`;
}

function lastWriteOf(text: string): LastWrite {
  if (text === 'none') return text;
  return DIGITS.test(text) ? (text as WalPosition) : 'unknown';
}
