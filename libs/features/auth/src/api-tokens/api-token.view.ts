import type { ApiToken } from '@primetrade/contracts';
import type { ApiTokenEntity } from './api-token.entity.js';

/** A token as its owner sees it after it was made: without what lets one use it. */
export function toApiToken(token: ApiTokenEntity): ApiToken {
  return {
    id: token.id,
    name: token.name,
    scopes: token.scopes,
    createdAt: token.createdAt.toISOString(),
    expiresAt: token.expiresAt.toISOString(),
    lastUsedAt: token.lastUsedAt?.toISOString() ?? null,
  };
}
