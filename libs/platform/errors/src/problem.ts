import { HttpException } from '@nestjs/common';
import { ERROR_CODES, type ErrorCode, type ProblemDetails } from '@primetrade/contracts';
import { AppError } from './app-error.js';

export const PROBLEM_CONTENT_TYPE = 'application/problem+json; charset=utf-8';

const CODE_BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: 'bad_request',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  408: 'request_timeout',
  409: 'conflict',
  412: 'version_mismatch',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
  429: 'rate_limited',
  503: 'unavailable',
};

/**
 * Turns anything thrown into what the caller may see of it.
 *
 * @param error whatever was thrown
 * @param requestId quoted in `instance`
 */
export function toProblem(error: unknown, requestId?: string): ProblemDetails {
  const known = error instanceof AppError ? error : fromFrameworkError(error);
  return {
    type: `urn:primetrade:error:${known.code}`,
    title: known.title,
    status: known.status,
    code: known.code,
    ...(known.detail === undefined ? {} : { detail: known.detail }),
    ...(requestId === undefined ? {} : { instance: `urn:request:${requestId}` }),
    ...(known.errors === undefined ? {} : { errors: known.errors }),
  };
}

function fromFrameworkError(error: unknown): AppError {
  const status = statusOf(error);
  const code =
    CODE_BY_STATUS[status] ?? (status >= 400 && status < 500 ? 'bad_request' : undefined);
  if (code === undefined) return new AppError('internal_error', { cause: error });
  // Fastify's and Nest's own 4xx messages (a malformed body, an unknown route) hold no internals.
  const detail = error instanceof Error && status < 500 ? error.message : undefined;
  return new AppError(code, { detail: detail === ERROR_CODES[code].title ? undefined : detail });
}

function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' ? status : 500;
}
