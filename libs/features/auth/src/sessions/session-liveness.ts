import { Injectable } from '@nestjs/common';
import { Cache } from '@primetrade/platform-cache';
import { Database } from '@primetrade/platform-database';
import { EventBus } from '@primetrade/platform-events';
import { LRUCache } from 'lru-cache';
import type { Subscription } from 'rxjs';

const TTL_SECONDS = 300;
/** How long this process believes a session without asking the cache. */
const BELIEVED_MS = 30_000;
const MAX_SESSIONS = 5_000;

/**
 * Whether sessions still last: in this process's memory for 30 s, in the cache for 300 s, and in
 * PostgreSQL, which decides. Ending one is seen at once here, and by other processes as soon as
 * they get its event.
 */
@Injectable()
export class SessionLiveness {
  /** Sessions known to last, each with the subscription that tells of its end. */
  private readonly lasting = new LRUCache<string, Subscription>({
    max: MAX_SESSIONS,
    ttl: BELIEVED_MS,
    dispose: (subscription) => subscription.unsubscribe(),
  });
  /** Raised whenever sessions end, so that an answer from before is not kept. */
  private generation = 0;

  constructor(
    private readonly database: Database,
    private readonly cache: Cache,
    private readonly events: EventBus,
  ) {}

  async isLive(userId: string, sessionId: string): Promise<boolean> {
    if (this.lasting.has(sessionId)) return true;
    const generation = this.generation;
    // Subscribed before it is asked: an end in between must not be missed.
    const subscription = this.events.subscribe(userId).subscribe((event) => {
      const concerns =
        event === 'missed' ||
        (event.type === 'session.revoked' && [null, sessionId].includes(event.sessionId));
      if (concerns) this.drop([sessionId]);
    });
    try {
      const live = await this.cache.wrap(cacheKey(sessionId), TTL_SECONDS, () =>
        this.load(userId, sessionId),
      );
      if (live && generation === this.generation) {
        this.lasting.set(sessionId, subscription);
        return true;
      }
      subscription.unsubscribe();
      return live;
    } catch (error) {
      subscription.unsubscribe();
      throw error;
    }
  }

  /** Makes the end of sessions count, here and everywhere. Call it after the commit. */
  async ended(userId: string, sessionIds: readonly string[]): Promise<void> {
    this.drop(sessionIds);
    await this.cache.invalidate(...sessionIds.map(cacheKey));
    for (const sessionId of sessionIds) {
      this.events.publish(userId, { type: 'session.revoked', sessionId });
    }
  }

  private drop(sessionIds: readonly string[]): void {
    this.generation += 1;
    for (const sessionId of sessionIds) this.lasting.delete(sessionId);
  }

  private async load(userId: string, sessionId: string): Promise<boolean> {
    const rows = await this.database.read(userId, (queries) =>
      queries.query<unknown[]>(
        `SELECT 1 FROM auth.sessions
         WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL AND expires_at > now()`,
        [sessionId, userId],
      ),
    );
    return rows.length > 0;
  }
}

function cacheKey(sessionId: string): string {
  return `session:{${sessionId}}`;
}
