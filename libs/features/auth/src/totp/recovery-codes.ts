import { Injectable } from '@nestjs/common';
import { Database, type Queries } from '@primetrade/platform-database';
import { SecretKeys } from '../crypto/secret-keys.js';
import { sha256 } from '../crypto/sha256.js';

const COUNT = 10;
const CHARACTERS = 24;
const GROUP = /.{6}(?=.)/g;
/** Crockford's base 32: no letter that looks like a digit. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/**
 * Codes that stand in for a lost authenticator app, each of them once. They have 120 bits, so a
 * plain digest of them may be stored (ASVS 5.0, 6.5.2).
 */
@Injectable()
export class RecoveryCodes {
  constructor(
    private readonly database: Database,
    private readonly keys: SecretKeys,
  ) {}

  /**
   * The codes that belong to a second factor. Computed from its random secret by a key of the
   * server, so that they can be shown again when the first answer was lost.
   *
   * @param secret as it is stored
   */
  of(secret: Buffer): string[] {
    return Array.from({ length: COUNT }, (_, index) => {
      const bytes = this.keys.mac('recovery-code', secret, String(index));
      const code = [...bytes.subarray(0, CHARACTERS)].map((byte) => ALPHABET[byte % 32]).join('');
      return code.replace(GROUP, '$&-');
    });
  }

  /** Replaces the codes that a user had. */
  async store(queries: Queries, userId: string, codes: readonly string[]): Promise<void> {
    await this.clear(queries, userId);
    await queries.query(
      `INSERT INTO auth.recovery_codes (user_id, code_hash) SELECT $1, unnest($2::bytea[])`,
      [userId, codes.map(digest)],
    );
  }

  async clear(queries: Queries, userId: string): Promise<void> {
    await queries.query(`DELETE FROM auth.recovery_codes WHERE user_id = $1`, [userId]);
  }

  /** Uses a code up, for good. @returns whether it was an unused one of this user */
  async use(userId: string, code: string): Promise<boolean> {
    const [, used] = await this.database.detached(() =>
      this.database.write(userId, (queries) =>
        queries.query<[unknown[], number]>(
          `UPDATE auth.recovery_codes SET used_at = now()
           WHERE user_id = $1 AND code_hash = $2 AND used_at IS NULL`,
          [userId, digest(code)],
        ),
      ),
    );
    return used > 0;
  }
}

/** People may leave out the dashes and write capitals. */
function digest(code: string): Buffer {
  return sha256(code.toLowerCase().replaceAll(/[^0-9a-z]/g, ''));
}
