import { AppError } from '@primetrade/platform-errors';
import { z } from 'zod';

const Position = z.tuple([
  z.string(),
  z
    .array(z.union([z.string().max(600), z.number(), z.null()]))
    .min(1)
    .max(4),
]);

type CursorValue = string | number | null;

/**
 * The position behind the last item of a page, for keyset paging.
 *
 * @param order names the sort order; a cursor is only good for its own
 * @param values of the sort columns, in order
 */
export function encodeCursor(order: string, values: readonly CursorValue[]): string {
  return Buffer.from(JSON.stringify([order, values])).toString('base64url');
}

/**
 * Reads a cursor.
 *
 * @param count how many values the order has
 * @throws AppError `invalid_cursor` when it is not one of this order
 */
export function decodeCursor(cursor: string, order: string, count: number): CursorValue[] {
  try {
    const [of, values] = Position.parse(
      JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')),
    );
    if (of === order && values.length === count) return values;
  } catch {
    // Falls through: whatever is wrong with it, the answer is the same.
  }
  throw new AppError('invalid_cursor', {
    detail: 'Start again from the first page, without a cursor, and keep the same sort.',
  });
}
