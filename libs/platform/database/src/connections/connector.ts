import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { Degraded, ReadinessRegistry } from '@primetrade/platform-health';
import { setTimeout as delay } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { databaseAway, translateDatabaseError } from '../database-errors.js';
import { Replication } from '../replication/replication.js';
import { exposePool } from './pool-metrics.js';
import { Probe } from './probe.js';

const RETRY_MS = 1_000;
/** Below the patience of whoever checks readiness, so that it is us who say what is left. */
const ANSWER_MS = 1_500;

/**
 * Connects in the background, so that a process starts in whatever order its database does and
 * reports itself ready when both are.
 */
@Injectable()
export class DatabaseConnector implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger('Database');
  private retry: NodeJS.Timeout | undefined;
  private stopped = false;
  private asking: Promise<unknown> | undefined;
  private readonly hidePool: () => void;

  constructor(
    @InjectDataSource() private readonly source: DataSource,
    @Inject(Probe) private readonly probe: Probe,
    private readonly replication: Replication,
    readiness: ReadinessRegistry,
  ) {
    readiness.add({ name: 'database', required: true, check: () => this.check() });
    this.hidePool = exposePool(source, 'primary');
  }

  async onModuleInit(): Promise<void> {
    await this.connect();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    this.hidePool();
    clearTimeout(this.retry);
    await this.probe.close();
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

  /** Without the primary, and with a replica, everyone can still read. */
  private async check(): Promise<void> {
    try {
      if (this.replication.primary.away || !this.source.isInitialized) throw databaseAway();
      await this.answer();
    } catch (error) {
      if (this.replication.freshest().length > 0) throw new Degraded();
      throw error;
    }
  }

  /** Asks past the pool, whose connections are for requests, and once however many want to know. */
  private async answer(): Promise<void> {
    this.asking ??= this.probe.query('SELECT 1').finally(() => (this.asking = undefined));
    const late = new AbortController();
    try {
      await Promise.race([
        this.asking,
        delay(ANSWER_MS, undefined, { signal: late.signal }).then(() => {
          throw databaseAway();
        }),
      ]);
    } finally {
      late.abort();
    }
  }
}
