import * as OTPAuth from 'otpauth';

const STEP_MS = 30_000;

/**
 * The six digits that an authenticator app shows.
 *
 * @param secret base32, as the enrolment answers it
 * @param steps from now: 1 is the code of the next half minute, which a server takes because
 *   clocks differ. A code is good once, so tests that need several go from -1 up.
 */
export function totpCode(secret: string, steps = 0): string {
  const totp = new OTPAuth.TOTP({ secret: OTPAuth.Secret.fromBase32(secret) });
  return totp.generate({ timestamp: Date.now() + steps * STEP_MS });
}
