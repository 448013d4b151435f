import { MigrationError } from '@primetrade/platform-database';
import pg from 'pg';
import { codeOf, DataError } from './data-error.js';
import type { Session } from './session.js';

/** What a command of this app is called in sentences. */
export type Work = 'backup' | 'move' | 'restore';

/**
 * The sentence for what went wrong. What is no failure of a database is returned as it is.
 *
 * @param sessions that were open
 */
export function explain(error: unknown, sessions: readonly Session[], work: Work): Error {
  if (error instanceof DataError) return error;
  const lost = sessions.find((session) => session.lost);
  if (lost !== undefined) {
    return new DataError(
      `The connection to ${lost.place.name} was lost: see that the server runs, and run this again.`,
    );
  }
  const code = codeOf(error);
  if (code !== undefined && /^(?:57P|08)/.test(code)) {
    return new DataError(
      'A server has ended the connection: see that it runs, and run this again.',
    );
  }
  if (code === '53100') {
    return new DataError('The disk of the target is full: make room there, and run this again.');
  }
  if (code === '55P03') {
    return new DataError(
      'Another session holds a lock on a table for more than 30 s: end it, and run this again.',
    );
  }
  if (error instanceof MigrationError) {
    return new DataError(
      `The schemas at the target could not be made (${error.message}): mend the cause, and run this again.`,
    );
  }
  if (error instanceof pg.DatabaseError) {
    return new DataError(
      `The ${work} failed (${error.message}, SQLSTATE ${code}): mend the cause, and run this again.`,
    );
  }
  return error instanceof Error ? error : new Error(String(error));
}
