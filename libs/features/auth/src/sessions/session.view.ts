import type { Session } from '@primetrade/contracts';
import type { SessionEntity } from './session.entity.js';

/**
 * A session as its owner sees it.
 *
 * @param current id of the session that asks
 */
export function toSession(session: SessionEntity, current?: string | null): Session {
  return {
    id: session.id,
    current: session.id === current,
    userAgent: session.userAgent,
    ip: session.ip,
    createdAt: session.createdAt.toISOString(),
    lastUsedAt: session.lastUsedAt.toISOString(),
    expiresAt: session.expiresAt.toISOString(),
  };
}
