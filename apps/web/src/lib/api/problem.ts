import type { ErrorCode, FieldError, ProblemDetails } from '@primetrade/contracts';

/** The API answered with an error. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    readonly code: ErrorCode,
    message: string,
    readonly fields: FieldError[] = [],
    /** Seconds to wait before trying again, when the API says so. */
    readonly retryAfter: number | null = null,
  ) {
    super(message);
  }
}

/** No answer came: the network is away, or the server is. The request may have been carried out. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError';

  constructor(cause?: unknown) {
    super('PrimeTrade cannot be reached. Check your connection; nothing you typed is lost.', {
      cause,
    });
  }
}

/** Sentences that say what to do next; codes without one use what the API says. */
const SENTENCES: Partial<Record<ErrorCode, string>> = {
  invalid_credentials: 'The email address or the password is wrong.',
  totp_invalid: 'That code is not right. Codes change every 30 seconds; enter the current one.',
  session_expired: 'Your session has ended. Sign in again to continue.',
  unauthenticated: 'Sign in to continue.',
  password_wrong: 'That password is not right.',
  email_taken: 'An account with this email address exists already. Sign in instead.',
  password_compromised:
    'This password is known from leaked data, so attackers try it first. Choose another one.',
  version_mismatch: 'This was changed elsewhere in the meantime.',
  not_found: 'This no longer exists. It may have been deleted elsewhere.',
  payload_too_large: 'This file is too large.',
  image_invalid: 'This image could not be read. Use a PNG, JPEG or WebP picture.',
  internal_error: 'Something went wrong on our side. Try again in a moment.',
  unavailable: 'PrimeTrade is not available for the moment. Try again shortly.',
  overloaded: 'PrimeTrade is very busy for the moment. Try again shortly.',
};

function waitSentence(seconds: number | null): string {
  if (seconds === null) return 'Wait a little and try again.';
  if (seconds < 90) return `Try again in ${Math.max(1, Math.ceil(seconds))} seconds.`;
  return `Try again in ${Math.ceil(seconds / 60)} minutes.`;
}

/** Retry-After in seconds; null when it is absent or a date. */
function retryAfterOf(headers: Headers): number | null {
  const value = headers.get('retry-after');
  return value !== null && /^\d+$/.test(value) ? Number(value) : null;
}

function isProblem(body: unknown): body is ProblemDetails {
  return typeof body === 'object' && body !== null && 'code' in body && 'title' in body;
}

/** A code for answers that do not carry one, such as those of a proxy in between. */
function codeOfStatus(status: number): ErrorCode {
  if (status === 401) return 'unauthenticated';
  if (status === 404) return 'not_found';
  if (status === 413) return 'payload_too_large';
  if (status === 429) return 'rate_limited';
  if (status === 502 || status === 503 || status === 504) return 'unavailable';
  return status >= 500 ? 'internal_error' : 'bad_request';
}

/**
 * Makes the error of an answer that is not a success.
 *
 * @param response the answer; its body is consumed
 */
export async function errorOf(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => null);
  const problem = isProblem(body) ? body : null;
  const code = problem?.code ?? codeOfStatus(response.status);
  const retryAfter = retryAfterOf(response.headers);
  const said = problem?.detail ?? problem?.title ?? 'Something went wrong';
  const sentence =
    response.status === 429
      ? `Too many attempts. ${waitSentence(retryAfter)}`
      : (SENTENCES[code] ?? (/[.!?]$/.test(said) ? said : `${said}.`));
  return new ApiError(response.status, code, sentence, problem?.errors ?? [], retryAfter);
}

/** A sentence for a person about anything that was thrown. */
export function sentenceOf(error: unknown): string {
  if (error instanceof ApiError && error.code === 'validation_failed' && error.fields.length > 0) {
    return error.fields
      .map(({ path, message }) => (path ? `${path}: ${message}` : message))
      .join('. ');
  }
  if (error instanceof ApiError || error instanceof NetworkError) return error.message;
  return 'Something went wrong in this page. Reload it and try again.';
}

/** The message for one field of a form, when the API objected to it. */
export function fieldError(error: unknown, path: string): string | undefined {
  if (!(error instanceof ApiError)) return undefined;
  return error.fields.find((field) => field.path === path)?.message;
}
