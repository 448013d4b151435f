import { AccountClient, type AccountExport, type AccountSummary } from '@primetrade/clients';
import { AppError } from '@primetrade/platform-errors';

export const PASSWORD = 'correct horse battery';

/** The accounts of a test, in memory. */
export class InMemoryAccounts extends AccountClient {
  private readonly accounts = new Map<string, AccountSummary>();
  private readonly closed = new Set<string>();
  /** How often an account was looked up. */
  lookUps = 0;
  /** Holds back what a look-up has found. */
  hold: () => Promise<void> = () => Promise.resolve();

  add(id: string, name = 'Anna'): void {
    const createdAt = '2026-01-02T03:04:05.678Z';
    const email = `${id.slice(-4)}@example.org`;
    this.accounts.set(id, { id, email, name, role: 'user', createdAt });
  }

  override async get(userId: string): Promise<AccountSummary | undefined> {
    this.lookUps += 1;
    const found = this.closed.has(userId) ? undefined : this.accounts.get(userId);
    await this.hold();
    return found;
  }

  override async rename(userId: string, name: string): Promise<AccountSummary> {
    const account = await this.get(userId);
    if (account === undefined) throw new AppError('not_found');
    account.name = name;
    return account;
  }

  override async export(userId: string): Promise<AccountExport> {
    const account = await this.get(userId);
    if (account === undefined) throw new AppError('not_found');
    return { email: account.email, sessions: [] };
  }

  override async startDeletion(userId: string, password: string): Promise<void> {
    if (!this.accounts.has(userId)) throw new AppError('not_found');
    if (password !== PASSWORD) throw new AppError('password_wrong');
    this.closed.add(userId);
  }

  override async finishDeletion(userId: string): Promise<void> {
    this.accounts.delete(userId);
    this.closed.delete(userId);
  }

  override async unfinishedDeletions(): Promise<string[]> {
    return [...this.closed];
  }

  has(userId: string): boolean {
    return this.accounts.has(userId);
  }
}
