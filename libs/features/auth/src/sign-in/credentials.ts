import { Injectable, Logger } from '@nestjs/common';
import { Database } from '@primetrade/platform-database';
import { AppError } from '@primetrade/platform-errors';
import { networkOf } from '@primetrade/platform-rate-limit';
import { UserEntity } from '../accounts/user.entity.js';
import { Users } from '../accounts/users.js';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { AttemptThrottle } from '../throttle/attempt-throttle.js';
import { KnownDevices } from './known-devices.js';

/** Where a password comes from. */
export interface Origin {
  ip: string;
  /** The device cookie. */
  device: string | undefined;
}

/** Checks passwords: one hash and one answer whatever is wrong, and waits for who guesses. */
@Injectable()
export class Credentials {
  private readonly logger = new Logger('Security');

  constructor(
    private readonly users: Users,
    private readonly hasher: PasswordHasher,
    private readonly throttle: AttemptThrottle,
    private readonly devices: KnownDevices,
    private readonly database: Database,
  ) {}

  /**
   * The account that an address and a password belong to.
   *
   * @param email in lower case
   * @throws AppError too_many_attempts or overloaded
   */
  async check(email: string, password: string, from: Origin): Promise<UserEntity | undefined> {
    const device = this.devices.recognise(from.device, email);
    const subject =
      device === undefined
        ? ['password-by-address', email, networkOf(from.ip)]
        : ['password-by-device', email, device];
    const user = await this.throttle.attempt(subject, async () => {
      const found = await this.users.byEmail(email);
      const known = found?.deletingAt === null ? found : undefined;
      const matches = await this.hasher.verify(known?.passwordHash, password);
      return matches ? known : undefined;
    });
    if (user === undefined) this.logger.warn({ ip: from.ip }, 'a sign-in failed');
    else await this.renew(user, password);
    return user;
  }

  /**
   * Asks somebody who is signed in for their password once more.
   *
   * @param passwords of which one has to be the right one
   * @returns the right one
   * @throws AppError password_wrong, too_many_attempts or overloaded
   */
  async confirm(user: UserEntity, ...passwords: string[]): Promise<string> {
    const right = await this.throttle.attempt(['password-again', user.id], async () => {
      for (const password of passwords) {
        if (await this.hasher.verify(user.passwordHash, password)) return password;
      }
      return undefined;
    });
    if (right === undefined) throw new AppError('password_wrong');
    return right;
  }

  /** Hashes the password anew when the parameters have changed since. */
  private async renew(user: UserEntity, password: string): Promise<void> {
    if (!this.hasher.isOutdated(user.passwordHash)) return;
    const passwordHash = await this.hasher.hash(password);
    await this.database.write(user.id, (queries) =>
      // Unless the password was changed in the meantime.
      queries.update(
        UserEntity,
        { id: user.id, passwordHash: user.passwordHash },
        { passwordHash },
      ),
    );
    user.passwordHash = passwordHash;
  }
}
