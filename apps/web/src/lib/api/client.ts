import type { ErrorCode } from '@primetrade/contracts';
import { ApiError, NetworkError, errorOf } from './problem';
import { accessToken, renewToken } from './session';

export interface RequestOptions {
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as it is; give its type. */
  body?: Blob;
  contentType?: string;
  /** Made once per intention and kept across retries, so that a repeat cannot write twice. */
  idempotencyKey?: string;
  /** The version that the change starts from. */
  ifMatch?: number;
  signal?: AbortSignal;
  /** False for calls that need no session: they are sent without a token. */
  authenticated?: boolean;
}

/** Refusals that a new access token may turn; other 401s, such as a wrong code, are answers. */
const ABOUT_TOKEN = new Set<ErrorCode>(['unauthenticated', 'session_expired']);
/** Statuses after which the same request may succeed a moment later. */
const TRANSIENT = new Set([502, 503, 504]);
const ATTEMPTS = 3;
const LONGEST_WAIT_MS = 5_000;

function headersOf(method: string, options: RequestOptions, token: string | null): Headers {
  const headers = new Headers({ Accept: 'application/json' });
  if (options.json !== undefined) headers.set('Content-Type', 'application/json');
  else if (options.contentType !== undefined) headers.set('Content-Type', options.contentType);
  if (token !== null) headers.set('Authorization', `Bearer ${token}`);
  if (options.ifMatch !== undefined) headers.set('If-Match', `"${options.ifMatch}"`);
  if (method === 'POST') {
    headers.set('Idempotency-Key', options.idempotencyKey ?? crypto.randomUUID());
  }
  return headers;
}

async function send(method: string, path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, { ...init, method });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new NetworkError(error);
  }
}

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((done, fail) => {
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      fail(signal.reason as Error);
    });
  });
}

/**
 * One call of the API, with the session's token. A 401 is met by renewing the token once; a lost
 * connection and a busy server by two more attempts with the same Idempotency-Key.
 *
 * @param path same-origin path, for example `/api/v1/tasks`
 * @returns the successful answer
 * @throws ApiError when the API refuses, NetworkError when no answer comes
 */
export async function call(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  options: RequestOptions = {},
): Promise<Response> {
  const kept = { ...options, idempotencyKey: options.idempotencyKey ?? crypto.randomUUID() };
  const authenticated = options.authenticated ?? true;
  let token = authenticated ? await accessToken() : null;
  let renewed = false;
  for (let attempt = 1; ; attempt += 1) {
    let failure: ApiError | NetworkError;
    try {
      const response = await send(method, path, {
        headers: headersOf(method, kept, token),
        body: options.json === undefined ? options.body : JSON.stringify(options.json),
        signal: options.signal,
      });
      if (response.ok) return response;
      failure = await errorOf(response);
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
      failure = error;
    }
    const isAboutToken = failure instanceof ApiError && ABOUT_TOKEN.has(failure.code);
    if (isAboutToken && authenticated && !renewed) {
      renewed = true;
      token = await renewToken();
      if (token !== null) continue;
    }
    const transient = failure instanceof NetworkError || TRANSIENT.has(failure.status);
    if (!transient || attempt >= ATTEMPTS) throw failure;
    const asked = failure instanceof ApiError ? (failure.retryAfter ?? 0) * 1000 : 0;
    const backoff = 300 * 2 ** attempt * (0.75 + Math.random() / 2);
    if (asked > LONGEST_WAIT_MS) throw failure;
    await pause(Math.max(asked, backoff), options.signal);
  }
}

/** Like `call`, and reads the JSON of the answer. */
export async function callJson<T>(
  method: Parameters<typeof call>[0],
  path: string,
  options?: RequestOptions,
): Promise<T> {
  const response = await call(method, path, options);
  return (await response.json()) as T;
}
