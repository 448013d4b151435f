import { Inject, Injectable } from '@nestjs/common';
import { type ConfigOf, InjectConfig, type Processes } from '@primetrade/platform-config';
import { LastWrites } from '@primetrade/platform-own-writes';
import { remainingMs } from '@primetrade/platform-request-context';
import type { Commit } from '../connections/commit-capture.js';
import { DatabaseConfig } from '../database.config.js';
import { NO_OWNER } from './read-router.js';
import { Replication } from './replication.js';

/** Injection token of whether other processes may serve the same owners. */
export const PROCESSES = Symbol('database processes');

/** Tells everyone who may read a copy how far an owner's last write reaches. */
@Injectable()
export class WriteRecorder {
  constructor(
    private readonly lastWrites: LastWrites,
    private readonly replication: Replication,
    @Inject(PROCESSES) private readonly processes: Processes,
    @InjectConfig(DatabaseConfig) private readonly config: ConfigOf<typeof DatabaseConfig>,
  ) {}

  /** What to find out about a commit that is about to be made. */
  begin(owner: string, of: Commit['of']): Commit {
    const shared = this.processes === 'many' || this.replication.replicas.length > 0;
    return { of, positionWanted: shared && owner !== NO_OWNER };
  }

  /**
   * Records the write, where there was one. Never fails. Where other processes cannot be told, it
   * waits until the replicas have the write, so that it does not matter. A write of which nobody
   * knows whether it counts is recorded where the primary is now, if it answers; if not, whoever
   * repeats the write will find it, and it is recorded then.
   */
  async finish(owner: string, commit: Commit): Promise<void> {
    if (commit.outcome === undefined || !commit.positionWanted) return;
    const patienceMs = Math.min(this.config.DATABASE_REPLICA_SYNC_MS, remainingMs(Infinity));
    const position = commit.position ?? (await this.replication.primary.position(patienceMs));
    if (position === undefined) return;
    if (await this.lastWrites.record(owner, position)) return;
    await this.replication.replayed(position, patienceMs);
  }
}
