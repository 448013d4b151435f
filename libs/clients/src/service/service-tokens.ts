import { hkdfSync } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type ConfigOf, InjectConfig } from '@primetrade/platform-config';
import { jwtVerify, SignJWT } from 'jose';
import { JOSEError } from 'jose/errors';
import { z } from 'zod';
import { ServiceIdentityConfig } from './service-identity.config.js';

/** Who may call the internal API of another. */
const CALLERS = ['gateway', 'auth', 'tasks', 'profile', 'ops'] as const;
export type Caller = (typeof CALLERS)[number];

const ALGORITHM = 'HS256';
const TYPE = 'svc+jwt';
const LIFETIME_SECONDS = 60;
/** How far the clocks of two machines may differ. */
const LEEWAY_SECONDS = 30;

const Claims = z.object({ iss: z.enum(CALLERS), sub: z.uuid().optional() });

/** What a verified service token says. */
export interface ServiceIdentity {
  /** The service that calls. */
  caller: Caller;
  /** The user for whom it does; undefined where the call concerns no one user. */
  userId: string | undefined;
}

/** By which services know each other: JWTs for one called service, valid for a minute. */
@Injectable()
export class ServiceTokens {
  /** What is signed with. */
  private readonly key: Uint8Array;
  private readonly accepted: readonly Uint8Array[];

  constructor(@InjectConfig(ServiceIdentityConfig) config: ConfigOf<typeof ServiceIdentityConfig>) {
    this.key = keyOf(config.SERVICE_SECRET);
    const other = config.SERVICE_SECRET_ACCEPTED;
    this.accepted = other === undefined ? [this.key] : [this.key, keyOf(other)];
  }

  /**
   * @param audience the service that is called
   * @param userId for whom
   */
  async sign(caller: Caller, audience: Caller, userId: string | undefined): Promise<string> {
    const token = new SignJWT()
      .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
      .setIssuer(caller)
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime(`${LIFETIME_SECONDS}s`);
    if (userId !== undefined) token.setSubject(userId);
    return token.sign(this.key);
  }

  /**
   * @param audience the service that was called
   * @returns undefined when the token is not valid, expired, or for another service
   */
  async verify(token: string, audience: Caller): Promise<ServiceIdentity | undefined> {
    for (const key of this.accepted) {
      const identity = await this.verifyWith(key, token, audience);
      if (identity !== undefined) return identity;
    }
    return undefined;
  }

  private async verifyWith(
    key: Uint8Array,
    token: string,
    audience: Caller,
  ): Promise<ServiceIdentity | undefined> {
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: [ALGORITHM],
        typ: TYPE,
        audience,
        requiredClaims: ['iss', 'iat', 'exp'],
        // Whatever its own end says.
        maxTokenAge: LIFETIME_SECONDS,
        clockTolerance: LEEWAY_SECONDS,
      });
      const claims = Claims.safeParse(payload);
      if (!claims.success) return undefined;
      return { caller: claims.data.iss, userId: claims.data.sub };
    } catch (error) {
      if (error instanceof JOSEError) return undefined;
      throw error;
    }
  }
}

function keyOf(secret: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', 'primetrade/service-tokens', 32));
}
