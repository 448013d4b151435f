'use client';

import { useSyncExternalStore } from 'react';
import { onSessionChange, sessionState, type SessionState } from '../api/session';

const UNKNOWN: SessionState = { status: 'unknown', user: null };

/** Who is signed in, kept up to date. `unknown` until the first refresh has been answered. */
export function useSession(): SessionState {
  return useSyncExternalStore(onSessionChange, sessionState, () => UNKNOWN);
}
