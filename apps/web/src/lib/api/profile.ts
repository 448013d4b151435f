import type { Profile, UpdateProfileRequest } from '@primetrade/contracts';
import { call, callJson } from './client';
import { signOutBy } from './session';

const BASE = '/api/v1/profile';

export function getProfile(signal?: AbortSignal): Promise<Profile> {
  return callJson('GET', BASE, { signal });
}

export function updateProfile(changes: UpdateProfileRequest, version?: number): Promise<Profile> {
  return callJson('PATCH', BASE, { json: changes, ifMatch: version });
}

export async function uploadAvatar(file: File): Promise<void> {
  await call('PUT', `${BASE}/avatar`, { body: file, contentType: file.type });
}

export async function deleteAvatar(): Promise<void> {
  await call('DELETE', `${BASE}/avatar`);
}

export async function exportProfile(): Promise<Blob> {
  return (await call('GET', `${BASE}/export`)).blob();
}

/** Deletes the account with everything in it, and with it the session. */
export function deleteAccount(password: string): Promise<void> {
  return signOutBy(async () => {
    await call('DELETE', BASE, { json: { password } });
  });
}
