import { tableWithRows } from './catalogue.js';
import type { Place } from './places.js';
import { connect, type Session } from './session.js';

const POLL_MS = 500;

/** How the transaction that carries the rows ended. */
export type Outcome = 'committed' | 'rolled back' | 'in progress' | 'unknown';

/**
 * Asks the target how the transaction ended.
 *
 * @param transaction id as pg_current_xact_id() gave it
 */
export async function outcomeOf(
  session: Session,
  transaction: string,
  schemas: readonly string[],
): Promise<Outcome> {
  const { rows } = await session.client.query<{ status: string | null; future: boolean }>(
    // Of a transaction that is still to come, pg_xact_status would be an error.
    `SELECT xid >= pg_snapshot_xmax(pg_current_snapshot()) AS future,
       CASE WHEN xid < pg_snapshot_xmax(pg_current_snapshot()) THEN pg_xact_status(xid) END AS status
     FROM CAST($1 AS xid8) xid`,
    [transaction],
  );
  const { status, future } = rows[0]!;
  if (status === 'in progress') return status;
  // A server that crashes may give the id of a transaction that left no trace to another one.
  if ((await tableWithRows(session, schemas)) === undefined) return 'rolled back';
  if (status === 'committed') return status;
  return status === 'aborted' || future ? 'rolled back' : 'unknown';
}

/**
 * Commits, and finds out whether that worked where the answer is lost.
 *
 * @param patienceMs how long the target may take to come back, in milliseconds
 * @returns true; false when nobody can tell
 * @throws the error when nothing was kept
 */
export async function commit(
  target: Session,
  transaction: string,
  schemas: readonly string[],
  patienceMs: number,
): Promise<boolean> {
  try {
    await target.client.query('COMMIT');
    return true;
  } catch (error) {
    const outcome = await outcomeAfterLoss(target.place, transaction, schemas, patienceMs);
    if (outcome === 'rolled back') throw error;
    return outcome === 'committed';
  }
}

/**
 * The same as outcomeOf when the connection was lost.
 *
 * @param patienceMs how long the target may take to come back, in milliseconds
 */
async function outcomeAfterLoss(
  target: Place,
  transaction: string,
  schemas: readonly string[],
  patienceMs: number,
): Promise<Outcome> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const outcome = await askOnce(target, transaction, schemas).catch(() => 'unknown' as const);
    if (outcome === 'committed' || outcome === 'rolled back') return outcome;
    if (performance.now() > deadline) return outcome;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function askOnce(
  target: Place,
  transaction: string,
  schemas: readonly string[],
): Promise<Outcome> {
  const session = await connect(target);
  try {
    return await outcomeOf(session, transaction, schemas);
  } finally {
    await session.client.end();
  }
}
