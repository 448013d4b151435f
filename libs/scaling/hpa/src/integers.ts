/** Integer arithmetic as the controller's: int64 quotients without a fraction, int32 counts. */

const MAX_INT32 = 2_147_483_647;

/** a × b ÷ c without its fraction, exact even where a × b does not fit into a double. */
export function mulDiv(a: number, b: number, c: number): number {
  const product = a * b;
  return Number.isSafeInteger(product)
    ? Math.trunc(product / c)
    : Number((BigInt(a) * BigInt(b)) / BigInt(c));
}

/** A count of pods from a real number: rounded up, at most 2³¹ − 1. */
export function ceilCount(count: number): number {
  // + 0 makes a negative zero a plain one.
  return count > MAX_INT32 ? MAX_INT32 : Math.ceil(count) + 0;
}
