import { Injectable } from '@nestjs/common';
import { Cache } from '@primetrade/platform-cache';
import { EventBus } from '@primetrade/platform-events';
import { AccountWrites } from '@primetrade/platform-own-writes';
import { AUTH_INTERNAL, SessionAnswer } from '../internal-api.js';
import { RememberedSessions } from '../remembered-sessions.js';
import { AuthServiceClient, VERIFICATION_MS } from './auth-service.client.js';

/** Whether sessions last: as this process remembers, else as the auth service says. */
@Injectable()
export class RemoteSessions {
  private readonly remembered: RememberedSessions;

  constructor(
    private readonly auth: AuthServiceClient,
    cache: Cache,
    events: EventBus,
    writes: AccountWrites,
  ) {
    this.remembered = new RememberedSessions(cache, events, writes);
  }

  /** @throws AppError unavailable when nobody here knows and auth is away */
  isLive(userId: string, sessionId: string): Promise<boolean> {
    return this.remembered.isLive(userId, sessionId, () => this.ask(userId, sessionId));
  }

  hasEnded(sessionId: string): boolean {
    return this.remembered.hasEnded(sessionId);
  }

  private async ask(userId: string, sessionId: string): Promise<boolean> {
    const path = `/${AUTH_INTERNAL}/accounts/${userId}/sessions/${sessionId}`;
    const call = { method: 'GET', path, userId, timeoutMs: VERIFICATION_MS } as const;
    return (await this.auth.call(call, SessionAnswer)).live;
  }
}
