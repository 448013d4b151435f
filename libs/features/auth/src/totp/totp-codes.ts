import { Injectable, Logger } from '@nestjs/common';
import { Secret, TOTP } from 'otpauth';
import type { UserEntity } from '../accounts/user.entity.js';
import { Clock } from '../crypto/clock.js';
import { SecretKeys } from '../crypto/secret-keys.js';

const ISSUER = 'PrimeTrade';
const PERIOD_SECONDS = 30;
const SECRET_BYTES = 20;
/** Codes of the step before and after are taken too: clocks differ, and typing takes time. */
const WINDOW = 1;

/** Time-based codes (RFC 6238) as every authenticator app makes them: SHA-1, 6 digits, 30 s. */
@Injectable()
export class TotpCodes {
  private readonly logger = new Logger('Security');

  constructor(
    private readonly keys: SecretKeys,
    private readonly clock: Clock,
  ) {}

  /** A new secret: sealed for storage, and as its owner enters it into the app. */
  enrol(user: Pick<UserEntity, 'id' | 'email'>): { sealed: Buffer; secret: string; uri: string } {
    const secret = new Secret({ size: SECRET_BYTES });
    const totp = new TOTP({ issuer: ISSUER, label: user.email, secret, period: PERIOD_SECONDS });
    return {
      sealed: this.keys.seal('totp-secret', user.id, Buffer.from(secret.bytes)),
      secret: secret.base32,
      uri: totp.toString(),
    };
  }

  /** @returns the time step that a code is right for, or undefined */
  stepOf(user: Pick<UserEntity, 'id' | 'totpSecret'>, code: string): number | undefined {
    const secret = this.open(user);
    if (secret === undefined) return undefined;
    const totp = new TOTP({ secret, period: PERIOD_SECONDS });
    const timestamp = this.clock.now().getTime();
    const offset = totp.validate({ token: code, timestamp, window: WINDOW });
    return offset === null ? undefined : totp.counter({ timestamp }) + offset;
  }

  private open(user: Pick<UserEntity, 'id' | 'totpSecret'>): Secret | undefined {
    if (user.totpSecret === null) return undefined;
    try {
      const bytes = this.keys.open('totp-secret', user.id, user.totpSecret);
      return new Secret({ buffer: new Uint8Array(bytes).buffer });
    } catch {
      this.logger.warn(
        { userId: user.id },
        'a second factor was stored under another AUTH_SECRET; only recovery codes work',
      );
      return undefined;
    }
  }
}
