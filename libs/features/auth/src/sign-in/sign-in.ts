import { Injectable } from '@nestjs/common';
import type { AuthResponse, LoginRequest } from '@primetrade/contracts';
import { type ConfigOf, InjectConfig } from '@primetrade/platform-config';
import { Database } from '@primetrade/platform-database';
import { AppError } from '@primetrade/platform-errors';
import { Counter, registry } from '@primetrade/platform-metrics';
import { AccessTokens } from '../access/access-tokens.js';
import { UserEntity } from '../accounts/user.entity.js';
import { toUser, Users } from '../accounts/users.js';
import { AuthConfig } from '../auth.config.js';
import { type Client, type OpenSession, Sessions } from '../sessions/sessions.js';
import { SecondFactor } from '../totp/second-factor.js';
import { Credentials, type Origin } from './credentials.js';

const signIns = new Counter({
  name: 'auth_sign_ins_total',
  help: 'Attempts to sign in by result: succeeded, or refused with the code of the error.',
  labelNames: ['result'],
  registers: [registry],
});

/** A session that has just been opened or prolonged, and what its owner is told. */
export interface SignedIn {
  response: AuthResponse;
  session: OpenSession;
}

/** Opens and prolongs sessions. */
@Injectable()
export class SignIn {
  constructor(
    private readonly credentials: Credentials,
    private readonly secondFactor: SecondFactor,
    private readonly users: Users,
    private readonly sessions: Sessions,
    private readonly tokens: AccessTokens,
    private readonly database: Database,
    @InjectConfig(AuthConfig) private readonly config: ConfigOf<typeof AuthConfig>,
  ) {}

  /**
   * Checks all that proves who somebody is: the password and, where it is set up, the second
   * factor.
   *
   * @throws AppError invalid_credentials, totp_required, totp_invalid, too_many_attempts or
   *   overloaded
   */
  async authenticate(request: LoginRequest, from: Origin): Promise<UserEntity> {
    try {
      const user = await this.credentials.check(request.email, request.password, from);
      if (user === undefined) throw new AppError('invalid_credentials');
      if (user.totpConfirmedAt !== null) await this.secondFactor.check(user, request.totp);
      signIns.inc({ result: 'succeeded' });
      return user;
    } catch (error) {
      signIns.inc({ result: error instanceof AppError ? error.code : 'internal_error' });
      throw error;
    }
  }

  /** Opens a session for somebody who has proved who they are. */
  async open(user: UserEntity, client: Client): Promise<SignedIn> {
    await this.promote(user);
    return this.signedIn(user, await this.sessions.start(user.id, client));
  }

  /** @throws AppError session_expired */
  async refresh(refreshToken: string, client: Client): Promise<SignedIn> {
    const session = await this.sessions.refresh(refreshToken, client);
    const user = await this.users.byId(session.userId);
    if (user === undefined) throw new AppError('session_expired', { detail: 'Sign in again.' });
    return this.signedIn(user, session);
  }

  /** The role that a new account of this address gets. */
  isAdmin(email: string): boolean {
    return this.config.AUTH_ADMIN_EMAILS.includes(email);
  }

  private async signedIn(user: UserEntity, session: OpenSession): Promise<SignedIn> {
    const accessToken = await this.tokens.sign({
      userId: user.id,
      sessionId: session.sessionId,
      role: user.role,
    });
    const response = { user: toUser(user), accessToken, expiresIn: this.tokens.lifetime };
    return { response, session };
  }

  /** AUTH_ADMIN_EMAILS may have got an address since its account was made. */
  private async promote(user: UserEntity): Promise<void> {
    if (user.role === 'admin' || !this.isAdmin(user.email)) return;
    await this.database.write(user.id, (queries) =>
      queries.update(UserEntity, { id: user.id }, { role: 'admin' }),
    );
    user.role = 'admin';
  }
}
