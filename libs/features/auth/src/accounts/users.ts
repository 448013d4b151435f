import { Injectable } from '@nestjs/common';
import type { User } from '@primetrade/contracts';
import { Database, NO_OWNER } from '@primetrade/platform-database';
import { AppError } from '@primetrade/platform-errors';
import { UserEntity } from './user.entity.js';

/** Accounts by email address and id. */
@Injectable()
export class Users {
  constructor(private readonly database: Database) {}

  /**
   * Looked up in a `write`: whose replica may be read is not known before, and an account that was
   * made a moment ago has to be found.
   *
   * @param email in lower case
   */
  async byEmail(email: string): Promise<UserEntity | undefined> {
    const user = await this.database.write(NO_OWNER, (queries) =>
      queries.findOneBy(UserEntity, { email }),
    );
    return user ?? undefined;
  }

  /** An account that is not being deleted. */
  async byId(userId: string): Promise<UserEntity | undefined> {
    const user = await this.database.read(userId, (queries) =>
      queries.findOneBy(UserEntity, { id: userId }),
    );
    return user === null || user.deletingAt !== null ? undefined : user;
  }

  /** @throws AppError not_found */
  async require(userId: string): Promise<UserEntity> {
    const user = await this.byId(userId);
    if (user === undefined) throw new AppError('not_found');
    return user;
  }
}

/** An account as its owner sees it. */
export function toUser(user: UserEntity): User {
  return {
    id: user.id,
    email: user.email,
    name: user.name,
    role: user.role,
    totpEnabled: user.totpConfirmedAt !== null,
    createdAt: user.createdAt.toISOString(),
  };
}
