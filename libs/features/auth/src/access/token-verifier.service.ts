import { Injectable } from '@nestjs/common';
import {
  AccessTokenConfig,
  AccessTokenReader,
  type Principal,
  TokenVerifier,
} from '@primetrade/clients';
import { type ConfigOf, InjectConfig } from '@primetrade/platform-config';
import { ApiTokens } from '../api-tokens/api-tokens.js';
import { Clock } from '../crypto/clock.js';
import { SessionLiveness } from '../sessions/session-liveness.js';
import { SigningKeys } from './signing-keys.js';

/** Says who a caller is, for every feature of this process. */
@Injectable()
export class TokenVerifierService extends TokenVerifier {
  private readonly reader: AccessTokenReader;

  constructor(
    keys: SigningKeys,
    clock: Clock,
    @InjectConfig(AccessTokenConfig) config: ConfigOf<typeof AccessTokenConfig>,
    private readonly sessions: SessionLiveness,
    private readonly apiTokens: ApiTokens,
  ) {
    super();
    this.reader = new AccessTokenReader(keys, config, () => clock.now());
  }

  override async verifyAccessToken(token: string): Promise<Principal | undefined> {
    const claims = await this.reader.verify(token);
    if (claims === undefined || !(await this.sessions.isLive(claims.sub, claims.sid))) {
      return undefined;
    }
    return { userId: claims.sub, role: claims.role, sessionId: claims.sid, scopes: null };
  }

  override verifyApiToken(token: string): Promise<Principal | undefined> {
    return this.apiTokens.verify(token);
  }
}
