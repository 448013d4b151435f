import { Injectable } from '@nestjs/common';
import { type Principal, TokenVerifier } from '@primetrade/clients';
import { LRUCache } from 'lru-cache';
import { ApiTokens } from '../api-tokens/api-tokens.js';
import { sha256 } from '../crypto/sha256.js';
import { SessionLiveness } from '../sessions/session-liveness.js';
import { type AccessClaims, AccessTokens } from './access-tokens.js';

const CACHED_MS = 30_000;
const MAX_TOKENS = 10_000;

/** Says who a caller is, for every feature of this process. */
@Injectable()
export class TokenVerifierService extends TokenVerifier {
  /**
   * What signed tokens were found to say, by their digests. That does not change; whether the
   * session lasts does, and is asked each time.
   */
  private readonly verified = new LRUCache<string, AccessClaims>({
    max: MAX_TOKENS,
    ttl: CACHED_MS,
  });

  constructor(
    private readonly tokens: AccessTokens,
    private readonly sessions: SessionLiveness,
    private readonly apiTokens: ApiTokens,
  ) {
    super();
  }

  override async verifyAccessToken(token: string): Promise<Principal | undefined> {
    const claims = await this.read(token);
    if (claims === undefined || !(await this.sessions.isLive(claims.sub, claims.sid))) {
      return undefined;
    }
    return { userId: claims.sub, role: claims.role, sessionId: claims.sid, scopes: null };
  }

  override verifyApiToken(token: string): Promise<Principal | undefined> {
    return this.apiTokens.verify(token);
  }

  private async read(token: string): Promise<AccessClaims | undefined> {
    const digest = sha256(token).toString('base64');
    const known = this.verified.get(digest);
    if (known !== undefined) return this.tokens.hasExpired(known) ? undefined : known;
    const claims = await this.tokens.verify(token);
    if (claims !== undefined) this.verified.set(digest, claims);
    return claims;
  }
}
