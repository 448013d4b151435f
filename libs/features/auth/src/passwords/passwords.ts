import { Injectable, Logger } from '@nestjs/common';
import type { Principal } from '@primetrade/clients';
import type { ChangePasswordRequest } from '@primetrade/contracts';
import { Database } from '@primetrade/platform-database';
import { AppError } from '@primetrade/platform-errors';
import { UserEntity } from '../accounts/user.entity.js';
import { Users } from '../accounts/users.js';
import { Sessions } from '../sessions/sessions.js';
import { Credentials } from '../sign-in/credentials.js';
import { PasswordHasher } from './password-hasher.js';
import { PasswordPolicy } from './password-policy.js';

/** Changes passwords. */
@Injectable()
export class Passwords {
  private readonly logger = new Logger('Security');

  constructor(
    private readonly users: Users,
    private readonly credentials: Credentials,
    private readonly policy: PasswordPolicy,
    private readonly hasher: PasswordHasher,
    private readonly sessions: Sessions,
    private readonly database: Database,
  ) {}

  /**
   * Sets a new password and ends all sessions but the one that asks. API tokens stay: they are
   * listed and revoked one by one.
   *
   * @param principal the session that asks
   * @param requestKey the Idempotency-Key; with one, finding the new password in place already
   *   means that the first answer was lost
   * @throws AppError password_wrong, password_compromised, conflict, too_many_attempts or overloaded
   */
  async change(
    { userId, sessionId }: Principal,
    { currentPassword, newPassword }: ChangePasswordRequest,
    requestKey: string | undefined,
  ): Promise<void> {
    const user = await this.users.require(userId);
    const accepted = requestKey === undefined ? [] : [newPassword];
    const found = await this.credentials.confirm(user, currentPassword, ...accepted);
    if (found !== currentPassword) return;
    await this.policy.check(newPassword, user);
    const passwordHash = await this.hasher.hash(newPassword);
    await this.database.write(userId, async (queries) => {
      // Of two changes at once, one counts: the other was made knowing a password that is none now.
      const changed = await queries.update(
        UserEntity,
        { id: userId, passwordHash: user.passwordHash },
        { passwordHash },
      );
      if (changed.affected === 0) {
        throw new AppError('conflict', { detail: 'The password was changed in the meantime.' });
      }
      await this.sessions.revokeAll(userId, sessionId ?? undefined);
    });
    this.logger.log({ userId }, 'a password was changed');
  }
}
