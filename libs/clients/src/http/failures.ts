/** Codes of connections that were never made: the call cannot have arrived. */
const NOT_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);
/** Codes of connections that ended under a call: it may have arrived. */
const LOST = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT']);

/** Nobody takes the connection. */
export class ConnectTimeout extends Error {
  constructor() {
    super('no connection in time');
    this.name = 'ConnectTimeout';
  }
}

/** The time for a call is over. */
export class CallTimeout extends Error {
  /** @param patient whether there was as much time as calls usually get */
  constructor(readonly patient: boolean) {
    super('no answer in time');
    this.name = 'CallTimeout';
  }
}

function codeOf(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  if (typeof code === 'string') return code;
  // Names with several addresses fail with the errors of each.
  return error instanceof AggregateError ? codeOf(error.errors[0]) : '';
}

export function wasNotSent(error: unknown): boolean {
  return error instanceof ConnectTimeout || NOT_SENT.has(codeOf(error));
}

export function isConnectionFailure(error: unknown): boolean {
  return wasNotSent(error) || LOST.has(codeOf(error));
}

/** Whether an address did not answer at all, in as much time as it should need. */
export function isAbsence(error: unknown): boolean {
  return error instanceof CallTimeout ? error.patient : isConnectionFailure(error);
}
