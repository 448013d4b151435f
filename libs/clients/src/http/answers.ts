import type { IncomingMessage } from 'node:http';
import { ProblemDetails } from '@primetrade/contracts';
import { AppError } from '@primetrade/platform-errors';

/** Answers that are not streams are small; more is a mistake at the other end. */
const MAX_BYTES = 2 * 1024 * 1024;
const RETRY_AFTER_SECONDS = 2;

/** @throws Error when it is larger than an answer may be */
export async function readText(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw new Error(`the answer has more than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * The error that the other service answered with, as it was thrown there; what is no business of
 * our caller becomes `unavailable`.
 */
export async function toAppError(service: string, answer: IncomingMessage): Promise<AppError> {
  const { statusCode, headers } = answer;
  const text = await readText(answer);
  const problem = ProblemDetails.safeParse(parsed(text));
  // 401 is about us, not about our caller: the secrets of the two services differ.
  if (!problem.success || statusCode === 401 || problem.data.code === 'internal_error') {
    const hint = statusCode === 401 ? '; SERVICE_SECRET must be the same in all services' : '';
    return unavailable(service, new Error(`${service} answered ${statusCode}${hint}`));
  }
  const { code, detail, errors } = problem.data;
  const seconds = Number(headers['retry-after']);
  const retryAfter = seconds > 0 ? seconds : undefined;
  return new AppError(code, { detail, errors, retryAfter });
}

/** What a caller gets to know of a service that does not serve. */
export function unavailable(service: string, cause: unknown): AppError {
  return new AppError('unavailable', {
    detail: `The ${service} service cannot be reached at the moment. Try again in a few seconds.`,
    retryAfter: RETRY_AFTER_SECONDS,
    cause,
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
