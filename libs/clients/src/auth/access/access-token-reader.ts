import { hash } from 'node:crypto';
import { Role } from '@primetrade/contracts';
import type { ConfigOf } from '@primetrade/platform-config';
import { type CryptoKey, jwtVerify } from 'jose';
import { JOSEError, JWKSNoMatchingKey } from 'jose/errors';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import type { AccessTokenConfig } from './access-token.config.js';

/** What access tokens are signed by, and what their header says that they are. */
export const ACCESS_TOKEN_ALGORITHM = 'EdDSA';
export const ACCESS_TOKEN_TYPE = 'at+jwt';
/** How far the clocks of two machines may differ. */
const LEEWAY_SECONDS = 30;
const REMEMBERED_MS = 30_000;
const MAX_TOKENS = 10_000;

export const AccessClaims = z.object({
  sub: z.uuid(),
  sid: z.uuid(),
  role: Role,
  exp: z.number(),
});
export type AccessClaims = z.infer<typeof AccessClaims>;

export type VerificationKey = CryptoKey | Uint8Array;

/** Where the public keys come from that verify access tokens. */
export interface KeySource {
  /** @returns undefined when no valid key has this id */
  verification(kid: string): Promise<VerificationKey | undefined>;
}

/**
 * Checks everything that an access token says of itself; whether its session lasts is another
 * question. The same code in every service, whatever the source of the keys.
 */
export class AccessTokenReader {
  /** What tokens were found to say, by their digests: it does not change. */
  private readonly read = new LRUCache<string, AccessClaims>({
    max: MAX_TOKENS,
    ttl: REMEMBERED_MS,
  });

  /** @param now the wall clock */
  constructor(
    private readonly keys: KeySource,
    private readonly config: ConfigOf<typeof AccessTokenConfig>,
    private readonly now: () => Date = () => new Date(),
  ) {}

  /** @returns undefined when the token is not valid */
  async verify(token: string): Promise<AccessClaims | undefined> {
    const digest = hash('sha256', token, 'base64');
    const known = this.read.get(digest);
    if (known !== undefined) return this.hasExpired(known) ? undefined : known;
    const claims = await this.check(token);
    if (claims !== undefined) this.read.set(digest, claims);
    return claims;
  }

  private async check(token: string): Promise<AccessClaims | undefined> {
    try {
      const { payload } = await jwtVerify(
        token,
        async ({ kid }) => {
          const key = kid === undefined ? undefined : await this.keys.verification(kid);
          if (key === undefined) throw new JWKSNoMatchingKey();
          return key;
        },
        {
          algorithms: [ACCESS_TOKEN_ALGORITHM],
          typ: ACCESS_TOKEN_TYPE,
          issuer: this.config.AUTH_ISSUER,
          audience: this.config.AUTH_AUDIENCE,
          requiredClaims: ['sub', 'sid', 'role', 'iat', 'exp', 'jti'],
          clockTolerance: LEEWAY_SECONDS,
          currentDate: this.now(),
        },
      );
      const claims = AccessClaims.safeParse(payload);
      return claims.success ? claims.data : undefined;
    } catch (error) {
      if (error instanceof JOSEError) return undefined;
      throw error;
    }
  }

  private hasExpired(claims: AccessClaims): boolean {
    return claims.exp + LEEWAY_SECONDS <= Math.floor(this.now().getTime() / 1000);
  }
}
