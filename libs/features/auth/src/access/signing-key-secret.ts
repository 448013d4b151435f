import type { ConfigOf } from '@primetrade/platform-config';
import type { AuthConfig } from '../auth.config.js';
import { SecretKeys } from '../crypto/secret-keys.js';

/**
 * Whether a signing key, as it is stored, was encrypted with this AUTH_SECRET.
 *
 * @param key `kid` and `private_key` of its row
 */
export function opensSigningKey(secret: string, key: { kid: string; sealed: Buffer }): boolean {
  const keys = new SecretKeys({ AUTH_SECRET: secret } as ConfigOf<typeof AuthConfig>);
  try {
    keys.open('signing-key', key.kid, key.sealed);
    return true;
  } catch {
    return false;
  }
}
