import type {
  ApiTokenList,
  AuthResponse,
  ChangePasswordRequest,
  CreatedApiToken,
  LoginRequest,
  RegisterRequest,
  Scope,
  SessionList,
  TotpConfirmResponse,
  TotpEnrolResponse,
} from '@primetrade/contracts';
import { call, callJson } from './client';
import { ApiError } from './problem';
import { signedIn, signOutBy } from './session';

const BASE = '/api/v1/auth';

export async function register(request: RegisterRequest, idempotencyKey: string): Promise<void> {
  signedIn(
    await callJson<AuthResponse>('POST', `${BASE}/register`, {
      json: request,
      idempotencyKey,
      authenticated: false,
    }),
  );
}

export async function login(request: LoginRequest): Promise<void> {
  signedIn(
    await callJson<AuthResponse>('POST', `${BASE}/login`, { json: request, authenticated: false }),
  );
}

/** Ends the session here and at the server. A session that has ended already counts as ended. */
export function logout(): Promise<void> {
  return signOutBy(async () => {
    try {
      await call('POST', `${BASE}/logout`);
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 401)) throw error;
    }
  });
}

export function listSessions(signal?: AbortSignal): Promise<SessionList> {
  return callJson('GET', `${BASE}/sessions`, { signal });
}

export async function revokeSession(id: string): Promise<void> {
  await call('DELETE', `${BASE}/sessions/${id}`);
}

export async function changePassword(request: ChangePasswordRequest): Promise<void> {
  await call('POST', `${BASE}/password`, { json: request });
}

export function enrolTotp(password: string): Promise<TotpEnrolResponse> {
  return callJson('POST', `${BASE}/totp/enrol`, { json: { password } });
}

export function confirmTotp(code: string): Promise<TotpConfirmResponse> {
  return callJson('POST', `${BASE}/totp/confirm`, { json: { code } });
}

export async function disableTotp(password: string): Promise<void> {
  await call('POST', `${BASE}/totp/disable`, { json: { password } });
}

export function listApiTokens(signal?: AbortSignal): Promise<ApiTokenList> {
  return callJson('GET', `${BASE}/tokens`, { signal });
}

export function createApiToken(request: {
  name: string;
  scopes: Scope[];
  expiresInDays: number;
}): Promise<CreatedApiToken> {
  return callJson('POST', `${BASE}/tokens`, { json: request });
}

export async function deleteApiToken(id: string): Promise<void> {
  await call('DELETE', `${BASE}/tokens/${id}`);
}
