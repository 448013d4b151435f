import { AppError } from '@primetrade/platform-errors';
import { remainingMs } from '@primetrade/platform-request-context';

/**
 * What to fail with instead of sending a statement that nobody waits for any more; undefined while
 * there is time. Ending a transaction is always allowed: the connection goes back to the pool.
 */
export function outOfTime(statement: unknown): AppError | undefined {
  if (remainingMs(1) > 0) return undefined;
  if (typeof statement === 'string' && statement.startsWith('ROLLBACK')) return undefined;
  return new AppError('overloaded', {
    detail: 'The time for this request was over before all of it was done. Try again.',
    retryAfter: 2,
  });
}
