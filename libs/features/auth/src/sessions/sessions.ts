import { Injectable, Logger } from '@nestjs/common';
import { type ConfigOf, InjectConfig } from '@primetrade/platform-config';
import { Database, type Queries, uuidv7 } from '@primetrade/platform-database';
import { AppError } from '@primetrade/platform-errors';
import { AuthConfig } from '../auth.config.js';
import { sha256 } from '../crypto/sha256.js';
import { RefreshTokens, type TokenFamily } from './refresh-tokens.js';
import { SessionEntity } from './session.entity.js';
import { SessionLiveness } from './session-liveness.js';

/** How long the parent of the current token may be sent again: its answer may have been lost. */
export const RETRY_SECONDS = 10;
const MAX_LISTED = 200;

/** What is known of the program at the other end. */
export interface Client {
  ip: string;
  userAgent: string | null;
}

export interface OpenSession extends TokenFamily {
  refreshToken: string;
  /** When the refresh token stops working unless it is used. */
  expiresAt: Date;
}

interface SessionRow {
  expires_at: Date;
  is_retry: boolean;
  is_live: boolean;
}

/** Signed-in sessions. Each is one family of refresh tokens, of which only the newest works. */
@Injectable()
export class Sessions {
  private readonly logger = new Logger('Security');

  constructor(
    private readonly database: Database,
    private readonly tokens: RefreshTokens,
    private readonly liveness: SessionLiveness,
    @InjectConfig(AuthConfig) private readonly config: ConfigOf<typeof AuthConfig>,
  ) {}

  /** @throws AppError invalid_credentials when the account is being deleted */
  async start(userId: string, client: Client): Promise<OpenSession> {
    const family: TokenFamily = { userId, sessionId: uuidv7() };
    const refreshToken = this.tokens.first(family);
    const [row] = await this.database.write(userId, (queries) =>
      queries.query<{ expires_at: Date }[]>(
        // The lock keeps a deletion that starts now from missing this session.
        `INSERT INTO auth.sessions (id, user_id, token_hash, user_agent, ip, expires_at, ends_at)
         SELECT $1, id, $3, $4, $5,
           now() + make_interval(days => least($6::int, $7::int)), now() + make_interval(days => $7)
         FROM auth.users WHERE id = $2 AND deleting_at IS NULL FOR SHARE
         RETURNING expires_at`,
        [
          family.sessionId,
          userId,
          sha256(refreshToken),
          client.userAgent,
          client.ip,
          this.config.SESSION_IDLE_DAYS,
          this.config.SESSION_MAX_DAYS,
        ],
      ),
    );
    if (row === undefined) throw new AppError('invalid_credentials');
    return { ...family, refreshToken, expiresAt: row.expires_at };
  }

  /**
   * Exchanges a refresh token for its child. The same child is given again to who lost the answer
   * or asked several times at once; a token from before that is a stolen one, or its thief has the
   * newer one: either way the whole session ends, although the answer is an error.
   *
   * @throws AppError session_expired
   */
  async refresh(token: string, client: Client): Promise<OpenSession> {
    const family = this.tokens.read(token);
    if (family === undefined) throw expired();
    const refreshToken = this.tokens.child(family, token);
    const expiresAt = await this.database.detached(() =>
      this.database.write(family.userId, async (queries) => {
        const rotated = await this.rotate(queries, family, token, refreshToken, client);
        if (rotated !== undefined) return rotated;
        const row = await this.find(queries, family, token);
        if (row?.is_live && row.is_retry) return row.expires_at;
        if (row?.is_live) {
          this.logger.warn({ ...family }, 'an old refresh token was used again: session ended');
          await this.end(queries, family.userId, [family.sessionId]);
        }
        return undefined;
      }),
    );
    if (expiresAt === undefined) throw expired();
    return { ...family, refreshToken, expiresAt };
  }

  /** Sessions that last, the one used last first. */
  async list(userId: string): Promise<SessionEntity[]> {
    return this.database.read(userId, (queries) =>
      queries
        .createQueryBuilder(SessionEntity, 'session')
        .where('session.userId = :userId AND session.revokedAt IS NULL', { userId })
        .andWhere('session.expiresAt > now()')
        .orderBy('session.lastUsedAt', 'DESC')
        .limit(MAX_LISTED)
        .getMany(),
    );
  }

  /** Ends a session at once. @returns whether it was a lasting one of this user */
  async revoke(userId: string, sessionId: string): Promise<boolean> {
    return this.database.write(userId, async (queries) => {
      return (await this.end(queries, userId, [sessionId])) > 0;
    });
  }

  /** Ends the session that a refresh token belongs to, also when the token is an old one. */
  async revokeByToken(token: string): Promise<void> {
    const family = this.tokens.read(token);
    if (family !== undefined) await this.revoke(family.userId, family.sessionId);
  }

  /**
   * Ends a user's sessions at once.
   *
   * @param except the one to keep
   */
  async revokeAll(userId: string, except?: string): Promise<void> {
    await this.database.write(userId, (queries) => this.end(queries, userId, undefined, except));
  }

  private async rotate(
    queries: Queries,
    family: TokenFamily,
    token: string,
    child: string,
    client: Client,
  ): Promise<Date | undefined> {
    const [rows] = await queries.query<[{ expires_at: Date }[], number]>(
      `UPDATE auth.sessions SET
         token_hash = $4, parent_hash = $3, rotated_at = now(), last_used_at = now(),
         expires_at = least(now() + make_interval(days => $5), ends_at), ip = $6, user_agent = $7
       WHERE id = $1 AND user_id = $2 AND token_hash = $3
         AND revoked_at IS NULL AND expires_at > now()
       RETURNING expires_at`,
      [
        family.sessionId,
        family.userId,
        sha256(token),
        sha256(child),
        this.config.SESSION_IDLE_DAYS,
        client.ip,
        client.userAgent,
      ],
    );
    return rows[0]?.expires_at;
  }

  private async find(
    queries: Queries,
    family: TokenFamily,
    token: string,
  ): Promise<SessionRow | undefined> {
    const [row] = await queries.query<SessionRow[]>(
      `SELECT expires_at, revoked_at IS NULL AND expires_at > now() AS is_live,
         coalesce(parent_hash = $3 AND rotated_at > now() - make_interval(secs => $4), false)
           AS is_retry
       FROM auth.sessions WHERE id = $1 AND user_id = $2`,
      [family.sessionId, family.userId, sha256(token), RETRY_SECONDS],
    );
    return row;
  }

  private async end(
    queries: Queries,
    userId: string,
    only: readonly string[] | undefined,
    except?: string,
  ): Promise<number> {
    const [rows] = await queries.query<[{ id: string }[], number]>(
      `UPDATE auth.sessions SET revoked_at = now()
       WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > now()
         AND ($2::uuid[] IS NULL OR id = ANY ($2)) AND ($3::uuid IS NULL OR id <> $3)
       RETURNING id`,
      [userId, only ?? null, except ?? null],
    );
    const ids = rows.map((row) => row.id);
    if (ids.length > 0) {
      await this.database.afterCommit(() => this.liveness.ended(userId, ids));
    }
    return ids.length;
  }
}

function expired(): AppError {
  return new AppError('session_expired', { detail: 'Sign in again.' });
}
