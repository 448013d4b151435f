import type { RedisClient } from '@primetrade/platform-redis';
import { AccountWrites, type LastWrite } from './last-writes.js';
import { SharedPositions } from './shared-positions.js';

/** In services other than auth: what auth has recorded in Redis. */
export class RedisAccountWrites extends AccountWrites {
  private readonly shared: SharedPositions;

  constructor(redis: RedisClient) {
    super();
    this.shared = new SharedPositions(redis, 'auth', 'accountWrite');
  }

  override of(userId: string): Promise<LastWrite> {
    return this.shared.of(userId);
  }
}
