import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { type LastWrite, LastWrites } from '@primetrade/platform-own-writes';
import { currentRequest } from '@primetrade/platform-request-context';
import { DataSource, type EntityManager } from 'typeorm';
import { databaseAway, isAway, mayDifferOnPrimary } from '../database-errors.js';
import { reads } from './replica-metrics.js';
import { Replication } from './replication.js';

/** Stands for the owner where it is the database that has to say who it is. */
export const NO_OWNER = '00000000-0000-0000-0000-000000000000';

type Work<T> = (queries: EntityManager) => Promise<T>;

/** What is known of an owner's last write, or why it does not matter. */
type Known = LastWrite | 'no_replica' | 'no_owner' | 'behind';

/** Chooses where a read goes: docs/decisions/0010-routing-of-reads.md. */
@Injectable()
export class ReadRouter {
  constructor(
    @InjectDataSource() private readonly primary: DataSource,
    private readonly replication: Replication,
    private readonly lastWrites: LastWrites,
  ) {}

  /**
   * Runs a read where it sees all that its owner has written.
   *
   * @param work may run again elsewhere when a server fails under it
   * @throws whatever the primary throws
   */
  async read<T>(owner: string, work: Work<T>): Promise<T> {
    if (this.replication.primary.away) {
      if (currentRequest() === undefined) throw databaseAway();
      // Where no replica answers either, only the primary itself can tell better.
      if (this.replication.freshest().length > 0) return this.stale(work, undefined);
    }
    const known = await this.lastWriteOf(owner);
    // Nothing may come between the choice and its use, or many would choose the same at once.
    const replica = isWrite(known) ? this.replication.holding(known) : undefined;
    let reason: string = isWrite(known) ? 'behind' : known;
    if (replica !== undefined) {
      try {
        const result = await replica.read(work);
        reads.inc({ target: 'replica', reason: known === 'none' ? 'not_written' : 'written' });
        return result;
      } catch (error) {
        if (!mayDifferOnPrimary(error, replica.state !== undefined)) throw error;
        if (isAway(error)) replica.suspect();
        reason = 'replica_failed';
      }
    }
    reads.inc({ target: 'primary', reason });
    try {
      // Before it was connected for the first time, TypeORM does not even know the entities.
      if (!this.primary.isInitialized) throw databaseAway();
      return await work(this.primary.manager);
    } catch (error) {
      if (this.primary.isInitialized && !isAway(error)) throw error;
      return this.stale(work, error);
    }
  }

  private async lastWriteOf(owner: string): Promise<Known> {
    const { replicas } = this.replication;
    if (replicas.length === 0) return 'no_replica';
    if (owner === NO_OWNER) return 'no_owner';
    // Finding out may take a round trip, for nothing when no replica serves.
    if (replicas.every(({ state }) => state === undefined)) return 'behind';
    return this.lastWrites.of(owner);
  }

  /**
   * The primary is away: the freshest copy is better than nothing for whoever waits, who is told.
   * What nobody waits for can wait itself.
   *
   * @param error what the primary said, if it was asked
   */
  private async stale<T>(work: Work<T>, error: unknown): Promise<T> {
    const request = currentRequest();
    let failure: unknown = error ?? databaseAway();
    for (const replica of request === undefined ? [] : this.replication.freshest()) {
      request!.stale = true;
      try {
        const result = await replica.read(work);
        reads.inc({ target: 'replica', reason: 'stale' });
        return result;
      } catch (problem) {
        if (!mayDifferOnPrimary(problem, replica.state !== undefined)) throw problem;
        if (isAway(problem)) replica.suspect();
        failure = error ?? problem;
      }
    }
    throw failure;
  }
}

function isWrite(known: Known): known is Exclude<LastWrite, 'unknown'> {
  return known === 'none' || /^\d/.test(known);
}
