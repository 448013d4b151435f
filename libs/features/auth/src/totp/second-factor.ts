import { Injectable, Logger } from '@nestjs/common';
import { Database } from '@primetrade/platform-database';
import { AppError } from '@primetrade/platform-errors';
import type { UserEntity } from '../accounts/user.entity.js';
import { AttemptThrottle } from '../throttle/attempt-throttle.js';
import { RecoveryCodes } from './recovery-codes.js';
import { TotpCodes } from './totp-codes.js';

/** Checks the second factor of a sign-in: a code of the authenticator app or a recovery code. */
@Injectable()
export class SecondFactor {
  private readonly logger = new Logger('Security');

  constructor(
    private readonly codes: TotpCodes,
    private readonly recovery: RecoveryCodes,
    private readonly throttle: AttemptThrottle,
    private readonly database: Database,
  ) {}

  /**
   * @param user whose password was right
   * @throws AppError totp_required, totp_invalid or too_many_attempts
   */
  async check(user: UserEntity, given: string | undefined): Promise<void> {
    if (given === undefined) throw new AppError('totp_required');
    // By account alone: whoever gets here knows the password, from however many addresses.
    const passed = await this.throttle.attempt(['second-factor', user.id], async () =>
      (await this.matches(user, given)) ? true : undefined,
    );
    if (passed === undefined) {
      this.logger.warn({ userId: user.id }, 'a second factor was wrong');
      throw new AppError('totp_invalid');
    }
  }

  private async matches(user: UserEntity, given: string): Promise<boolean> {
    if (!/^\d{6}$/.test(given)) return this.recovery.use(user.id, given);
    const step = this.codes.stepOf(user, given);
    return step !== undefined && this.useStep(user.id, step);
  }

  /** Each time step is good for one sign-in, so that a code that was seen is worth nothing. */
  private async useStep(userId: string, step: number): Promise<boolean> {
    const [, used] = await this.database.detached(() =>
      this.database.write(userId, (queries) =>
        queries.query<[unknown[], number]>(
          `UPDATE auth.users SET totp_last_step = $2
           WHERE id = $1 AND totp_confirmed_at IS NOT NULL
             AND (totp_last_step IS NULL OR totp_last_step < $2)`,
          [userId, step],
        ),
      ),
    );
    return used > 0;
  }
}
