import { Injectable, Logger } from '@nestjs/common';
import { AccountClient, type AccountExport, type AccountSummary } from '@primetrade/clients';
import { Database, NO_OWNER } from '@primetrade/platform-database';
import { toApiToken } from '../api-tokens/api-token.view.js';
import { ApiTokens } from '../api-tokens/api-tokens.js';
import { toSession } from '../sessions/session.view.js';
import { Sessions } from '../sessions/sessions.js';
import { Credentials } from '../sign-in/credentials.js';
import { toUser, Users } from './users.js';
import { UserEntity } from './user.entity.js';

const MAX_UNFINISHED = 100;

/** What the other features get to know and do of accounts. */
@Injectable()
export class AccountService extends AccountClient {
  private readonly logger = new Logger('Security');

  constructor(
    private readonly users: Users,
    private readonly sessions: Sessions,
    private readonly apiTokens: ApiTokens,
    private readonly credentials: Credentials,
    private readonly database: Database,
  ) {
    super();
  }

  override async get(userId: string): Promise<AccountSummary | undefined> {
    const user = await this.users.byId(userId);
    return user === undefined ? undefined : summaryOf(user);
  }

  override async rename(userId: string, name: string): Promise<AccountSummary> {
    return this.database.write(userId, async (queries) => {
      await queries.query(
        `UPDATE auth.users SET name = $2, updated_at = now() WHERE id = $1 AND deleting_at IS NULL`,
        [userId, name],
      );
      return summaryOf(await this.users.require(userId));
    });
  }

  override async export(userId: string): Promise<AccountExport> {
    const user = await this.users.require(userId);
    const sessions = await this.sessions.list(userId);
    const tokens = await this.apiTokens.list(userId);
    return {
      user: toUser(user),
      sessions: sessions.map((session) => toSession(session)),
      apiTokens: tokens.map(toApiToken),
    };
  }

  override async startDeletion(userId: string, password: string): Promise<void> {
    const user = await this.users.require(userId);
    await this.credentials.confirm(user, password);
    // For good, whatever becomes of the transaction that the caller may be in.
    await this.database.detached(() =>
      this.database.write(userId, async (queries) => {
        await queries.query(
          `UPDATE auth.users SET deleting_at = now() WHERE id = $1 AND deleting_at IS NULL`,
          [userId],
        );
        await this.sessions.revokeAll(userId);
        await this.apiTokens.revokeAll(userId);
      }),
    );
    this.logger.log({ userId }, 'an account is being deleted');
  }

  override async finishDeletion(userId: string): Promise<void> {
    await this.database.write(userId, (queries) =>
      // Sessions, tokens and recovery codes go with it, by their foreign keys.
      queries.query(`DELETE FROM auth.users WHERE id = $1 AND deleting_at IS NOT NULL`, [userId]),
    );
  }

  override async unfinishedDeletions(): Promise<string[]> {
    const rows = await this.database.write(NO_OWNER, (queries) =>
      queries.query<{ id: string }[]>(
        `SELECT id FROM auth.users WHERE deleting_at < now() - interval '1 minute'
         ORDER BY deleting_at LIMIT $1`,
        [MAX_UNFINISHED],
      ),
    );
    return rows.map((row) => row.id);
  }
}

function summaryOf(user: UserEntity): AccountSummary {
  const { id, email, name, role } = user;
  return { id, email, name, role, createdAt: user.createdAt.toISOString() };
}
