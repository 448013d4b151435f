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
 */
export abstract class LastWrites {
  /** Never fails: what cannot be found out is `unknown`. */
  abstract of(owner: string): Promise<LastWrite>;

  /**
   * Call it after the commit and before the caller is answered. Never fails.
   *
   * @returns false when other processes could not be told; until they are, they may take an older
   *   copy for good
   */
  abstract record(owner: string, position: WalPosition): Promise<boolean>;
}
