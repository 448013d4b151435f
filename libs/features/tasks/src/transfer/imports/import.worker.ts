import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { ChangeEvent } from '@primetrade/contracts';
import { Database, RequiredSchemas } from '@primetrade/platform-database';
import { AppError } from '@primetrade/platform-errors';
import { JobRunner } from '@primetrade/platform-jobs';
import { outsideOfRequest } from '@primetrade/platform-request-context';
import { DataSource } from 'typeorm';
import { Changes, tasksChanged } from '../../changes.service.js';
import { type BatchOutcome, failImport, insertNextBatch } from './import-batch.js';
import { type Lease, returnLease, takeLease } from './import-lease.js';

/** So many imports run at once in one process. */
const PARALLEL = 2;
/** How soon an import goes on whose process has died, once its lease is over. */
const LOOK_EVERY_MS = 10_000;
/** A batch that failed so often would fail for ever. */
const MAX_ATTEMPTS = 5;
/** Clients are told of progress at most this often; of the end always. */
const TELL_EVERY_MS = 300;

/**
 * Carries out imports, batch by batch. Any process on the database may go on with any import; a
 * lease sees to it that one at a time does.
 */
@Injectable()
export class ImportWorker
  implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown
{
  private readonly logger = new Logger('Imports');
  private readonly running = new Set<Promise<void>>();
  /** Whether someone asked while all were busy, perhaps after they had looked last. */
  private woken = false;
  private stopped = false;

  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
    private readonly jobs: JobRunner,
    private readonly schemas: RequiredSchemas,
    @InjectDataSource() private readonly source: DataSource,
  ) {}

  onModuleInit(): void {
    this.jobs.add({
      name: 'tasks:imports',
      everyMs: LOOK_EVERY_MS,
      run: () => {
        this.wake();
        return Promise.resolve();
      },
    });
  }

  /** What an earlier process left unfinished. */
  onApplicationBootstrap(): void {
    void this.schemas.met.then(() => this.wake());
  }

  /** Waits for the batches that run now, and leaves the rest to other processes. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.running);
  }

  /** Looks for imports to carry out; returns at once. */
  wake(): void {
    if (this.stopped) return;
    if (this.running.size >= PARALLEL) {
      this.woken = true;
      return;
    }
    this.woken = false;
    const run = outsideOfRequest(() => this.work())
      .catch((error: unknown) => {
        this.logger.warn({ err: error }, 'an import paused; it goes on later');
      })
      .finally(() => {
        this.running.delete(run);
        if (this.woken) this.wake();
      });
    this.running.add(run);
  }

  private async work(): Promise<void> {
    while (!this.stopped) {
      const lease = await takeLease(this.source);
      if (lease === undefined) return;
      await this.carryOut(lease);
    }
  }

  private async carryOut(lease: Lease): Promise<void> {
    if (lease.attempts > MAX_ATTEMPTS) {
      await this.fail(
        lease,
        'Something went wrong on our side, several times. Try it again later.',
      );
      return;
    }
    let toldAt = -Infinity;
    for (;;) {
      if (this.stopped) {
        await this.database.write(lease.userId, (queries) => returnLease(queries, lease));
        return;
      }
      const tell = performance.now() - toldAt >= TELL_EVERY_MS;
      const outcome = await this.next(lease, tell);
      if (outcome !== 'more') return;
      if (tell) toldAt = performance.now();
    }
  }

  /** @param tell whether clients are told although the import is not finished */
  private async next(lease: Lease, tell: boolean): Promise<BatchOutcome> {
    try {
      return await this.database.write(lease.userId, async (queries) => {
        const outcome = await insertNextBatch(queries, lease);
        const events = tell || outcome === 'finished' ? progressOf(lease) : [];
        await this.changes.announce(lease.userId, ...events);
        return outcome;
      });
    } catch (error) {
      // A limit of the account, say; what is our fault or the database's may pass.
      if (!(error instanceof AppError) || error.status >= 500) throw error;
      await this.fail(lease, error.message);
      return 'finished';
    }
  }

  private async fail(lease: Lease, failure: string): Promise<void> {
    await this.database.write(lease.userId, async (queries) => {
      await failImport(queries, lease, failure);
      await this.changes.announce(lease.userId, ...progressOf(lease));
    });
  }
}

function progressOf(lease: Lease): ChangeEvent[] {
  return [tasksChanged('many'), { type: 'import.progress', id: lease.importId }];
}
