import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { JobRunner } from '@primetrade/platform-jobs';
import { DataSource } from 'typeorm';

const TRASH_DAYS = 30;

const HOUR_MS = 3_600_000;
const BATCH = 1_000;
const MAX_BATCHES = 100;

/** Deletes for good what has been in the trash for 30 days. */
@Injectable()
export class TrashPurge implements OnModuleInit {
  constructor(
    private readonly jobs: JobRunner,
    @InjectDataSource() private readonly source: DataSource,
  ) {}

  onModuleInit(): void {
    this.jobs.add({ name: 'tasks:trash', everyMs: HOUR_MS, run: () => this.purge() });
  }

  /** One run: batch by batch, so that no statement holds many rows for long. */
  async purge(): Promise<void> {
    for (let batch = 0; batch < MAX_BATCHES; batch += 1) {
      const [, deleted]: [unknown[], number] = await this.source.query(
        `DELETE FROM tasks.tasks WHERE (user_id, id) IN (
           SELECT user_id, id FROM tasks.tasks
           WHERE deleted_at < now() - make_interval(days => $1)
           ORDER BY deleted_at LIMIT $2 FOR UPDATE SKIP LOCKED)`,
        [TRASH_DAYS, BATCH],
      );
      if (deleted < BATCH) return;
    }
  }
}
