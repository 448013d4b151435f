import { AppError } from '@primetrade/platform-errors';
import { QueryFailedError } from 'typeorm';

/** SQLSTATE classes and codes of a server that is away, starting, stopping or out of resources. */
const UNAVAILABLE = /^(08|57P0|53|25006)/;
const STATEMENT_TIMEOUT = '57014';
const LOCK_TIMEOUT = '55P03';
const SERIALIZATION = new Set(['40001', '40P01']);
const UNIQUE_VIOLATION = '23505';
const SYSTEM_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EPIPE',
  'EAI_AGAIN',
  'ENOENT',
]);

function codeOf(error: unknown): string | undefined {
  const source: unknown = error instanceof QueryFailedError ? error.driverError : error;
  const code = (source as { code?: unknown } | null)?.code;
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
  const source: unknown = error instanceof QueryFailedError ? error.driverError : error;
  return (source as { constraint?: string }).constraint === constraint;
}

/** Whether running the same transaction again may succeed. */
export function isRetryable(error: unknown): boolean {
  return SERIALIZATION.has(codeOf(error) ?? '');
}

/**
 * Turns a failure of the database itself into a 503 that says when to come back; returns anything
 * else as it is.
 */
export function translateDatabaseError(error: unknown): unknown {
  if (error instanceof AppError) return error;
  const code = codeOf(error);
  if (code === STATEMENT_TIMEOUT || code === LOCK_TIMEOUT || isPoolTimeout(error)) {
    return new AppError('overloaded', {
      detail: 'The database is too busy to answer in time. Try again in a few seconds.',
      retryAfter: 2,
      cause: error,
    });
  }
  if (
    (code !== undefined && (UNAVAILABLE.test(code) || SYSTEM_CODES.has(code))) ||
    isLostConnection(error)
  ) {
    return new AppError('unavailable', {
      detail: 'The database cannot be reached at the moment. Try again in a few seconds.',
      retryAfter: 5,
      cause: error,
    });
  }
  return error;
}

// pg and TypeORM report these by message alone. A query runner is released under a transaction when
// its connection ends.
function isPoolTimeout(error: unknown): boolean {
  return error instanceof Error && /timeout exceeded when trying to connect/i.test(error.message);
}

function isLostConnection(error: unknown): boolean {
  return (
    error instanceof Error &&
    /connection terminated|connection ended unexpectedly|already released|not queryable|DataSource is not (initialized|connected)|driver not connected|Client was closed/i.test(
      error.message,
    )
  );
}
