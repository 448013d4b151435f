import { Injectable } from '@nestjs/common';
import type { RegisterRequest } from '@primetrade/contracts';
import { Database, isUniqueViolation, uuidv7 } from '@primetrade/platform-database';
import { AppError } from '@primetrade/platform-errors';
import { UserEntity } from '../accounts/user.entity.js';
import { Users } from '../accounts/users.js';
import { Clock } from '../crypto/clock.js';
import { sha256 } from '../crypto/sha256.js';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { PasswordPolicy } from '../passwords/password-policy.js';
import type { Client } from '../sessions/sessions.js';
import { Credentials, type Origin } from './credentials.js';
import { SignIn, type SignedIn } from './sign-in.js';

/** For how long a repeated registration is recognised, as other repeats are. */
const REPEAT_MS = 48 * 3_600_000;

/** Makes accounts. */
@Injectable()
export class Registration {
  constructor(
    private readonly users: Users,
    private readonly policy: PasswordPolicy,
    private readonly hasher: PasswordHasher,
    private readonly credentials: Credentials,
    private readonly signIn: SignIn,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Makes an account and signs in to it.
   *
   * Other writes store their answer under the Idempotency-Key; this one must not, as the answer
   * holds tokens, which are nowhere stored in a form that works. The account remembers the key
   * instead: a repeat with the same key, address and password signs in to it anew.
   *
   * @param requestKey the Idempotency-Key
   * @throws AppError email_taken, password_compromised, too_many_attempts or overloaded
   */
  async register(
    request: RegisterRequest,
    requestKey: string | undefined,
    client: Client,
    from: Origin,
  ): Promise<SignedIn> {
    const user =
      (await this.create(request, requestKey)) ?? (await this.repeat(request, requestKey, from));
    if (user === undefined) {
      throw new AppError('email_taken', { detail: 'Sign in, or use another email address.' });
    }
    return this.signIn.open(user, client);
  }

  /** @returns undefined when the address has an account already */
  private async create(
    request: RegisterRequest,
    requestKey: string | undefined,
  ): Promise<UserEntity | undefined> {
    if ((await this.users.byEmail(request.email)) !== undefined) return undefined;
    await this.policy.check(request.password, request);
    const passwordHash = await this.hasher.hash(request.password);
    const id = uuidv7();
    try {
      return await this.database.write(id, async (queries) => {
        await queries.insert(UserEntity, {
          id,
          email: request.email,
          name: request.name,
          role: this.signIn.isAdmin(request.email) ? 'admin' : 'user',
          passwordHash,
          registrationKey: requestKey === undefined ? null : sha256(requestKey),
        });
        return queries.findOneByOrFail(UserEntity, { id });
      });
    } catch (error) {
      if (isUniqueViolation(error, 'idx_users_email')) return undefined;
      throw error;
    }
  }

  /** The account that an earlier request with this key made, if this is a repeat of that request. */
  private async repeat(
    request: RegisterRequest,
    requestKey: string | undefined,
    from: Origin,
  ): Promise<UserEntity | undefined> {
    const user = await this.users.byEmail(request.email);
    const isRepeat =
      user !== undefined &&
      requestKey !== undefined &&
      user.registrationKey?.equals(sha256(requestKey)) === true &&
      user.createdAt.getTime() > this.clock.now().getTime() - REPEAT_MS &&
      // The second factor is never passed by; it was set up after the first answer arrived.
      user.totpConfirmedAt === null;
    // The key may be guessable: the password is checked as at any sign-in, with the same waits.
    return isRepeat ? this.credentials.check(request.email, request.password, from) : undefined;
  }
}
