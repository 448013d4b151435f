import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { ReadinessRegistry } from '@primetrade/platform-health';
import { DataSource } from 'typeorm';
import { translateDatabaseError } from './database-errors.js';
import { exposePool } from './pool-metrics.js';

const RETRY_MS = 1_000;

/**
 * Connects in the background, so that a process starts in whatever order its database does and
 * reports itself ready when both are.
 */
@Injectable()
export class DatabaseConnector implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger('Database');
  private retry: NodeJS.Timeout | undefined;
  private stopped = false;
  private readonly hidePool: () => void;

  constructor(
    @InjectDataSource() private readonly source: DataSource,
    readiness: ReadinessRegistry,
  ) {
    readiness.add({
      name: 'database',
      required: true,
      check: async () => void (await this.source.query('SELECT 1')),
    });
    this.hidePool = exposePool(source);
  }

  async onModuleInit(): Promise<void> {
    await this.connect();
  }

  onApplicationShutdown(): void {
    this.stopped = true;
    this.hidePool();
    clearTimeout(this.retry);
  }

  private async connect(): Promise<void> {
    try {
      await this.source.initialize();
    } catch (error) {
      if (translateDatabaseError(error) === error) throw error;
      if (this.stopped) return;
      this.logger.warn(`The database cannot be reached yet: ${(error as Error).message}`);
      this.retry = setTimeout(() => void this.connect(), RETRY_MS);
    }
  }
}
