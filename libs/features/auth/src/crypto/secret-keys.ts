import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type ConfigOf, InjectConfig } from '@primetrade/platform-config';
import { AuthConfig } from '../auth.config.js';

/** Each purpose has a key of its own, so that nothing made for one can be used for another. */
export type KeyPurpose =
  | 'refresh-child'
  | 'refresh-family'
  | 'device'
  | 'api-token'
  | 'recovery-code'
  | 'throttle'
  | 'signing-key'
  | 'totp-secret';

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Keys derived from AUTH_SECRET by HKDF-SHA-256, and what is done with them. */
@Injectable()
export class SecretKeys {
  private readonly keys = new Map<KeyPurpose, Buffer>();

  constructor(@InjectConfig(AuthConfig) private readonly config: ConfigOf<typeof AuthConfig>) {}

  /** HMAC-SHA-256: 32 bytes that only a holder of AUTH_SECRET can compute. */
  mac(purpose: KeyPurpose, ...parts: (Buffer | string)[]): Buffer {
    const hmac = createHmac('sha256', this.key(purpose));
    for (const part of parts) {
      const bytes = Buffer.from(part as string);
      // The length in front keeps ('ab', 'c') and ('a', 'bc') apart.
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      hmac.update(length).update(bytes);
    }
    return hmac.digest();
  }

  /**
   * Encrypts for storage.
   *
   * @param context names the place where it is stored; it opens nowhere else
   */
  seal(purpose: KeyPurpose, context: string, plain: Buffer): Buffer {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, this.key(purpose), iv).setAAD(Buffer.from(context));
    const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]);
  }

  /** @throws Error when it was sealed with another secret or for another place */
  open(purpose: KeyPurpose, context: string, stored: Buffer): Buffer {
    const decipher = createDecipheriv(CIPHER, this.key(purpose), stored.subarray(0, IV_BYTES), {
      authTagLength: TAG_BYTES,
    })
      .setAAD(Buffer.from(context))
      .setAuthTag(stored.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    return Buffer.concat([
      decipher.update(stored.subarray(IV_BYTES + TAG_BYTES)),
      decipher.final(),
    ]);
  }

  private key(purpose: KeyPurpose): Buffer {
    let key = this.keys.get(purpose);
    if (key === undefined) {
      const info = `primetrade/auth/${purpose}`;
      key = Buffer.from(hkdfSync('sha256', this.config.AUTH_SECRET, '', info, 32));
      this.keys.set(purpose, key);
    }
    return key;
  }
}
