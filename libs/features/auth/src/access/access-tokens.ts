import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Role } from '@primetrade/contracts';
import { type ConfigOf, InjectConfig } from '@primetrade/platform-config';
import { jwtVerify, SignJWT } from 'jose';
import { JOSEError, JWKSNoMatchingKey } from 'jose/errors';
import { z } from 'zod';
import { AuthConfig } from '../auth.config.js';
import { Clock } from '../crypto/clock.js';
import { ALGORITHM, SigningKeys } from './signing-keys.js';

const TYPE = 'at+jwt';
/** How far the clocks of two machines may differ. */
const LEEWAY_SECONDS = 30;

const Claims = z.object({ sub: z.uuid(), sid: z.uuid(), role: Role, exp: z.number() });
export type AccessClaims = z.infer<typeof Claims>;

/** Signed access tokens: JWTs of the kind that RFC 9068 describes. */
@Injectable()
export class AccessTokens {
  constructor(
    private readonly keys: SigningKeys,
    private readonly clock: Clock,
    @InjectConfig(AuthConfig) private readonly config: ConfigOf<typeof AuthConfig>,
  ) {}

  /** Seconds for which a token is valid. */
  get lifetime(): number {
    return this.config.ACCESS_TOKEN_SECONDS;
  }

  async sign(claims: { userId: string; sessionId: string; role: Role }): Promise<string> {
    const { kid, key } = await this.keys.signing();
    const now = this.clock.seconds();
    return new SignJWT({ sid: claims.sessionId, role: claims.role })
      .setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid })
      .setIssuer(this.config.AUTH_ISSUER)
      .setAudience(this.config.AUTH_AUDIENCE)
      .setSubject(claims.userId)
      .setJti(randomUUID())
      .setIssuedAt(now)
      .setExpirationTime(now + this.lifetime)
      .sign(key);
  }

  /**
   * Checks everything that a token says of itself; whether its session lasts is another question.
   *
   * @returns undefined when it is not valid
   */
  async verify(token: string): Promise<AccessClaims | undefined> {
    try {
      const { payload } = await jwtVerify(
        token,
        async ({ kid }) => {
          const key = kid === undefined ? undefined : await this.keys.verification(kid);
          if (key === undefined) throw new JWKSNoMatchingKey();
          return key;
        },
        {
          algorithms: [ALGORITHM],
          typ: TYPE,
          issuer: this.config.AUTH_ISSUER,
          audience: this.config.AUTH_AUDIENCE,
          requiredClaims: ['sub', 'sid', 'role', 'iat', 'exp', 'jti'],
          clockTolerance: LEEWAY_SECONDS,
          currentDate: this.clock.now(),
        },
      );
      const claims = Claims.safeParse(payload);
      return claims.success ? claims.data : undefined;
    } catch (error) {
      if (error instanceof JOSEError) return undefined;
      throw error;
    }
  }

  /** Whether a token that was valid has expired since. */
  hasExpired(claims: AccessClaims): boolean {
    return claims.exp + LEEWAY_SECONDS <= this.clock.seconds();
  }
}
