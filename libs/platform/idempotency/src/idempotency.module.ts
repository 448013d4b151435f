import { type DynamicModule, Module, type OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { JobRunner } from '@primetrade/platform-jobs';
import { DataSource } from 'typeorm';
import { KEPT_HOURS } from './table.js';

const HOUR_MS = 3_600_000;
const BATCH = 10_000;

@Module({})
export class IdempotencyModule {
  /**
   * Forgets a feature's old idempotency keys.
   *
   * @param schema PostgreSQL schema with the feature's idempotency_keys table
   */
  static forSchema(schema: string): DynamicModule {
    @Module({})
    class IdempotencyCleanup implements OnModuleInit {
      constructor(
        readonly jobs: JobRunner,
        @InjectDataSource() readonly source: DataSource,
      ) {}

      onModuleInit(): void {
        this.jobs.add({
          name: `${schema}:idempotency-keys`,
          everyMs: HOUR_MS,
          run: () => this.forget(),
        });
      }

      private async forget(): Promise<void> {
        await this.source.query(
          `DELETE FROM "${schema}".idempotency_keys WHERE (user_id, key) IN (
             SELECT user_id, key FROM "${schema}".idempotency_keys
             WHERE created_at < now() - make_interval(hours => $1) LIMIT $2)`,
          [KEPT_HOURS, BATCH],
        );
      }
    }
    return { module: IdempotencyCleanup };
  }
}
