import { AppError } from '@primetrade/platform-errors';

/**
 * How a service did not answer.
 *
 * `refused`: there was no connection, so nothing of the request has arrived. `lost`: the connection
 * ended under the request. `draining`: the process is about to end and turned the request away.
 * `timeout`: nothing came in time.
 */
export type FailureKind = 'refused' | 'lost' | 'draining' | 'timeout';

/** A service did not begin to answer. */
export class UpstreamFailure extends Error {
  constructor(
    readonly kind: FailureKind,
    cause?: unknown,
  ) {
    super(`no answer: ${kind}`, { cause });
    this.name = 'UpstreamFailure';
  }
}

/** The caller has gone; there is nobody to answer. */
export class CallerGone extends Error {
  constructor() {
    super('the caller has gone');
    this.name = 'CallerGone';
  }
}

/** Codes of connections that were never made. */
const NEVER_CONNECTED = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** What undici reports for a request that was not answered. */
export function connectionFailure(error: unknown): UpstreamFailure {
  const { code } = error as { code?: unknown };
  const refused = typeof code === 'string' && NEVER_CONNECTED.has(code);
  return new UpstreamFailure(refused ? 'refused' : 'lost', error);
}

const RETRY_AFTER_SECONDS = 2;

/** What the caller is told of a failure. */
export function describe(service: string, failure: unknown): AppError {
  const kind = failure instanceof UpstreamFailure ? failure.kind : 'refused';
  if (kind === 'timeout') {
    return new AppError('upstream_timeout', {
      detail: `The ${service} service took too long. Whether the request took effect is not known: look, or repeat it with the same Idempotency-Key.`,
      cause: failure,
    });
  }
  return new AppError('unavailable', {
    detail:
      kind === 'lost'
        ? `The connection to the ${service} service broke. Whether the request took effect is not known: look, or repeat it with the same Idempotency-Key.`
        : `The ${service} service cannot be reached at the moment. Try again in a few seconds.`,
    retryAfter: RETRY_AFTER_SECONDS,
    cause: failure,
  });
}

/** What the caller is told when too many requests wait for a service already. */
export function tooMany(service: string, cause?: unknown): AppError {
  return new AppError('overloaded', {
    detail: `Too many requests wait for the ${service} service. Try again in a few seconds.`,
    retryAfter: RETRY_AFTER_SECONDS,
    cause,
  });
}
