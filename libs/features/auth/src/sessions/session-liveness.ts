import { Injectable } from '@nestjs/common';
import { RememberedSessions } from '@primetrade/clients';
import { Cache } from '@primetrade/platform-cache';
import { Database } from '@primetrade/platform-database';
import { EventBus } from '@primetrade/platform-events';
import { AccountWrites } from '@primetrade/platform-own-writes';

/** Whether sessions still last: as this process remembers, else as PostgreSQL says. */
@Injectable()
export class SessionLiveness {
  private readonly remembered: RememberedSessions;

  constructor(
    private readonly database: Database,
    cache: Cache,
    events: EventBus,
    writes: AccountWrites,
  ) {
    this.remembered = new RememberedSessions(cache, events, writes);
  }

  isLive(userId: string, sessionId: string): Promise<boolean> {
    return this.remembered.isLive(userId, sessionId, () => this.load(userId, sessionId));
  }

  /** Makes the end of sessions count, here and everywhere. Call it after the commit. */
  ended(userId: string, sessionIds: readonly string[]): Promise<void> {
    return this.remembered.end(userId, sessionIds);
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
