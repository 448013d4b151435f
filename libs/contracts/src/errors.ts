import { z } from 'zod';

/**
 * Every error code that a PrimeTrade API answers with, its HTTP status and its title.
 * docs/errors.md documents them one to one; a test compares the two.
 */
export const ERROR_CODES = {
  bad_request: { status: 400, title: 'The request could not be read' },
  validation_failed: { status: 400, title: 'Some fields are not valid' },
  invalid_cursor: { status: 400, title: 'The cursor does not belong to this list' },
  unauthenticated: { status: 401, title: 'Sign in to continue' },
  invalid_credentials: { status: 401, title: 'The email address or the password is wrong' },
  totp_required: { status: 401, title: 'A two-factor code is required' },
  totp_invalid: { status: 401, title: 'The two-factor code is wrong' },
  session_expired: { status: 401, title: 'The session has ended' },
  forbidden: { status: 403, title: 'You may not do this' },
  insufficient_scope: { status: 403, title: 'The API token lacks the scope for this' },
  origin_mismatch: { status: 403, title: 'The request came from another site' },
  password_wrong: { status: 403, title: 'The password is wrong' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'The method is not supported here' },
  request_timeout: { status: 408, title: 'The request took too long to arrive' },
  email_taken: { status: 409, title: 'An account with this email address exists' },
  already_exists: { status: 409, title: 'It exists already' },
  conflict: { status: 409, title: 'The change conflicts with the current state' },
  idempotency_key_reused: {
    status: 422,
    title: 'The Idempotency-Key was used for another request',
  },
  version_mismatch: { status: 412, title: 'It was changed in the meantime' },
  payload_too_large: { status: 413, title: 'The request is too large' },
  unsupported_media_type: { status: 415, title: 'The content type is not supported' },
  image_invalid: { status: 422, title: 'The image could not be read' },
  import_invalid: { status: 422, title: 'The file could not be imported' },
  password_compromised: { status: 422, title: 'The password is known to attackers' },
  limit_reached: { status: 422, title: 'A limit of the account is reached' },
  rate_limited: { status: 429, title: 'Too many requests from this IP' },
  user_rate_limited: { status: 429, title: 'Too many requests from this account' },
  too_many_attempts: { status: 429, title: 'Too many failed attempts' },
  internal_error: { status: 500, title: 'Something went wrong on our side' },
  unavailable: { status: 503, title: 'Temporarily unavailable' },
  overloaded: { status: 503, title: 'Too busy at the moment' },
  upstream_timeout: { status: 504, title: 'It took too long' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** One field that did not validate. */
export const FieldError = z.object({
  /** Where, as a path: `tasks.3.title`. Empty when it concerns the whole body. */
  path: z.string(),
  message: z.string(),
});
export type FieldError = z.infer<typeof FieldError>;

/** RFC 9457 problem details; `code` is one of ERROR_CODES. */
export const ProblemDetails = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: z.enum(Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]]),
    detail: z.string().optional(),
    /** The request id; quote it when asking for help. */
    instance: z.string().optional(),
    errors: z.array(FieldError).optional(),
  })
  .meta({ id: 'ProblemDetails' });
export type ProblemDetails = z.infer<typeof ProblemDetails>;
