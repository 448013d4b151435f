/**
 * Where in the primary's write-ahead log a user's last write ended: bytes from its beginning, as
 * `pg_current_wal_insert_lsn() - '0/0'` counts them, in decimal digits.
 */
export type WalPosition = `${bigint}`;

/**
 * `none`: this user has not written lately (see KEPT_MS). `unknown`: nobody can tell at the
 * moment, so only the primary has everything for certain.
 */
export type LastWrite = WalPosition | 'none' | 'unknown';

/** How long a position is remembered; a copy that is older than this must not be read at all. */
export const KEPT_MS = 600_000;

/**
 * Remembers where each user's last write ended, across all processes of a service. Copies of the
 * data (replicas, cached pages) may serve a user only when they hold that write.
 *
 * Equal answers, other than `unknown`, mean that nothing of the user was written in between: what
 * was read after the first of them is still true at the second.
 */
export abstract class LastWrites {
  /** Never fails: what cannot be found out is `unknown`. */
  abstract of(owner: string): Promise<LastWrite>;

  /**
   * Call it after the commit and before the caller is answered. Never fails.
   *
   * @returns false when other processes could not be told yet; until they are, they may take an
   *   older copy for good
   */
  abstract record(owner: string, position: WalPosition): Promise<boolean>;
}

/**
 * The last writes of accounts in the database of the auth service, seen from any service: whoever
 * remembers something of an account (that a session lasts) sees by it whether it may have changed.
 */
export abstract class AccountWrites {
  /** As LastWrites.of. */
  abstract of(userId: string): Promise<LastWrite>;
}
