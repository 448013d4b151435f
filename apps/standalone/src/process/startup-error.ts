/**
 * PrimeTrade cannot start, for a reason that the person who started it can mend. The message is
 * one sentence that names the thing and says what to do next; it is printed without a stack.
 */
export class StartupError extends Error {
  override name = 'StartupError';
}

/** The code of a system error (`ENOENT`, …), or undefined. */
export function errorCode(error: unknown): string | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error && error.code;
  return typeof code === 'string' ? code : undefined;
}
