import { Logger } from '@nestjs/common';
import type { WalPosition } from '@primetrade/platform-own-writes';
import { setTimeout as delay } from 'node:timers/promises';
import type { Probe } from '../connections/probe.js';
import { isAway } from '../database-errors.js';
import { PositionHistory } from './position-history.js';

/**
 * Where the next record begins, which is where the last one ended, unless that was the end of a page
 * or of a segment: then a header lies between, and who has replayed everything is before it. A
 * standby has no such position, and asking it for one is an error.
 */
const QUESTION = `
  SELECT (position - CASE
      WHEN position % pg_size_bytes(current_setting('wal_segment_size')) = 40 THEN 40
      WHEN position % current_setting('wal_block_size')::int = 24 THEN 24
      ELSE 0 END)::text AS position,
    ('x' || left(pg_walfile_name('0/0'::pg_lsn + position), 8))::bit(32)::int AS timeline,
    (SELECT system_identifier FROM pg_control_system())::text AS system
  FROM (SELECT CASE WHEN NOT pg_is_in_recovery()
      THEN pg_current_wal_insert_lsn() - '0/0' END AS position) AS log`;

interface Answer {
  position: string | null;
  timeline: number | null;
  system: string;
}

/** Asks the primary again and again how far its write-ahead log is. */
export class PrimaryWatch {
  readonly history: PositionHistory;
  private readonly logger = new Logger('Database');
  private lineage: { system: string; timeline: number } | undefined;
  private problem: string | undefined;
  private asked: Promise<WalPosition | undefined> | undefined;

  /** @param keepMs how far back its positions are remembered */
  constructor(
    private readonly probe: Probe,
    keepMs: number,
  ) {
    this.history = new PositionHistory(keepMs);
  }

  /** Whether it was away when it was asked last. */
  get away(): boolean {
    return this.problem !== undefined;
  }

  /**
   * Where its log is now; undefined when it does not say. Who asks while another does shares the
   * answer.
   *
   * @param patienceMs no longer than this
   */
  async position(patienceMs: number): Promise<WalPosition | undefined> {
    this.asked ??= this.probe
      .query<Answer & Record<string, unknown>>(QUESTION)
      .then(([answer]) => (answer!.position ?? undefined) as WalPosition | undefined)
      .catch(() => undefined)
      .finally(() => (this.asked = undefined));
    return Promise.race([this.asked, delay(patienceMs, undefined, { ref: false })]);
  }

  async poll(): Promise<void> {
    const at = performance.now();
    try {
      const [answer] = await this.probe.query<Answer & Record<string, unknown>>(QUESTION);
      this.take(answer!, at);
    } catch (error) {
      // An error that it answers with, such as too many connections, comes from a primary that is
      // there: it may still serve those who are connected.
      this.note(isAway(error) ? (error as Error).message : undefined);
    }
  }

  /** Whether a copy that says so of itself follows the history of this primary. */
  isFollowedBy(copy: { system: string; timeline: number }): boolean {
    return copy.system === this.lineage?.system && copy.timeline === this.lineage.timeline;
  }

  private take({ position, timeline, system }: Answer, at: number): void {
    if (position === null || timeline === null) {
      this.note('the server is a standby that recovers');
      return;
    }
    if (this.lineage?.timeline !== timeline || this.lineage.system !== system) {
      // Another server took over. Where both histories agree, positions mean the same; what was
      // known of times does not.
      this.history.clear();
      this.lineage = { system, timeline };
    }
    this.history.add(BigInt(position), at);
    this.note(undefined);
  }

  private note(problem: string | undefined): void {
    if (problem !== undefined && this.problem === undefined) {
      this.logger.warn(
        `The primary is away: ${problem}. Reads are served by replicas and marked as stale; writes are refused.`,
      );
    }
    if (problem === undefined && this.problem !== undefined) {
      this.logger.log('The primary is back.');
    }
    this.problem = problem;
  }
}
