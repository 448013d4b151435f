import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { type ConfigOf, InjectConfig } from '@primetrade/platform-config';
import { AppError } from '@primetrade/platform-errors';
import { AccessTokenConfig } from '../access/access-token.config.js';
import { type AccessClaims, AccessTokenReader } from '../access/access-token-reader.js';
import { type Principal, TokenVerifier } from '../token-verifier.js';
import { RemoteApiTokens } from './remote-api-tokens.js';
import { RemoteKeys } from './remote-keys.js';
import { RemoteSessions } from './remote-sessions.js';

/**
 * Says who a caller is in processes without the auth feature. Signatures are checked here, with
 * the keys that auth publishes.
 */
@Injectable()
export class RemoteTokenVerifier extends TokenVerifier implements OnApplicationBootstrap {
  private readonly reader: AccessTokenReader;

  constructor(
    private readonly keys: RemoteKeys,
    protected readonly sessions: RemoteSessions,
    private readonly apiTokens: RemoteApiTokens,
    @InjectConfig(AccessTokenConfig) config: ConfigOf<typeof AccessTokenConfig>,
  ) {
    super();
    this.reader = new AccessTokenReader(keys, config);
  }

  onApplicationBootstrap(): void {
    this.keys.prepare();
  }

  override async verifyAccessToken(token: string): Promise<Principal | undefined> {
    const claims = await this.reader.verify(token);
    if (claims === undefined || !(await this.lasts(claims))) return undefined;
    return { userId: claims.sub, role: claims.role, sessionId: claims.sid, scopes: null };
  }

  override verifyApiToken(token: string): Promise<Principal | undefined> {
    return this.apiTokens.verify(token);
  }

  /**
   * Without auth, a session that nobody here knows to have ended is taken to last: its token ends
   * within a quarter of an hour anyway.
   */
  protected async lasts({ sub, sid }: AccessClaims): Promise<boolean> {
    try {
      return await this.sessions.isLive(sub, sid);
    } catch (error) {
      if (!(error instanceof AppError) || error.status !== 503) throw error;
      return !this.sessions.hasEnded(sid);
    }
  }
}
