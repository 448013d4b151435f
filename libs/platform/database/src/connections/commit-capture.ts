import { AsyncLocalStorage } from 'node:async_hooks';
import type { WalPosition } from '@primetrade/platform-own-writes';
import type { QueryResult } from 'pg';
import { isAway } from '../database-errors.js';

/**
 * What became of one commit: of a transaction, or of a single statement that is its own
 * transaction. Whoever commits through `capturing` finds it filled in afterwards.
 */
export interface Commit {
  readonly of: 'transaction' | 'statement';
  /** Whether to find out the position in the write-ahead log behind it. */
  readonly positionWanted: boolean;
  /**
   * An INSERT found that its row was there. So does a request that is repeated after its answer was
   * lost: what it wrote the first time nobody has been told of.
   */
  repeated?: boolean;
  /**
   * `written`: rows were, now or by the request that this one repeats. `unknown`: it was sent, and
   * the connection ended before the answer came, so it may count or not. Undefined: it changed
   * nothing, or did not get so far.
   */
  outcome?: 'written' | 'unknown';
  /** Of a `written` one, where wanted: everything of it lies before. */
  position?: WalPosition;
}

const storage = new AsyncLocalStorage<Commit>();

/** Runs work that commits once, through a connection of ours. */
export function capturing<T>(commit: Commit, work: () => Promise<T>): Promise<T> {
  return storage.run(commit, work);
}

/** The commit that the current code leads to. */
export function commitAhead(): Commit | undefined {
  return storage.getStore();
}

/** Sends a statement on one connection. */
export type Send = (...args: unknown[]) => Promise<QueryResult>;

const POSITION = `SELECT pg_current_wal_insert_lsn() - '0/0' AS position`;

/** One message, and so one round trip, where COMMIT alone would be one as well. */
const COMMIT_AND_POSITION = `SELECT pg_current_xact_id_if_assigned() IS NOT NULL AS written; COMMIT; ${POSITION}`;

/** Sends a statement of a transaction. */
export async function runWithin(
  commit: Commit,
  send: Send,
  args: readonly unknown[],
): Promise<QueryResult> {
  const done = await send(...args);
  if (done.command === 'INSERT' && done.rowCount === 0) commit.repeated = true;
  return done;
}

/** Ends a transaction, as COMMIT does, and notes what became of it. */
export async function commitTransaction(commit: Commit, send: Send): Promise<QueryResult> {
  try {
    if (!commit.positionWanted) return succeeded(await send('COMMIT'));
    const results = (await send(COMMIT_AND_POSITION)) as unknown as QueryResult[];
    const [before, done, after] = results as [
      QueryResult<{ written: boolean }>,
      QueryResult,
      QueryResult<{ position: WalPosition }>,
    ];
    succeeded(done);
    if (before.rows[0]?.written || commit.repeated) {
      commit.outcome = 'written';
      commit.position = after.rows[0]?.position;
    }
    return done;
  } catch (error) {
    if (isAway(error)) commit.outcome = 'unknown';
    throw error;
  }
}

/**
 * PostgreSQL answers COMMIT with ROLLBACK, and no error, where a statement of the transaction had
 * failed and its error was swallowed. Nothing was written then.
 */
function succeeded(done: QueryResult): QueryResult {
  if (done.command !== 'ROLLBACK') return done;
  throw new Error('The transaction was rolled back, as one of its statements had failed.');
}

/**
 * Sends a statement that is its own transaction, and right behind it, without waiting for its
 * answer, the question for the position; notes what became of it.
 *
 * @param connection as pg has it: in its pipeline mode it sends before the last answer is there
 */
export async function runStatement(
  commit: Commit,
  send: Send,
  connection: { pipeline: boolean },
  args: readonly unknown[],
): Promise<QueryResult> {
  connection.pipeline = commit.positionWanted;
  try {
    const [statement, question] = await Promise.allSettled([
      send(...args),
      commit.positionWanted ? send(POSITION) : undefined,
    ]);
    const done = valueOf(statement);
    // Without an answer to this, others could not be told of the write: it is not acknowledged.
    const rows = valueOf(question)?.rows as { position: WalPosition }[] | undefined;
    // What begins with WITH and ends with SELECT may have written within.
    if (done.command === 'SELECT' || (done.rowCount ?? 0) > 0) {
      commit.outcome = 'written';
      commit.position = rows?.[0]?.position;
    }
    return done;
  } catch (error) {
    if (isAway(error)) commit.outcome = 'unknown';
    throw error;
  } finally {
    connection.pipeline = false;
  }
}

function valueOf<T>(result: PromiseSettledResult<T>): T {
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}
