import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { withoutDeadline } from '@primetrade/platform-request-context';
import { DataSource, type EntityManager } from 'typeorm';
import { capturing } from './connections/commit-capture.js';
import {
  databaseAway,
  isNotMade,
  isRetryable,
  schemaAway,
  translateDatabaseError,
} from './database-errors.js';
import { ReadRouter } from './replication/read-router.js';
import { WriteRecorder } from './replication/write-recorder.js';
import { RequiredSchemas } from './schema/required-schemas.js';

/** What statements run on: TypeORM's entity manager, within a transaction or not. */
export type Queries = EntityManager;

interface Transaction {
  manager: EntityManager;
  afterCommit: (() => Promise<void> | void)[];
}

const MAX_ATTEMPTS = 3;

/**
 * The way to the data. Every access names the user whose data it is, so that reads can be routed:
 * users always read their own writes.
 */
@Injectable()
export class Database {
  private readonly logger = new Logger('Database');
  private readonly ambient = new AsyncLocalStorage<Transaction>();

  constructor(
    @InjectDataSource() private readonly source: DataSource,
    private readonly router: ReadRouter,
    private readonly recorder: WriteRecorder,
    private readonly schemas: RequiredSchemas,
  ) {}

  /**
   * Runs statements that only read: on a replica that is known to hold all that the owner has
   * written, or on the primary. Within a `write` they see what it has written so far. While the
   * primary is away, a request is served by the freshest replica, and marked as stale.
   *
   * @param owner id of the user whose data is read; NO_OWNER always reads the primary
   * @param work may run more than once, as the server that it runs on may fail
   * @throws AppError `unavailable` or `overloaded` when the database does not serve
   */
  async read<T>(owner: string, work: (queries: Queries) => Promise<T>): Promise<T> {
    const current = this.ambient.getStore();
    try {
      return await (current === undefined ? this.router.read(owner, work) : work(current.manager));
    } catch (error) {
      throw this.translate(error);
    }
  }

  /**
   * Runs statements in one transaction: all of them count, or none. Within another `write` it
   * joins that transaction. A deadlock is tried again, so `work` may run more than once and must
   * leave everything outside the database to `afterCommit`.
   *
   * @param owner id of the user whose data is written
   * @throws AppError `unavailable` or `overloaded` when the database does not serve
   */
  async write<T>(owner: string, work: (queries: Queries) => Promise<T>): Promise<T> {
    const current = this.ambient.getStore();
    if (current !== undefined) return work(current.manager);
    for (let attempt = 1; ; attempt += 1) {
      const afterCommit: Transaction['afterCommit'] = [];
      const commit = this.recorder.begin(owner, 'transaction');
      try {
        this.requireConnected();
        const result = await capturing(commit, () =>
          this.source.transaction((manager) =>
            this.ambient.run({ manager, afterCommit }, () => work(manager)),
          ),
        );
        await this.recorder.finish(owner, commit);
        await this.settle(afterCommit);
        return result;
      } catch (error) {
        // What may have been committed must not be hidden by caches and replicas either.
        if (commit.outcome === 'unknown') {
          await this.recorder.finish(owner, commit);
          await this.settle(afterCommit);
        }
        if (attempt < MAX_ATTEMPTS && isRetryable(error)) continue;
        throw this.translate(error);
      }
    }
  }

  /**
   * Runs one statement that writes. Outside of a `write` it is a transaction of its own, without
   * the two round trips that begin and end one; within, it is part of that.
   *
   * @param owner id of the user whose data is written
   * @param work sends exactly one statement
   * @throws AppError `unavailable` or `overloaded` when the database does not serve
   */
  async writeOne<T>(owner: string, work: (queries: Queries) => Promise<T>): Promise<T> {
    const current = this.ambient.getStore();
    if (current !== undefined) return work(current.manager);
    const commit = this.recorder.begin(owner, 'statement');
    try {
      this.requireConnected();
      return await capturing(commit, () => work(this.source.manager));
    } catch (error) {
      throw this.translate(error);
    } finally {
      await this.recorder.finish(owner, commit);
    }
  }

  /**
   * Runs `work` once the current transaction is committed, before its caller goes on; never if it
   * is rolled back. Outside a transaction it runs at once. Its failure is logged, not thrown: the
   * write has happened. Where the connection ends in the middle of the commit, nobody knows what
   * became of it, and the work runs as well: it must do no harm when there was no write.
   */
  async afterCommit(work: () => Promise<void> | void): Promise<void> {
    const current = this.ambient.getStore();
    if (current === undefined) await this.settle([work]);
    else current.afterCommit.push(work);
  }

  /**
   * Runs `work` outside of the current transaction, so that what it writes stays although the
   * transaction is rolled back: failed attempts, revocations.
   */
  async detached<T>(work: () => Promise<T>): Promise<T> {
    return this.ambient.exit(work);
  }

  private async settle(works: Transaction['afterCommit']): Promise<void> {
    for (const work of works) {
      try {
        // Outside of the transaction's context, whose connection is released by now, and to its
        // end, however little time the request has left: the write has happened.
        await this.ambient.exit(() => withoutDeadline(work));
      } catch (error) {
        this.logger.error({ err: error }, 'work after a commit failed');
      }
    }
  }

  private translate(error: unknown): unknown {
    const early = !this.schemas.areMet && isNotMade(error);
    return early ? schemaAway(error) : translateDatabaseError(error);
  }

  /** Before it was connected for the first time, TypeORM does not even know the entities. */
  private requireConnected(): void {
    if (!this.source.isInitialized) throw databaseAway();
  }
}
