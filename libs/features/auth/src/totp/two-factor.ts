import { Injectable, Logger } from '@nestjs/common';
import type { TotpEnrolResponse } from '@primetrade/contracts';
import { Database, type Queries } from '@primetrade/platform-database';
import { AppError } from '@primetrade/platform-errors';
import { UserEntity } from '../accounts/user.entity.js';
import { Users } from '../accounts/users.js';
import { sha256 } from '../crypto/sha256.js';
import { Credentials } from '../sign-in/credentials.js';
import { AttemptThrottle } from '../throttle/attempt-throttle.js';
import { RecoveryCodes } from './recovery-codes.js';
import { TotpCodes } from './totp-codes.js';

const ENABLED = 'Two-factor sign-in is on already. Turn it off first.';

/** Sets the second factor up and takes it away. */
@Injectable()
export class TwoFactor {
  private readonly logger = new Logger('Security');

  constructor(
    private readonly users: Users,
    private readonly credentials: Credentials,
    private readonly codes: TotpCodes,
    private readonly recovery: RecoveryCodes,
    private readonly throttle: AttemptThrottle,
    private readonly database: Database,
  ) {}

  /**
   * Makes a secret, which counts once a code of it was given. A repeat replaces it.
   *
   * @throws AppError password_wrong, conflict, too_many_attempts or overloaded
   */
  async enrol(userId: string, password: string): Promise<TotpEnrolResponse> {
    const user = await this.users.require(userId);
    await this.credentials.confirm(user, password);
    const { sealed, secret, uri } = this.codes.enrol(user);
    const [, changed] = await this.database.write(userId, (queries) =>
      queries.query<[unknown[], number]>(
        `UPDATE auth.users SET totp_secret = $2 WHERE id = $1 AND totp_confirmed_at IS NULL`,
        [userId, sealed],
      ),
    );
    if (changed === 0) throw new AppError('conflict', { detail: ENABLED });
    return { secret, uri };
  }

  /**
   * Turns two-factor sign-in on.
   *
   * @param requestKey the Idempotency-Key; a repeat gets the same recovery codes, which would
   *   otherwise be lost with the first answer
   * @returns the recovery codes
   * @throws AppError totp_invalid, conflict or too_many_attempts
   */
  async confirm(userId: string, code: string, requestKey: string | undefined): Promise<string[]> {
    const user = await this.users.require(userId);
    const secret = user.totpSecret;
    if (secret === null) {
      throw new AppError('conflict', { detail: 'Enrol an authenticator app first.' });
    }
    const codes = this.recovery.of(secret);
    if (user.totpConfirmedAt !== null) {
      const isRepeat =
        requestKey !== undefined && user.totpConfirmKey?.equals(sha256(requestKey)) === true;
      if (isRepeat) return codes;
      throw new AppError('conflict', { detail: ENABLED });
    }
    const step = await this.throttle.attempt(['second-factor', userId], () =>
      Promise.resolve(this.codes.stepOf(user, code)),
    );
    if (step === undefined) throw new AppError('totp_invalid');
    await this.database.write(userId, async (queries) => {
      await this.turnOn(queries, userId, secret, step, requestKey);
      await this.recovery.store(queries, userId, codes);
    });
    this.logger.log({ userId }, 'two-factor sign-in was turned on');
    return codes;
  }

  /**
   * Turns two-factor sign-in off; does nothing when it is off.
   *
   * @throws AppError password_wrong, too_many_attempts or overloaded
   */
  async disable(userId: string, password: string): Promise<void> {
    const user = await this.users.require(userId);
    await this.credentials.confirm(user, password);
    await this.database.write(userId, async (queries) => {
      // The last step stays: a code that was used is not good again for a secret made anew.
      await queries.update(
        UserEntity,
        { id: userId },
        { totpSecret: null, totpConfirmedAt: null, totpConfirmKey: null },
      );
      await this.recovery.clear(queries, userId);
    });
    this.logger.log({ userId }, 'two-factor sign-in was turned off');
  }

  private async turnOn(
    queries: Queries,
    userId: string,
    secret: Buffer,
    step: number,
    requestKey: string | undefined,
  ): Promise<void> {
    const [, changed] = await queries.query<[unknown[], number]>(
      `UPDATE auth.users
       SET totp_confirmed_at = now(), totp_last_step = $3, totp_confirm_key = $4
       WHERE id = $1 AND totp_secret = $2 AND totp_confirmed_at IS NULL`,
      [userId, secret, step, requestKey === undefined ? null : sha256(requestKey)],
    );
    if (changed === 0) {
      throw new AppError('conflict', { detail: 'It was changed in the meantime. Enrol again.' });
    }
  }
}
