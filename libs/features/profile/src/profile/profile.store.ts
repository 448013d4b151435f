import { Injectable } from '@nestjs/common';
import { Database, type Queries } from '@primetrade/platform-database';
import { AppError } from '@primetrade/platform-errors';
import type { QueryDeepPartialEntity } from 'typeorm';
import { ProfileEntity } from './profile.entity.js';

/** The rows of profiles. A person has none until their profile is first read or written. */
@Injectable()
export class ProfileStore {
  constructor(private readonly database: Database) {}

  /** @returns undefined when there is no row yet */
  async find(userId: string): Promise<ProfileEntity | undefined> {
    return this.database.read(userId, (queries) => find(queries, userId));
  }

  /**
   * Locks a person's row until the end of the transaction; makes it where it is missing.
   *
   * Ask for the account after this and before the commit, and give up when it is gone: a deletion
   * closes the account first and then waits for this lock, so nothing stays behind it.
   */
  async lock(queries: Queries, userId: string): Promise<ProfileEntity> {
    await insert(queries, userId);
    const row = await find(queries, userId, true);
    if (row === undefined) throw new AppError('not_found');
    return row;
  }

  /** Changes a locked row, counts its version up and returns it. */
  async change(
    queries: Queries,
    userId: string,
    changes: QueryDeepPartialEntity<ProfileEntity> = {},
  ): Promise<ProfileEntity> {
    await queries.update(
      ProfileEntity,
      { userId },
      { ...changes, updatedAt: () => 'now()', version: () => 'version + 1' },
    );
    const row = await find(queries, userId);
    if (row === undefined) throw new AppError('not_found');
    return row;
  }

  /** Deletes everything that this feature holds of a person; does nothing when there is none. */
  async delete(userId: string): Promise<void> {
    await this.database.write(userId, async (queries) => {
      // Waits for whoever makes the row at this moment; the deletion would not see it otherwise.
      await insert(queries, userId);
      await queries.delete(ProfileEntity, { userId });
      await queries.query('DELETE FROM "profile".idempotency_keys WHERE user_id = $1', [userId]);
    });
  }
}

async function insert(queries: Queries, userId: string): Promise<void> {
  await queries.query(
    'INSERT INTO "profile".profiles (user_id) VALUES ($1) ON CONFLICT DO NOTHING',
    [userId],
  );
}

async function find(
  queries: Queries,
  userId: string,
  lock = false,
): Promise<ProfileEntity | undefined> {
  const query = queries
    .createQueryBuilder(ProfileEntity, 'profile')
    .leftJoinAndSelect('profile.avatar', 'avatar')
    .where('profile.userId = :userId', { userId });
  if (lock) query.setLock('pessimistic_write', undefined, ['profile']);
  return (await query.getOne()) ?? undefined;
}
