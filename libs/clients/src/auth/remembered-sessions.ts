import type { Cache } from '@primetrade/platform-cache';
import type { EventBus, UserEvent } from '@primetrade/platform-events';
import type { AccountWrites, LastWrite } from '@primetrade/platform-own-writes';
import { currentRequest } from '@primetrade/platform-request-context';
import { LRUCache } from 'lru-cache';

const TTL_SECONDS = 300;
/** How long a process believes that a session lasts, without asking. */
const BELIEVED_MS = 30_000;
const MAX_SESSIONS = 10_000;
/** Longer than any access token is taken: then it does not matter any more. */
const ENDED_MS = 16 * 60_000;
const MAX_ENDED = 50_000;

interface Lasting {
  userId: string;
  /** Last write of the account before it was asked whether the session lasts. */
  asOf: LastWrite;
}

/**
 * What a process knows of sessions: in its memory, then in the cache that it shares with others,
 * and else from whoever decides.
 *
 * That a session lasts is believed only while nothing was written to its account since it was
 * asked, so a sign-out counts before its answer arrives, whichever process gets the next request;
 * and only while the events of other processes arrive, which say what has ended.
 */
export class RememberedSessions {
  private readonly lasting = new LRUCache<string, Lasting>({ max: MAX_SESSIONS, ttl: BELIEVED_MS });
  private readonly ended = new LRUCache<string, true>({ max: MAX_ENDED, ttl: ENDED_MS });
  /** Raised whenever answers that are under way may be out of date. */
  private generation = 0;

  constructor(
    private readonly cache: Cache,
    private readonly events: EventBus,
    private readonly writes: AccountWrites,
  ) {
    events.all().subscribe((message) => this.hear(message));
  }

  /** @param ask whoever decides; its failure is passed on */
  async isLive(userId: string, sessionId: string, ask: () => Promise<boolean>): Promise<boolean> {
    if (this.ended.has(sessionId)) return false;
    const asOf = await this.writes.of(userId);
    if (this.believes(asOf) && this.lasting.get(sessionId)?.asOf === asOf) return true;
    const generation = this.generation;
    const live = await this.cache.wrap(cacheKey(sessionId), TTL_SECONDS, ask, { asOf });
    // Its end may have been heard of while it was asked.
    if (this.ended.has(sessionId)) return false;
    if (live && this.believes(asOf) && generation === this.generation) {
      this.lasting.set(sessionId, { userId, asOf });
    }
    return live;
  }

  /** Whether this process was told that a session has ended. It may have ended when it was not. */
  hasEnded(sessionId: string): boolean {
    return this.ended.has(sessionId);
  }

  /**
   * Makes the end of sessions count, here and everywhere. For whoever decides, after the commit.
   */
  async end(userId: string, sessionIds: readonly string[]): Promise<void> {
    // This process hears it too, before anything that waits goes on.
    for (const sessionId of sessionIds) {
      this.events.publish(userId, { type: 'session.revoked', sessionId });
    }
    await this.cache.invalidate(...sessionIds.map(cacheKey));
  }

  private believes(asOf: LastWrite): boolean {
    return this.events.complete && asOf !== 'unknown' && currentRequest()?.stale !== true;
  }

  private hear(message: UserEvent | 'missed'): void {
    if (message === 'missed') {
      this.generation += 1;
      this.lasting.clear();
      return;
    }
    if (message.event.type !== 'session.revoked') return;
    const { sessionId } = message.event;
    this.generation += 1;
    if (sessionId !== null) {
      this.ended.set(sessionId, true);
      this.lasting.delete(sessionId);
      return;
    }
    for (const [id, { userId }] of this.lasting.entries()) {
      if (userId === message.userId) this.lasting.delete(id);
    }
  }
}

function cacheKey(sessionId: string): string {
  return `session:{${sessionId}}`;
}
