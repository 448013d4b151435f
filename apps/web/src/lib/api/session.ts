import type { AuthResponse, User } from '@primetrade/contracts';
import { SIGNED_IN_KEY } from '../early-script';
import { ApiError, NetworkError, errorOf } from './problem';

/**
 * Who is signed in. The access token lives in this module's memory alone; the refresh token is an
 * HttpOnly cookie that no script sees.
 */
export type SessionState =
  | { status: 'unknown'; user: null }
  /** `chosen`: the person signed out, as opposed to a session that ran out. */
  | { status: 'signed-out'; user: null; chosen: boolean }
  | { status: 'signed-in'; user: User };

const REFRESH_LOCK = 'primetrade.refresh';
const CHANNEL = 'primetrade.session';
/** Renew this long before expiry, so that a request in flight does not meet an expired token. */
const RENEW_EARLY_MS = 30_000;

let state: SessionState = { status: 'unknown', user: null };
let token: { value: string; expiresAt: number } | null = null;
let isLeaving = false;
let refreshing: Promise<string | null> | null = null;
const listeners = new Set<() => void>();

const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(CHANNEL);
channel?.addEventListener('message', ({ data }) => {
  if (data === 'signed-out') forget(true);
});

function publish(next: SessionState): void {
  state = next;
  for (const listener of listeners) listener();
}

function remember(signedIn: boolean): void {
  try {
    if (signedIn) localStorage.setItem(SIGNED_IN_KEY, '1');
    else localStorage.removeItem(SIGNED_IN_KEY);
  } catch {
    // Storage may be blocked; it only decides which link the landing page offers.
  }
  if (signedIn) document.documentElement.dataset.signedIn = '';
  else delete document.documentElement.dataset.signedIn;
}

function forget(chosen = isLeaving): void {
  token = null;
  remember(false);
  publish({ status: 'signed-out', user: null, chosen });
}

/** Calls `listener` after each change of the session; returns how to stop. */
export function onSessionChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function sessionState(): SessionState {
  return state;
}

/** Takes over what register, login and refresh answer. */
export function signedIn(answer: AuthResponse): void {
  token = { value: answer.accessToken, expiresAt: Date.now() + answer.expiresIn * 1000 };
  remember(true);
  publish({ status: 'signed-in', user: answer.user });
}

/** Changes what is known of the user, after an edit. */
export function userChanged(change: Partial<User>): void {
  if (state.status === 'signed-in') publish({ ...state, user: { ...state.user, ...change } });
}

/**
 * Ends the session by the person's own wish, here and in the other tabs.
 *
 * @param work ends it at the server; when that fails, the session goes on
 */
export async function signOutBy(work: () => Promise<void>): Promise<void> {
  // The server announces the end of the session, which may arrive before its answer.
  isLeaving = true;
  try {
    await work();
    forget();
    channel?.postMessage('signed-out');
  } finally {
    isLeaving = false;
  }
}

/** Tabs take turns, so that each sends the cookie that the one before it received. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  // Locks need a secure context; without one the server's reuse window covers parallel refreshes.
  if (typeof navigator.locks === 'undefined') return work();
  return navigator.locks.request(REFRESH_LOCK, work);
}

async function refresh(): Promise<string | null> {
  const response = await inTurn(() =>
    fetch('/api/v1/auth/refresh', {
      method: 'POST',
      headers: { 'Idempotency-Key': crypto.randomUUID() },
    }),
  ).catch((error: unknown) => {
    throw new NetworkError(error);
  });
  if (response.ok) {
    const answer = (await response.json()) as AuthResponse;
    signedIn(answer);
    return answer.accessToken;
  }
  const error = await errorOf(response);
  if (error instanceof ApiError && error.status === 401) {
    forget();
    return null;
  }
  throw error;
}

/**
 * A new access token by the refresh cookie; one request at a time.
 *
 * @returns null when the session has ended
 * @throws NetworkError or ApiError when that could not be found out
 */
export function renewToken(): Promise<string | null> {
  refreshing ??= refresh().finally(() => {
    refreshing = null;
  });
  return refreshing;
}

/** The current access token, renewed when it is about to expire; null when signed out. */
export function accessToken(): Promise<string | null> {
  if (state.status === 'signed-out') return Promise.resolve(null);
  if (token !== null && token.expiresAt - RENEW_EARLY_MS > Date.now()) {
    return Promise.resolve(token.value);
  }
  return renewToken();
}
