import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { ReadinessRegistry } from '@primetrade/platform-health';
import { Gauge, registry } from '@primetrade/platform-metrics';
import type { Pool } from 'pg';
import { DataSource } from 'typeorm';
import { translateDatabaseError } from './database-errors.js';

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

  constructor(
    @InjectDataSource() private readonly source: DataSource,
    readiness: ReadinessRegistry,
  ) {
    readiness.add({
      name: 'database',
      required: true,
      check: async () => void (await this.source.query('SELECT 1')),
    });
    this.exposePool();
  }

  async onModuleInit(): Promise<void> {
    await this.connect();
  }

  onApplicationShutdown(): void {
    this.stopped = true;
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

  private exposePool(): void {
    const source = this.source;
    new Gauge({
      name: 'db_pool_connections',
      help: 'Connections by state, and callers that wait for one.',
      labelNames: ['state'],
      registers: [registry],
      collect() {
        const pool = (source.driver as unknown as { master?: Pool }).master;
        if (pool === undefined) return;
        this.set({ state: 'busy' }, pool.totalCount - pool.idleCount);
        this.set({ state: 'idle' }, pool.idleCount);
        this.set({ state: 'waiting' }, pool.waitingCount);
        this.set({ state: 'max' }, pool.options.max);
      },
    });
  }
}
