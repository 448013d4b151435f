import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { ReadinessRegistry } from '@primetrade/platform-health';
import pg from 'pg';
import { Probe } from '../connections/probe.js';
import { isNotMade } from '../database-errors.js';
import { Replication } from '../replication/replication.js';
import { type FeatureSchema, namesOf } from './feature-schema.js';

const LOOK_EVERY_MS = 500;

/**
 * The schemas that the features of this process need. A process may start before its schema is
 * made, and is ready once all expansions that its code knows are applied; a newer schema will do.
 */
@Injectable()
export class RequiredSchemas implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Database');
  private readonly required: FeatureSchema[] = [];
  private missing = '';
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private found = false;
  private readonly whenMet = Promise.withResolvers<void>();

  constructor(
    @Inject(Probe) private readonly probe: Probe,
    private readonly replication: Replication,
    private readonly readiness: ReadinessRegistry,
  ) {}

  /** Whether they are there, as far as is known. */
  get areMet(): boolean {
    return this.found;
  }

  /** Settles when they are there. */
  get met(): Promise<void> {
    return this.whenMet.promise;
  }

  /** To be called before the process starts. */
  add(schema: FeatureSchema): void {
    if (this.required.length === 0) {
      this.readiness.add({ name: 'schema', required: true, check: () => this.check() });
    }
    this.required.push(schema);
  }

  onApplicationBootstrap(): void {
    void this.look();
  }

  onApplicationShutdown(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private async check(): Promise<void> {
    if (!this.found) throw new Error(this.missing);
  }

  /** Looks again and again until they are there; what was found once is remembered. */
  private async look(): Promise<void> {
    try {
      const missing = await this.findMissing();
      if (missing === undefined) {
        this.found = true;
        this.whenMet.resolve();
        return;
      }
      if (missing !== this.missing) this.logger.warn(missing);
      this.missing = missing;
    } catch {
      // The database is away, which is told elsewhere.
    }
    if (!this.stopped) this.timer = setTimeout(() => void this.look(), LOOK_EVERY_MS).unref();
  }

  private async findMissing(): Promise<string | undefined> {
    for (const schema of this.required) {
      const applied = new Set(await this.applied(schema));
      const missing = namesOf(schema.migrations).filter((name) => !applied.has(name));
      if (missing.length > 0) {
        return `Waiting for the schema ${schema.schema}: ${missing.join(', ')} is still to be applied by migrate.`;
      }
    }
    return undefined;
  }

  private async applied({ schema }: FeatureSchema): Promise<string[]> {
    const statement = `SELECT name FROM ${pg.escapeIdentifier(schema)}.migrations`;
    try {
      const rows = await this.ask<{ name: string }>(statement);
      return rows.map(({ name }) => name);
    } catch (error) {
      if (isNotMade(error)) return [];
      throw error;
    }
  }

  /** Past the pools, whose connections are for requests; a replica knows it as well. */
  private async ask<T extends pg.QueryResultRow>(statement: string): Promise<T[]> {
    const [replica] = this.replication.primary.away ? this.replication.freshest() : [];
    return (replica?.probe ?? this.probe).query<T>(statement);
  }
}
