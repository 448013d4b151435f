import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { ApiTokenAnswer, AUTH_INTERNAL } from '../internal-api.js';
import type { Principal } from '../token-verifier.js';
import { AuthServiceClient } from './auth-service.client.js';

const REMEMBERED_MS = 30_000;
const MAX_TOKENS = 10_000;

/** API tokens, as the auth service knows them. */
@Injectable()
export class RemoteApiTokens {
  /** By the digests of the tokens. */
  private readonly known = new LRUCache<string, Principal>({ max: MAX_TOKENS, ttl: REMEMBERED_MS });

  constructor(private readonly auth: AuthServiceClient) {}

  /** @throws AppError unavailable when auth is away and the token is not remembered */
  async verify(token: string): Promise<Principal | undefined> {
    const digest = hash('sha256', token, 'base64');
    const known = this.known.get(digest);
    if (known !== undefined) return known;
    const { principal } = await this.auth.call(
      {
        method: 'POST',
        path: `/${AUTH_INTERNAL}/api-tokens/verify`,
        body: { token },
        idempotent: true,
      },
      ApiTokenAnswer,
    );
    if (principal === null) return undefined;
    const found: Principal = { ...principal, sessionId: null };
    this.known.set(digest, found);
    return found;
  }
}
