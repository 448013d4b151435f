import type { Role } from '@primetrade/contracts';

export interface AccountSummary {
  id: string;
  email: string;
  name: string;
  role: Role;
  /** ISO 8601. */
  createdAt: string;
}

/** Everything that the auth feature keeps of a person, without secrets. */
export type AccountExport = Record<string, unknown>;

/** What other features need of an account. Its name and email address live in auth alone. */
export abstract class AccountClient {
  /** @returns undefined when there is no such account, or it is being deleted */
  abstract get(userId: string): Promise<AccountSummary | undefined>;

  /** @throws AppError not_found */
  abstract rename(userId: string, name: string): Promise<AccountSummary>;

  abstract export(userId: string): Promise<AccountExport>;

  /**
   * Checks the password, ends all sessions and tokens at once and keeps the person from signing
   * in; what the other features hold can then be deleted in peace.
   *
   * @throws AppError password_wrong, not_found or too_many_attempts
   */
  abstract startDeletion(userId: string, password: string): Promise<void>;

  /** Deletes the account itself, after everything else; does nothing when it is gone already. */
  abstract finishDeletion(userId: string): Promise<void>;

  /** Accounts whose deletion was started more than a minute ago and not finished: at most 100. */
  abstract unfinishedDeletions(): Promise<string[]>;
}
