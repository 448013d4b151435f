import { Injectable } from '@nestjs/common';
import type { ChangeEvent } from '@primetrade/contracts';
import { Cache } from '@primetrade/platform-cache';
import { Database } from '@primetrade/platform-database';
import { EventBus } from '@primetrade/platform-events';

/** An event that names more tasks than this would cost more than fetching them again. */
const MAX_IDS = 100;

/** Under which a user's pages of tasks are cached. */
export function tasksCacheKey(userId: string): string {
  return `user:{${userId}}:tasks`;
}

/** What follows a write: cached pages are forgotten, and open clients are told. */
@Injectable()
export class Changes {
  constructor(
    private readonly database: Database,
    private readonly cache: Cache,
    private readonly bus: EventBus,
  ) {}

  /** To be called within the transaction; takes effect once it is committed. */
  async announce(userId: string, ...events: ChangeEvent[]): Promise<void> {
    await this.database.afterCommit(async () => {
      await this.cache.invalidate(tasksCacheKey(userId));
      for (const event of events) this.bus.publish(userId, event);
    });
  }
}

/** The event that tells of changed tasks; `many` when nobody knows which. */
export function tasksChanged(ids: readonly string[] | 'many'): ChangeEvent {
  return { type: 'tasks.changed', ids: ids === 'many' || ids.length > MAX_IDS ? [] : [...ids] };
}
