import { Injectable, Logger } from '@nestjs/common';
import { Database, NO_OWNER } from '@primetrade/platform-database';
import { AppError } from '@primetrade/platform-errors';
import { SecretKeys } from '../crypto/secret-keys.js';

/** The first wait comes after this many failures in a row. */
const FREE_FAILURES = 5;
const LONGEST_SECONDS = 900;

/** Failures in a row with the one that is counted now; a day without any begins anew. */
const NEXT = `CASE WHEN stored.last_at < now() - interval '1 day' THEN 1 ELSE stored.failures + 1 END`;

/**
 * When the attempt after these failures may be made: at once, then 1, 2, 4 … 900 seconds later.
 * "At once" is before any clock, as attempts made at the same moment do not begin in order.
 */
const BLOCKED_UNTIL = `CASE WHEN (${NEXT}) < ${FREE_FAILURES} THEN '-infinity'::timestamptz
  ELSE now() + make_interval(secs =>
    least(${LONGEST_SECONDS}, power(2, least((${NEXT}) - ${FREE_FAILURES}, 20)))) END`;

/**
 * Counts failed attempts at a secret and makes whoever fails again and again wait, twice as long
 * each time. Kept in PostgreSQL, by its clock: restarts and other processes do not forgive.
 */
@Injectable()
export class AttemptThrottle {
  private readonly logger = new Logger('Security');

  constructor(
    private readonly database: Database,
    private readonly keys: SecretKeys,
  ) {}

  /**
   * Makes one attempt. It counts as failed before it is made, so that many at once cannot slip
   * through, and is forgiven when it succeeds. Neither depends on the caller's transaction.
   *
   * @param subject what is attempted, and by whom
   * @param work answers undefined when the attempt failed
   * @throws AppError too_many_attempts, without making it
   */
  async attempt<T>(
    subject: readonly string[],
    work: () => Promise<T | undefined>,
  ): Promise<T | undefined> {
    const key = this.keys.mac('throttle', ...subject);
    await this.count(key, subject[0]);
    let result: T | undefined;
    try {
      result = await work();
    } catch (error) {
      // It was not tried: an overloaded server must not count against anyone.
      await this.takeBack(key);
      throw error;
    }
    if (result !== undefined) await this.clear(key);
    return result;
  }

  private async count(key: Buffer, kind: string | undefined): Promise<void> {
    const wait = await this.write(async (query) => {
      const counted = await query(
        `INSERT INTO auth.failed_attempts AS stored (key, failures, last_at, blocked_until)
         VALUES ($1, 1, now(), '-infinity')
         ON CONFLICT (key) DO UPDATE SET
           failures = ${NEXT}, last_at = now(),
           blocked_until = ${BLOCKED_UNTIL}
         WHERE stored.blocked_until <= now()
         RETURNING 1`,
        [key],
      );
      if (counted.length > 0) return undefined;
      const [row] = (await query(
        `SELECT ceil(extract(epoch FROM blocked_until - now()))::int AS seconds
         FROM auth.failed_attempts WHERE key = $1`,
        [key],
      )) as { seconds: number }[];
      return Math.max(1, row?.seconds ?? 1);
    });
    if (wait === undefined) return;
    this.logger.warn({ kind, retryAfter: wait }, 'an attempt was refused after too many failures');
    throw new AppError('too_many_attempts', {
      detail: `Try again in ${wait} seconds.`,
      retryAfter: wait,
    });
  }

  private async takeBack(key: Buffer): Promise<void> {
    await this.write((query) =>
      query(
        `UPDATE auth.failed_attempts SET failures = greatest(0, failures - 1), blocked_until = '-infinity'
         WHERE key = $1`,
        [key],
      ),
    );
  }

  private async clear(key: Buffer): Promise<void> {
    await this.write((query) => query(`DELETE FROM auth.failed_attempts WHERE key = $1`, [key]));
  }

  private write<T>(
    work: (query: (sql: string, values: unknown[]) => Promise<unknown[]>) => Promise<T>,
  ): Promise<T> {
    return this.database.detached(() =>
      this.database.write(NO_OWNER, (queries) =>
        work((sql, values) => queries.query<unknown[]>(sql, values)),
      ),
    );
  }
}
