import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database, NO_OWNER } from '@primetrade/platform-database';
import { JobRunner } from '@primetrade/platform-jobs';

const HOUR_MS = 3_600_000;
const BATCH = 10_000;

/** What is of no use any more, by table: the rest of a session still tells of a reused token. */
const USELESS: Readonly<Record<string, string>> = {
  'auth.sessions': `expires_at < now() OR revoked_at < now() - interval '1 day'`,
  'auth.api_tokens': `expires_at < now()`,
  'auth.failed_attempts': `last_at < now() - interval '1 day'`,
};

/** Deletes ended sessions, expired API tokens and forgotten failures. */
@Injectable()
export class Cleanup implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly jobs: JobRunner,
  ) {}

  onModuleInit(): void {
    this.jobs.add({ name: 'auth:cleanup', everyMs: HOUR_MS, run: () => this.run() });
  }

  /** A bounded number of rows of each table. */
  async run(): Promise<void> {
    for (const [table, useless] of Object.entries(USELESS)) {
      await this.database.write(NO_OWNER, (queries) =>
        queries.query(
          `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
             SELECT ctid FROM ${table} WHERE ${useless} LIMIT $1 FOR UPDATE SKIP LOCKED))`,
          [BATCH],
        ),
      );
    }
  }
}
