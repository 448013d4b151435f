import { Injectable } from '@nestjs/common';
import { Cache } from '@primetrade/platform-cache';
import { EventBus } from '@primetrade/platform-events';
import { LRUCache } from 'lru-cache';
import type { Subscription } from 'rxjs';
import { AUTH_INTERNAL, SessionAnswer } from '../internal-api.js';
import { AuthServiceClient } from './auth-service.client.js';

const TTL_SECONDS = 300;
/** How long this process believes a session without asking, while it would hear of its end. */
const BELIEVED_MS = 30_000;
const MAX_SESSIONS = 10_000;
/** Access tokens of an ended session have ended too by then. */
const ENDED_MS = 16 * 60_000;

/** Whether sessions last, as the auth service says: in memory, in the shared cache, or over HTTP. */
@Injectable()
export class RemoteSessions {
  private readonly lasting = new LRUCache<string, Subscription>({
    max: MAX_SESSIONS,
    ttl: BELIEVED_MS,
    dispose: (subscription) => subscription.unsubscribe(),
  });
  /** Sessions of which this process has heard that they ended. */
  private readonly ended = new LRUCache<string, true>({ max: MAX_SESSIONS, ttl: ENDED_MS });
  private generation = 0;

  constructor(
    private readonly auth: AuthServiceClient,
    private readonly cache: Cache,
    private readonly events: EventBus,
  ) {}

  /** @throws AppError unavailable when nobody here knows and auth is away */
  async isLive(userId: string, sessionId: string): Promise<boolean> {
    if (this.events.complete && this.lasting.has(sessionId)) return true;
    const generation = this.generation;
    const subscription = this.events.subscribe(userId).subscribe((event) => {
      const concerns =
        event === 'missed' ||
        (event.type === 'session.revoked' && [null, sessionId].includes(event.sessionId));
      if (!concerns) return;
      this.generation += 1;
      if (event !== 'missed') this.ended.set(sessionId, true);
      this.lasting.delete(sessionId);
    });
    let keep = false;
    try {
      const live = await this.cache.wrap(`session:{${sessionId}}`, TTL_SECONDS, () =>
        this.ask(userId, sessionId),
      );
      if (!live) this.ended.set(sessionId, true);
      keep = live && this.events.complete && generation === this.generation;
      if (keep) this.lasting.set(sessionId, subscription);
      return live;
    } finally {
      if (!keep) subscription.unsubscribe();
    }
  }

  hasEnded(sessionId: string): boolean {
    return this.ended.has(sessionId);
  }

  private async ask(userId: string, sessionId: string): Promise<boolean> {
    const path = `/${AUTH_INTERNAL}/accounts/${userId}/sessions/${sessionId}`;
    return (await this.auth.call({ method: 'GET', path, userId }, SessionAnswer)).live;
  }
}
