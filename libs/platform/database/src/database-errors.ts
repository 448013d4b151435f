import { AppError } from '@primetrade/platform-errors';
import pg from 'pg';
import { QueryFailedError } from 'typeorm';

/** SQLSTATE classes and codes of a server that is away, starting or stopping. */
const AWAY = /^(08|57P)/;
/** Out of connections, memory or disk. */
const OUT_OF_RESOURCES = /^53/;
const READ_ONLY = '25006';
/** Cancelled: by its timeout, or on a replica since it was in the way of replay. */
const CANCELLED = '57014';
const LOCK_TIMEOUT = '55P03';
/** A table, schema, column or type that is not there. */
const NOT_MADE = new Set(['42P01', '3F000', '42703', '42704']);
const SERIALIZATION = new Set(['40001', '40P01']);
const UNIQUE_VIOLATION = '23505';
/** What was asked could not be computed; any copy says the same. */
const DATA_EXCEPTION = /^22/;
const SYSTEM_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EPIPE',
  'EAI_AGAIN',
  'ENOENT',
]);

/** How pg reports that a server did not answer in time, though connected. */
export const READ_TIMEOUT = 'Query read timeout';

// pg and TypeORM report these by message alone. A query runner is released under a transaction when
// its connection ends.
const POOL_TIMEOUT = /timeout exceeded when trying to connect/i;
const LOST_CONNECTION =
  /connection terminated|connection ended unexpectedly|timeout expired|query read timeout|already released|not queryable|DataSource is not (initialized|connected)|driver not connected|Client was closed/i;

function sourceOf(error: unknown): unknown {
  return error instanceof QueryFailedError ? error.driverError : error;
}

function codeOf(error: unknown): string | undefined {
  const code = (sourceOf(error) as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
}

/**
 * Whether a statement failed because a unique constraint would be broken.
 *
 * @param constraint only this one, where given
 */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  if (codeOf(error) !== UNIQUE_VIOLATION) return false;
  if (constraint === undefined) return true;
  return (sourceOf(error) as { constraint?: string }).constraint === constraint;
}

/** Whether running the same transaction again may succeed. */
export function isRetryable(error: unknown): boolean {
  return SERIALIZATION.has(codeOf(error) ?? '');
}

/** Whether something of the schema is missing. */
export function isNotMade(error: unknown): boolean {
  return NOT_MADE.has(codeOf(error) ?? '');
}

/** Whether it is the server that is missing, and not something that it says. */
export function isAway(error: unknown): boolean {
  const code = codeOf(error);
  if (code !== undefined && (AWAY.test(code) || SYSTEM_CODES.has(code))) return true;
  const source = sourceOf(error);
  return source instanceof Error && LOST_CONNECTION.test(source.message);
}

/**
 * Whether a read that failed on a replica may succeed on the primary: the replica is gone, is
 * behind a change of the schema, or has cancelled it for its replay. What takes too long, or makes
 * no sense, does so everywhere.
 *
 * @param answers whether the replica does: its pool may be used up since it does not
 */
export function mayDifferOnPrimary(error: unknown, answers: boolean): boolean {
  if (isAway(error)) return true;
  if (isPoolTimeout(error)) return !answers;
  const source = sourceOf(error);
  if (!(source instanceof pg.DatabaseError)) return false;
  const code = source.code ?? '';
  if (code === CANCELLED) return /conflict with recovery/i.test(source.message);
  return code !== LOCK_TIMEOUT && !DATA_EXCEPTION.test(code);
}

/**
 * Turns a failure of the database itself into a 503 that says when to come back; returns anything
 * else as it is.
 */
export function translateDatabaseError(error: unknown): unknown {
  const source = sourceOf(error);
  if (source instanceof AppError) return source;
  const code = codeOf(error);
  if (code === CANCELLED || code === LOCK_TIMEOUT || isPoolTimeout(error)) {
    return new AppError('overloaded', {
      detail: 'The database is too busy to answer in time. Try again in a few seconds.',
      retryAfter: 2,
      cause: error,
    });
  }
  if (code === READ_ONLY) {
    return new AppError('unavailable', {
      detail:
        'Changes are refused for now, because the database is being moved or is recovering. Reading works; repeat the change in a moment.',
      retryAfter: 10,
      cause: error,
    });
  }
  if ((code !== undefined && OUT_OF_RESOURCES.test(code)) || isAway(error)) {
    return databaseAway(error);
  }
  return error;
}

/** The database cannot be reached. */
export function databaseAway(cause?: unknown): AppError {
  return new AppError('unavailable', {
    detail: 'The database cannot be reached at the moment. Try again in a few seconds.',
    retryAfter: 5,
    cause,
  });
}

/** The schema is not there yet. */
export function schemaAway(cause: unknown): AppError {
  return new AppError('unavailable', {
    detail: 'The database is still being set up. Try again in a few seconds.',
    retryAfter: 5,
    cause,
  });
}

function isPoolTimeout(error: unknown): boolean {
  return error instanceof Error && POOL_TIMEOUT.test(error.message);
}
