'use client';

import { useSyncExternalStore } from 'react';

const MINUTE_MS = 60_000;

function wholeMinute(): number {
  return Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
}

function subscribe(listener: () => void): () => void {
  let timer: ReturnType<typeof setTimeout>;
  const next = () => {
    timer = setTimeout(
      () => {
        listener();
        next();
      },
      MINUTE_MS - (Date.now() % MINUTE_MS),
    );
  };
  next();
  // A timer sleeps with the tab; the clock may have moved on when it is shown again.
  document.addEventListener('visibilitychange', listener);
  return () => {
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', listener);
  };
}

/** The current minute, in milliseconds since 1970; changes when the clock does. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, wholeMinute, () => 0);
}
