import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { type ConfigOf, InjectConfig } from '@primetrade/platform-config';
import type { LastWrite } from '@primetrade/platform-own-writes';
import { setTimeout as delay } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../connections/data-source.js';
import { exposePool } from '../connections/pool-metrics.js';
import { Probe } from '../connections/probe.js';
import { DatabaseConfig } from '../database.config.js';
import { PrimaryWatch } from './primary-watch.js';
import { exposeReplicas } from './replica-metrics.js';
import { Replica } from './replica.js';

/** So many polls may go by without an answer before a replica is left out. */
const SILENT_POLLS = 4;
/**
 * A read of someone of whom no write is remembered may miss what was committed within the last so
 * many polls: one of the primary and one of the replica have to go by to know better.
 */
const UNCERTAIN_POLLS = 2;
/** Between two questions to replicas for whose replay someone waits. */
const CATCH_UP_POLL_MS = 10;

/**
 * The replicas of the database and what is known of how far they are. Without replicas it asks
 * nobody anything.
 */
@Injectable()
export class Replication implements OnModuleInit, OnApplicationShutdown {
  readonly replicas: readonly Replica[];
  readonly primary: PrimaryWatch;
  private readonly hide: (() => void)[] = [];
  private timer: NodeJS.Timeout | undefined;
  private polling = false;
  private turn = 0;

  constructor(
    @InjectDataSource() primary: DataSource,
    @InjectConfig(DatabaseConfig) private readonly config: ConfigOf<typeof DatabaseConfig>,
    @Inject(Probe) probe: Probe,
  ) {
    const pollMs = config.DATABASE_REPLICA_POLL_MS;
    this.primary = new PrimaryWatch(probe, config.DATABASE_REPLICA_MAX_LAG_MS + 2 * pollMs);
    this.replicas = config.DATABASE_REPLICA_URLS.map((url, index) => {
      const name = `replica-${index + 1}`;
      const source = new DataSource({
        ...dataSourceOptions(
          config,
          url,
          config.DATABASE_REPLICA_POOL_MAX ?? config.DATABASE_POOL_MAX,
        ),
        entities: primary.options.entities,
      });
      this.hide.push(exposePool(source, name));
      return new Replica(
        name,
        new URL(url).host,
        source,
        new Probe(url, config.DATABASE_CONNECT_TIMEOUT_MS),
        pollMs * SILENT_POLLS,
      );
    });
    if (this.replicas.length > 0) {
      this.hide.push(
        exposeReplicas(() =>
          this.replicas.map((replica) => ({ name: replica.name, lagMs: this.lagOf(replica) })),
        ),
      );
    }
  }

  onModuleInit(): void {
    if (this.replicas.length === 0) return;
    // Replicas half a turn after the primary, so that they have replayed by then what it had.
    const half = () => {
      this.turn += 1;
      if (this.turn % 2 === 0) for (const replica of this.replicas) void replica.poll();
      else void this.pollPrimary();
    };
    half();
    this.timer = setInterval(half, this.config.DATABASE_REPLICA_POLL_MS / 2).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    for (const hide of this.hide) hide();
    await Promise.all(this.replicas.map((replica) => replica.close()));
  }

  /**
   * How long ago everything that a replica holds for certain was all that there was, in
   * milliseconds; Infinity when that cannot be said, since it does not answer, follows another
   * primary, or is too far behind.
   */
  ageOf(replica: Replica): number {
    const { state } = replica;
    if (state === undefined || !this.primary.isFollowedBy(state)) return Infinity;
    const asOf = this.primary.history.asOf(state.position);
    return asOf === undefined ? Infinity : performance.now() - asOf;
  }

  /** The least busy replica that is certain to hold a write; undefined when none is. */
  holding(write: Exclude<LastWrite, 'unknown'>): Replica | undefined {
    const { DATABASE_REPLICA_POLL_MS: pollMs, DATABASE_REPLICA_MAX_LAG_MS: maxLagMs } = this.config;
    const maxAgeMs = write === 'none' ? Math.min(UNCERTAIN_POLLS * pollMs, maxLagMs) : maxLagMs;
    return this.leastBusy(
      this.replicas.filter(
        (replica) =>
          this.ageOf(replica) <= maxAgeMs &&
          (write === 'none' || replica.state!.position >= BigInt(write)),
      ),
    );
  }

  /** Replicas that answer, in the order in which they may serve while the primary is away. */
  freshest(): Replica[] {
    return this.replicas
      .flatMap((replica) => {
        const { state } = replica;
        return state === undefined ? [] : [{ replica, state }];
      })
      .sort(
        (one, other) =>
          other.state.timeline - one.state.timeline ||
          Number(other.state.position - one.state.position) ||
          one.replica.inFlight - other.replica.inFlight,
      )
      .map(({ replica }) => replica);
  }

  /**
   * Waits until every replica that is in use has replayed a write.
   *
   * @param patienceMs no longer than this
   */
  async replayed(write: string, patienceMs: number): Promise<void> {
    const wanted = BigInt(write);
    const { DATABASE_REPLICA_MAX_LAG_MS: maxLagMs } = this.config;
    const done = new AbortController();
    let late = false;
    const patience = delay(patienceMs, undefined, { signal: done.signal })
      .then(() => (late = true))
      .catch(() => undefined);
    while (!late) {
      const behind = this.replicas.filter(
        (replica) => this.ageOf(replica) <= maxLagMs && replica.state!.position < wanted,
      );
      if (behind.length === 0) break;
      await Promise.race([
        Promise.all(behind.map((replica) => replica.poll())).then(() => delay(CATCH_UP_POLL_MS)),
        patience,
      ]);
    }
    done.abort();
  }

  /** As `ageOf`, but 0 for one that had got to where the primary was last known to be. */
  private lagOf(replica: Replica): number {
    const ageMs = this.ageOf(replica);
    const { latest } = this.primary.history;
    return ageMs < Infinity && replica.state!.position >= latest! ? 0 : ageMs;
  }

  private leastBusy(replicas: readonly Replica[]): Replica | undefined {
    // Those that are equally busy take turns.
    const first = replicas.length > 1 ? this.turn % replicas.length : 0;
    let least: Replica | undefined;
    for (let i = 0; i < replicas.length; i += 1) {
      const replica = replicas[(first + i) % replicas.length]!;
      if (least === undefined || replica.inFlight < least.inFlight) least = replica;
    }
    return least;
  }

  private async pollPrimary(): Promise<void> {
    if (this.polling) return;
    this.polling = true;
    await this.primary.poll();
    this.polling = false;
  }
}
