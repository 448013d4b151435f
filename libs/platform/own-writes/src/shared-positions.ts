import type { RedisClient } from '@primetrade/platform-redis';
import { currentRequest } from '@primetrade/platform-request-context';
import type { LastWrite, WalPosition } from './last-writes.js';

/**
 * After Redis was away it lacks what was written meanwhile. For this long every process is given
 * the time to record that, and nobody believes what Redis says.
 */
const CATCH_UP_MS = 2_000;

const DIGITS = /^\d{1,20}$/;

/** Positions of one service's writes, as they came with the request or lie in Redis. */
export class SharedPositions {
  private believedFrom = Number.NEGATIVE_INFINITY;
  private wasLost = false;

  /**
   * @param inRequest where a request carries them: what it brought along, or what was found first
   * @param now the clock of performance.now(), in milliseconds
   */
  constructor(
    private readonly redis: RedisClient,
    private readonly scope: string,
    private readonly inRequest?: 'lastWrite' | 'accountWrite',
    private readonly now: () => number = () => performance.now(),
  ) {
    redis.on('close', () => (this.wasLost = true));
    redis.on('ready', () => {
      if (this.wasLost) this.distrust();
    });
  }

  async of(owner: string): Promise<LastWrite> {
    if (this.now() < this.believedFrom) return 'unknown';
    const context = this.inRequest && currentRequest();
    // Work that a request has left behind it is not to live on what was true then.
    const isServed = context !== undefined && this.now() < context.deadline;
    const given = isServed ? context[this.inRequest!] : undefined;
    if (given?.owner === owner) return read(given.position);
    try {
      const position = (await this.redis.get(lastWriteKey(this.scope, owner))) ?? 'none';
      // Whoever sent the request cannot have heard since then of what was written later.
      if (isServed && given === undefined) context[this.inRequest!] = { owner, position };
      return read(position);
    } catch {
      this.distrust();
      return 'unknown';
    }
  }

  /** To be called when Redis did not answer. */
  distrust(): void {
    this.believedFrom = this.now() + CATCH_UP_MS;
  }
}

/** Redis key of a user's last write, in braces so that a Redis Cluster keeps an owner together. */
export function lastWriteKey(scope: string, owner: string): string {
  return `writes:{${owner}}:${scope}`;
}

function read(text: string): LastWrite {
  if (text === 'none') return text;
  return DIGITS.test(text) ? (text as WalPosition) : 'unknown';
}
