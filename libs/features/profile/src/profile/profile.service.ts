import { Injectable } from '@nestjs/common';
import { AccountClient, type AccountSummary } from '@primetrade/clients';
import type { Profile, UpdateProfileRequest } from '@primetrade/contracts';
import { Cache } from '@primetrade/platform-cache';
import {
  Database,
  meets,
  type Queries,
  versionCondition,
  versionMismatch,
} from '@primetrade/platform-database';
import { AppError } from '@primetrade/platform-errors';
import { EventBus } from '@primetrade/platform-events';
import { avatarPath } from '../avatar/avatar-path.js';
import type { ProfileEntity } from './profile.entity.js';
import { ProfileStore } from './profile.store.js';

const CACHE_SECONDS = 300;

/** Profiles, put together from the account and from what this feature keeps itself. */
@Injectable()
export class ProfileService {
  constructor(
    private readonly database: Database,
    private readonly store: ProfileStore,
    private readonly accounts: AccountClient,
    private readonly cache: Cache,
    private readonly events: EventBus,
  ) {}

  /** @throws AppError not_found when the account is gone or being deleted */
  async get(userId: string): Promise<Profile> {
    return this.cache.wrap(cacheKey(userId), CACHE_SECONDS, () => this.read(userId), {
      owner: userId,
    });
  }

  /**
   * Changes the given fields.
   *
   * @param ifMatch ETag of the version that the caller saw last
   * @throws AppError version_mismatch, or not_found when the account is gone or being deleted
   */
  async update(
    userId: string,
    { name, ...changes }: UpdateProfileRequest,
    ifMatch?: string,
  ): Promise<Profile> {
    return this.write(userId, async (queries, row) => {
      if (!meets(row.version, versionCondition(ifMatch) ?? 'any')) throw versionMismatch();
      const changed = await this.store.change(queries, userId, changes);
      // Last, since it may happen in another process, where this transaction cannot undo it.
      const account =
        name === undefined ? await this.account(userId) : await this.accounts.rename(userId, name);
      return toProfile(account, changed);
    });
  }

  /**
   * Runs a change of something that belongs to the profile: its version counts up, and caches and
   * open connections are told once it is committed.
   *
   * @param work runs in a transaction that holds the profile's lock
   * @throws AppError not_found when the account is gone or being deleted
   */
  async changePart(userId: string, work: (queries: Queries) => Promise<void>): Promise<Profile> {
    return this.write(userId, async (queries) => {
      await work(queries);
      const changed = await this.store.change(queries, userId);
      return toProfile(await this.account(userId), changed);
    });
  }

  /** Forgets the cached profile. */
  async forget(userId: string): Promise<void> {
    await this.cache.invalidate(cacheKey(userId));
  }

  private async write(
    userId: string,
    work: (queries: Queries, row: ProfileEntity) => Promise<Profile>,
  ): Promise<Profile> {
    return this.database.write(userId, async (queries) => {
      const profile = await work(queries, await this.store.lock(queries, userId));
      await this.database.afterCommit(async () => {
        await this.forget(userId);
        this.events.publish(userId, { type: 'profile.changed' });
      });
      return profile;
    });
  }

  private async read(userId: string): Promise<Profile> {
    const account = await this.account(userId);
    const row = await this.store.find(userId);
    if (row !== undefined) return toProfile(account, row);
    return this.database.write(userId, async (queries) => {
      const made = await this.store.lock(queries, userId);
      return toProfile(await this.account(userId), made);
    });
  }

  private async account(userId: string): Promise<AccountSummary> {
    const account = await this.accounts.get(userId);
    if (account === undefined) {
      throw new AppError('not_found', { detail: 'This account does not exist any more.' });
    }
    return account;
  }
}

const cacheKey = (userId: string) => `profile:{${userId}}`;

function toProfile(account: AccountSummary, row: ProfileEntity): Profile {
  return {
    id: account.id,
    email: account.email,
    name: account.name,
    bio: row.bio,
    timeZone: row.timeZone,
    weekStart: row.weekStart,
    theme: row.theme,
    avatarUrl: row.avatar ? avatarPath(row.userId, row.avatar.hash) : null,
    createdAt: account.createdAt,
    updatedAt: row.updatedAt.toISOString(),
    version: row.version,
  };
}
