import { Injectable, Logger } from '@nestjs/common';
import { API_TOKEN_PREFIX, type Principal, RememberedTokens } from '@primetrade/clients';
import type { CreateApiTokenRequest, Role, Scope } from '@primetrade/contracts';
import { Database, NO_OWNER, type Queries, uuidv7 } from '@primetrade/platform-database';
import { AppError } from '@primetrade/platform-errors';
import { AccountWrites } from '@primetrade/platform-own-writes';
import { Clock } from '../crypto/clock.js';
import { SecretKeys } from '../crypto/secret-keys.js';
import { sha256 } from '../crypto/sha256.js';
import { ApiTokenEntity } from './api-token.entity.js';

export const MAX_TOKENS_PER_USER = 50;

interface KnownToken {
  principal: Principal;
  expiresAtMs: number;
}

interface TokenRow {
  id: string;
  user_id: string;
  role: Role;
  scopes: Scope[];
  expires_at: Date;
  use_is_old: boolean;
}

/**
 * Personal API tokens. A token is computed from its id by a key of the server, 256 bits of it, so
 * that a repeated request can be answered with the same token although only its digest is stored.
 */
@Injectable()
export class ApiTokens {
  private readonly logger = new Logger('Security');
  private readonly remembered: RememberedTokens<KnownToken>;

  constructor(
    private readonly database: Database,
    private readonly keys: SecretKeys,
    private readonly clock: Clock,
    writes: AccountWrites,
  ) {
    this.remembered = new RememberedTokens(writes);
  }

  /**
   * @param requestKey the Idempotency-Key; a repeat gets the token that the first one made
   * @throws AppError limit_reached or idempotency_key_reused
   */
  async create(
    userId: string,
    request: CreateApiTokenRequest,
    requestKey: string | undefined,
  ): Promise<{ entity: ApiTokenEntity; token: string }> {
    return this.database.write(userId, async (queries) => {
      // Creations of one account go one after another: the limit and the key are exact.
      const owner = await queries.query<unknown[]>(
        `SELECT 1 FROM auth.users WHERE id = $1 AND deleting_at IS NULL FOR UPDATE`,
        [userId],
      );
      if (owner.length === 0) throw new AppError('not_found');
      const fingerprint = sha256(
        JSON.stringify([request.name, request.scopes.toSorted(), request.expiresInDays]),
      );
      const earlier = await this.made(queries, userId, requestKey, fingerprint);
      if (earlier !== undefined) return { entity: earlier, token: this.tokenOf(earlier.id) };
      if ((await queries.countBy(ApiTokenEntity, { userId })) >= MAX_TOKENS_PER_USER) {
        throw new AppError('limit_reached', {
          detail: `An account has at most ${MAX_TOKENS_PER_USER} API tokens. Delete one first.`,
        });
      }
      const id = uuidv7();
      const token = this.tokenOf(id);
      await queries.query(
        `INSERT INTO auth.api_tokens
           (id, user_id, name, token_hash, scopes, request_key, request_fingerprint, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, now() + make_interval(days => $8))`,
        [
          id,
          userId,
          request.name,
          sha256(token),
          request.scopes,
          requestKey === undefined ? null : sha256(requestKey),
          fingerprint,
          request.expiresInDays,
        ],
      );
      return { entity: await queries.findOneByOrFail(ApiTokenEntity, { id, userId }), token };
    });
  }

  /** A user's tokens that have not expired, newest first. */
  async list(userId: string): Promise<ApiTokenEntity[]> {
    return this.database.read(userId, (queries) =>
      queries
        .createQueryBuilder(ApiTokenEntity, 'token')
        .where('token.userId = :userId AND token.expiresAt > now()', { userId })
        .orderBy('token.createdAt', 'DESC')
        .addOrderBy('token.id', 'DESC')
        .limit(MAX_TOKENS_PER_USER)
        .getMany(),
    );
  }

  /** Ends the use of a token at once. @throws AppError not_found */
  async revoke(userId: string, tokenId: string): Promise<void> {
    const deleted = await this.database.write(userId, async (queries) => {
      await this.database.afterCommit(() => this.remembered.forget());
      return queries.delete(ApiTokenEntity, { id: tokenId, userId });
    });
    if (deleted.affected === 0) throw new AppError('not_found');
  }

  /** Ends the use of all tokens of a user at once. */
  async revokeAll(userId: string): Promise<void> {
    await this.database.write(userId, async (queries) => {
      await this.database.afterCommit(() => this.remembered.forget());
      await queries.delete(ApiTokenEntity, { userId });
    });
  }

  /** @returns undefined when the token is unknown, expired or revoked */
  async verify(token: string): Promise<Principal | undefined> {
    const digest = sha256(token);
    const known = await this.remembered.get(digest.toString('base64'), () => this.look(digest));
    if (known === undefined || known.expiresAtMs <= this.clock.now().getTime()) return undefined;
    return known.principal;
  }

  private async look(digest: Buffer): Promise<KnownToken | undefined> {
    const row = await this.find(digest);
    if (row === undefined) return undefined;
    if (row.use_is_old) await this.touch(row);
    return {
      expiresAtMs: row.expires_at.getTime(),
      principal: { userId: row.user_id, role: row.role, sessionId: null, scopes: row.scopes },
    };
  }

  private async find(digest: Buffer): Promise<TokenRow | undefined> {
    // In a `write`, as whose replica may be read is not known before.
    const [row] = await this.database.write(NO_OWNER, (queries) =>
      queries.query<TokenRow[]>(
        `SELECT token.id, token.user_id, users.role, token.scopes, token.expires_at,
           coalesce(token.last_used_at < now() - interval '1 minute', true) AS use_is_old
         FROM auth.api_tokens token JOIN auth.users users ON users.id = token.user_id
         WHERE token.token_hash = $1 AND token.expires_at > now() AND users.deleting_at IS NULL`,
        [digest],
      ),
    );
    return row;
  }

  /** Notes the use of a token, at most once a minute. */
  private async touch(row: TokenRow): Promise<void> {
    try {
      await this.database.detached(() =>
        this.database.write(row.user_id, (queries) =>
          queries.query(
            `UPDATE auth.api_tokens SET last_used_at = now()
             WHERE id = $1 AND user_id = $2
               AND coalesce(last_used_at < now() - interval '1 minute', true)`,
            [row.id, row.user_id],
          ),
        ),
      );
    } catch (error) {
      // A database that takes no writes for now must not keep readers out.
      this.logger.warn({ err: error }, 'the use of an API token could not be noted');
    }
  }

  private async made(
    queries: Queries,
    userId: string,
    requestKey: string | undefined,
    fingerprint: Buffer,
  ): Promise<ApiTokenEntity | undefined> {
    if (requestKey === undefined) return undefined;
    const made = await queries
      .createQueryBuilder(ApiTokenEntity, 'token')
      .addSelect('token.requestFingerprint')
      .where({ userId, requestKey: sha256(requestKey) })
      .getOne();
    if (made === null) return undefined;
    if (!made.requestFingerprint?.equals(fingerprint)) {
      throw new AppError('idempotency_key_reused', {
        detail: 'Send a new Idempotency-Key with a new request.',
      });
    }
    return made;
  }

  private tokenOf(id: string): string {
    return API_TOKEN_PREFIX + this.keys.mac('api-token', id).toString('base64url');
  }
}
