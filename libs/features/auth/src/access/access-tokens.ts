import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ACCESS_TOKEN_ALGORITHM, ACCESS_TOKEN_TYPE, AccessTokenConfig } from '@primetrade/clients';
import type { Role } from '@primetrade/contracts';
import { type ConfigOf, InjectConfig } from '@primetrade/platform-config';
import { SignJWT } from 'jose';
import { AuthConfig } from '../auth.config.js';
import { Clock } from '../crypto/clock.js';
import { SigningKeys } from './signing-keys.js';

/** Signs access tokens: JWTs of the kind that RFC 9068 describes. AccessTokenReader verifies them. */
@Injectable()
export class AccessTokens {
  constructor(
    private readonly keys: SigningKeys,
    private readonly clock: Clock,
    @InjectConfig(AuthConfig) private readonly config: ConfigOf<typeof AuthConfig>,
    @InjectConfig(AccessTokenConfig) private readonly claims: ConfigOf<typeof AccessTokenConfig>,
  ) {}

  /** Seconds for which a token is valid. */
  get lifetime(): number {
    return this.config.ACCESS_TOKEN_SECONDS;
  }

  async sign(caller: { userId: string; sessionId: string; role: Role }): Promise<string> {
    const { kid, key } = await this.keys.signing();
    const now = this.clock.seconds();
    return new SignJWT({ sid: caller.sessionId, role: caller.role })
      .setProtectedHeader({ alg: ACCESS_TOKEN_ALGORITHM, typ: ACCESS_TOKEN_TYPE, kid })
      .setIssuer(this.claims.AUTH_ISSUER)
      .setAudience(this.claims.AUTH_AUDIENCE)
      .setSubject(caller.userId)
      .setJti(randomUUID())
      .setIssuedAt(now)
      .setExpirationTime(now + this.lifetime)
      .sign(key);
  }
}
