import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type BeforeApplicationShutdown,
} from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { RequiredSchemas } from '@primetrade/platform-database';
import { DataSource } from 'typeorm';

export interface Job {
  /** Names the job and its lock. */
  name: string;
  everyMs: number;
  /** Does a bounded piece of work; must be safe to run again after a crash half-way. */
  run(): Promise<void>;
}

/**
 * Runs recurring jobs. Among all processes on one database, one at a time runs a given job: each
 * run takes an advisory lock, and who does not get it leaves the run to whoever has it.
 */
@Injectable()
export class JobRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Jobs');
  private readonly jobs: Job[] = [];
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly running = new Set<Promise<void>>();
  private stopped = false;

  constructor(
    @InjectDataSource() private readonly source: DataSource,
    private readonly schemas: RequiredSchemas,
  ) {}

  add(job: Job): void {
    this.jobs.push(job);
  }

  onApplicationBootstrap(): void {
    // There is nothing to be done in tables that are not made yet.
    void this.schemas.met.then(() => {
      if (this.stopped) return;
      // Spread over the period, so that the replicas of a service do not all ask at once.
      for (const job of this.jobs) {
        this.schedule(job, Math.random() * Math.min(job.everyMs, 60_000));
      }
    });
  }

  /** Waits for the jobs that run now; no new ones start. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    for (const timer of this.timers) clearTimeout(timer);
    await Promise.allSettled(this.running);
  }

  /**
   * Runs a job now if no other process does.
   *
   * @returns whether it ran
   */
  async runOnce(job: Job): Promise<boolean> {
    const runner = this.source.createQueryRunner();
    try {
      const [row] = (await runner.query(
        'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS got',
        [`primetrade:job:${job.name}`],
      )) as [{ got: boolean }];
      if (!row.got) return false;
      try {
        await job.run();
      } finally {
        await runner.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [
          `primetrade:job:${job.name}`,
        ]);
      }
      return true;
    } finally {
      await runner.release();
    }
  }

  private schedule(job: Job, delayMs: number): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      const run = this.runOnce(job)
        .then(() => undefined)
        .catch((error: unknown) => {
          this.logger.error({ err: error, job: job.name }, 'a job failed; it runs again later');
        })
        .finally(() => {
          this.running.delete(run);
          if (!this.stopped) this.schedule(job, job.everyMs);
        });
      this.running.add(run);
    }, delayMs);
    timer.unref();
    this.timers.add(timer);
  }
}
