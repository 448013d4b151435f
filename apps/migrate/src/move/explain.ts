import { MigrationError } from '@primetrade/platform-database';
import pg from 'pg';
import { codeOf, MoveError } from './move-error.js';
import type { Session } from './session.js';

/**
 * The sentence for what went wrong. What is no failure of a database is returned as it is.
 *
 * @param sessions that were open
 */
export function explain(error: unknown, sessions: readonly Session[]): Error {
  if (error instanceof MoveError) return error;
  const lost = sessions.find((session) => session.lost);
  if (lost !== undefined) {
    return new MoveError(
      `The connection to ${lost.place.name} was lost: see that the server runs, and run this again.`,
    );
  }
  const code = codeOf(error);
  if (code !== undefined && /^(?:57P|08)/.test(code)) {
    return new MoveError(
      'A server has ended the connection: see that both servers run, and run this again.',
    );
  }
  if (code === '53100') {
    return new MoveError('The disk of the target is full: make room there, and run this again.');
  }
  if (code === '55P03') {
    return new MoveError(
      'Another session holds a lock on a table for more than 30 s: end it, and run this again.',
    );
  }
  if (error instanceof MigrationError) {
    return new MoveError(
      `The schemas at the target could not be made (${error.message}): mend the cause, and run this again.`,
    );
  }
  if (error instanceof pg.DatabaseError) {
    return new MoveError(
      `The move failed (${error.message}, SQLSTATE ${code}): mend the cause, and run this again.`,
    );
  }
  return error instanceof Error ? error : new Error(String(error));
}
