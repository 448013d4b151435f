import { Logger } from '@nestjs/common';
import type { DataSource, EntityManager } from 'typeorm';
import type { Probe } from '../connections/probe.js';

/**
 * A standby tells its timeline by what it receives. Who may not see that (it takes
 * pg_read_all_stats) is told that of the last restart point, which follows within minutes.
 */
const QUESTION = `
  SELECT CASE WHEN pg_is_in_recovery() THEN (pg_last_wal_replay_lsn() - '0/0')::text END AS position,
    coalesce(
      (SELECT received_tli FROM pg_stat_wal_receiver),
      (SELECT timeline_id FROM pg_control_checkpoint())) AS timeline,
    (SELECT system_identifier FROM pg_control_system())::text AS system`;

interface Answer {
  /** Null where it is no standby any more, and goes its own way. */
  position: string | null;
  timeline: number;
  system: string;
}

/** What a replica said when it was asked last. */
export interface ReplicaState {
  /** Everything before this is visible in it. */
  position: bigint;
  timeline: number;
  system: string;
  /** When the answer came, in milliseconds of performance.now(). */
  at: number;
}

/** One copy of the database, and how far it is. */
export class Replica {
  private readonly logger = new Logger('Database');
  private last: ReplicaState | undefined;
  private problem: string | undefined;
  /** Gives each read that runs on it up. */
  private readonly reads = new Set<(error: Error) => void>();
  private polling: Promise<void> | undefined;
  private closed = false;

  /**
   * @param name as in metrics: `replica-1`
   * @param host for people to recognise it by
   * @param silentMs an answer that is older counts for nothing
   */
  constructor(
    readonly name: string,
    private readonly host: string,
    readonly source: DataSource,
    readonly probe: Probe,
    private readonly silentMs: number,
  ) {}

  /** Reads that run on it now. */
  get inFlight(): number {
    return this.reads.size;
  }

  /** How far it is; undefined while it does not answer. */
  get state(): ReplicaState | undefined {
    const { last } = this;
    return last !== undefined && performance.now() - last.at <= this.silentMs ? last : undefined;
  }

  /** Asks how far it is. Never fails; who asks while another does shares the answer. */
  poll(): Promise<void> {
    if (this.last !== undefined && this.state === undefined) this.giveUpReads();
    this.polling ??= this.ask().finally(() => (this.polling = undefined));
    return this.polling;
  }

  /** It failed someone: it is not used until it answers again. */
  suspect(): void {
    this.last = undefined;
  }

  /**
   * Runs statements that only read, on its own connections. When it hangs, it is not waited for: the
   * read fails as if its connection had ended.
   */
  read<T>(work: (queries: EntityManager) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const run = async () => work(this.source.manager);
      this.reads.add(reject);
      void run()
        .then(resolve, reject)
        .finally(() => this.reads.delete(reject));
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.probe.close();
    if (this.source.isInitialized) await this.source.destroy();
  }

  private async ask(): Promise<void> {
    try {
      const [answer] = await this.probe.query<Answer & Record<string, unknown>>(QUESTION);
      const { position, timeline, system } = answer!;
      if (position === null) throw new Error('it is no replica: it takes writes of its own');
      if (!this.source.isInitialized && !this.closed) await this.source.initialize();
      this.last = { position: BigInt(position), timeline, system, at: performance.now() };
      this.note(undefined);
    } catch (error) {
      this.last = undefined;
      this.note((error as Error).message);
    }
  }

  private giveUpReads(): void {
    this.last = undefined;
    this.note('it does not answer');
    for (const giveUp of this.reads) giveUp(new Error('Connection terminated: no answer'));
  }

  private note(problem: string | undefined): void {
    if (this.closed) return;
    if (problem !== undefined && this.problem === undefined) {
      this.logger.warn(`${this.name} (${this.host}) is not read: ${problem}.`);
    }
    if (problem === undefined && this.problem !== undefined) {
      this.logger.log(`${this.name} (${this.host}) is back.`);
    }
    this.problem = problem;
  }
}
