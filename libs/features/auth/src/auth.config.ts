import { booleanFlag, defineConfig, durationMs } from '@primetrade/platform-config';
import { z } from 'zod';

const whole = (min: number, max: number, unit: string) =>
  z.coerce
    .number({ message: `must be a number of ${unit}` })
    .int(`must be a whole number of ${unit}`)
    .min(min, `must be at least ${min} ${unit}`)
    .max(max, `must be at most ${max} ${unit}`);

export const AuthConfig = defineConfig(
  'auth',
  z.object({
    /**
     * Root of all keys of this feature. Changing it ends every session (API tokens stay) and makes
     * stored second factors unreadable (recovery codes go on working).
     */
    AUTH_SECRET: z
      .string({ message: 'is required' })
      .min(32, 'must have at least 32 characters, such as 32 random bytes in base64'),
    /** Addresses, separated by commas, whose accounts become admin when they sign in. */
    AUTH_ADMIN_EMAILS: z
      .string()
      .transform((list) =>
        list
          .split(',')
          .map((email) => email.trim().toLowerCase())
          .filter(Boolean),
      )
      .default([]),
    ACCESS_TOKEN_SECONDS: whole(30, 900, 'seconds').default(900),
    /** Days without a refresh after which a session ends. */
    SESSION_IDLE_DAYS: whole(1, 365, 'days').default(30),
    /** Days after which a session ends however much it is used. */
    SESSION_MAX_DAYS: whole(1, 365, 'days').default(90),
    /** Age at which a new signing key takes over. */
    SIGNING_KEY_DAYS: whole(1, 3650, 'days').default(90),
    /** false only where people reach the web app over plain http on a local network. */
    COOKIE_SECURE: booleanFlag().default(true),
    /** Argon2id parameters; stored hashes follow when their owners sign in. */
    PASSWORD_HASH_MEMORY_KIB: whole(8, 1_048_576, 'KiB').default(19_456),
    PASSWORD_HASH_PASSES: whole(1, 100, 'passes').default(2),
    /** Hashes computed at once: each takes a core and its memory. */
    PASSWORD_HASH_CONCURRENCY: whole(1, 64, 'hashes').default(2),
    /** Longest wait for a turn; then the caller gets a 503. */
    PASSWORD_HASH_WAIT_MS: durationMs(0, 60_000).default(2_000),
  }),
);
