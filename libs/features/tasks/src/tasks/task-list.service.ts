import { Injectable } from '@nestjs/common';
import type { Task, TaskListQuery } from '@primetrade/contracts';
import { Cache } from '@primetrade/platform-cache';
import { Database, encodeCursor } from '@primetrade/platform-database';
import { tasksCacheKey } from '../changes.service.js';
import { labelKey } from '../labels/label-names.js';
import { taskListStatement } from './task-list.statement.js';
import { SORT_ORDERS } from './task-sorts.js';

const CACHED_SECONDS = 300;

interface Row {
  json: string;
  title_key?: string;
}

/** Pages of tasks, as JSON text from the database or the cache to the socket. */
@Injectable()
export class TaskListService {
  constructor(
    private readonly database: Database,
    private readonly cache: Cache,
  ) {}

  /**
   * @returns a TaskPage as JSON text
   * @throws AppError `invalid_cursor`
   */
  async page(userId: string, query: TaskListQuery): Promise<string> {
    const variant = cacheVariant(query);
    if (variant === undefined) return this.fetch(userId, query);
    return this.cache.wrapText(
      tasksCacheKey(userId),
      CACHED_SECONDS,
      () => this.fetch(userId, query),
      { field: variant, owner: userId },
    );
  }

  private async fetch(userId: string, query: TaskListQuery): Promise<string> {
    const { text, values } = taskListStatement(userId, query);
    const rows: Row[] = await this.database.read(userId, (queries) => queries.query(text, values));
    const more = rows.length > query.limit;
    if (more) rows.pop();
    const items = rows.map((row) => row.json).join(',');
    const cursor = more ? JSON.stringify(cursorBehind(rows.at(-1)!, query)) : 'null';
    return `{"items":[${items}],"nextCursor":${cursor}}`;
  }
}

function cursorBehind(last: Row, query: TaskListQuery): string {
  const task = JSON.parse(last.json) as Task;
  return encodeCursor(query.sort, SORT_ORDERS[query.sort].position(task, last.title_key ?? ''));
}

/**
 * Names the page among a user's cached ones: first pages of the lists that clients show. Searches,
 * periods, later pages and the trash are asked for too rarely to be worth their memory.
 *
 * @returns undefined for what is not cached
 */
function cacheVariant(query: TaskListQuery): string | undefined {
  if (
    query.cursor !== undefined ||
    query.q !== undefined ||
    query.dueBefore !== undefined ||
    query.dueAfter !== undefined ||
    query.trash === 'true'
  ) {
    return undefined;
  }
  return JSON.stringify([
    query.sort,
    query.limit,
    query.status?.toSorted(),
    query.priority?.toSorted(),
    query.label === undefined ? undefined : labelKey(query.label),
    query.project,
    query.parent,
  ]);
}
