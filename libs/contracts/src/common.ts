import { z } from 'zod';

/** A UUID in its canonical lower-case form. Identifiers made by PrimeTrade are version 7. */
export const Id = z.uuid().toLowerCase();

/**
 * A point in time: ISO 8601 with a zone, stored and returned in UTC with milliseconds, where its
 * year must have four digits too.
 */
export const Timestamp = z.iso.datetime({ offset: true }).refine(
  (value) => {
    const year = new Date(value).getUTCFullYear();
    return year >= 1 && year <= 9999;
  },
  { message: 'must be in the years 1 to 9999 (UTC)' },
);

/**
 * Text as a person types it: trimmed, without NUL and without lone surrogates, neither of which
 * PostgreSQL can store.
 *
 * @param min fewest characters after trimming
 * @param max most characters (UTF-16 code units, as browsers count them)
 */
export function text(min: number, max: number) {
  return z
    .string()
    .refine((s) => !s.includes('\0') && s.isWellFormed(), {
      message: 'contains characters that cannot be stored',
    })
    .trim()
    .min(min)
    .max(max);
}

/** The opaque position in a list that `nextCursor` hands out. */
export const Cursor = z.string().min(1).max(1024);

/** How many items a page holds: 1 to 100, by default 20. */
export const PageLimit = z.coerce.number().int().min(1).max(100).default(20);

/** The header by which a repeated write returns the first result instead of writing twice. */
export const IDEMPOTENCY_HEADER = 'idempotency-key';

/** What an Idempotency-Key may look like: 1 to 255 visible ASCII characters. */
export const IdempotencyKey = z.string().regex(/^[\x21-\x7e]{1,255}$/);
