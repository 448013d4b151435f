/** What the process ends with. */
export const EXIT = {
  done: 0,
  /** Refused or failed; the source is as it was before and the target holds nothing. */
  failed: 1,
  usage: 2,
  /** Whether the target has kept the rows is not known; only another run can tell. */
  undecided: 3,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/**
 * The command cannot go on, for a reason that the person who started it can mend. The message is one
 * sentence that names the thing and says what to do next; it is printed without a stack.
 */
export class DataError extends Error {
  override name = 'DataError';

  constructor(
    message: string,
    readonly exitCode: ExitCode = EXIT.failed,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Ctrl-C, or another request to stop. */
export class Interrupted extends DataError {
  override name = 'Interrupted';

  constructor() {
    super('Stopped.', EXIT.interrupted);
  }
}

/** SQLSTATE of a database error or the code of a system error (`ECONNREFUSED`, …), or undefined. */
export function codeOf(error: unknown): string | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error && error.code;
  return typeof code === 'string' ? code : undefined;
}
