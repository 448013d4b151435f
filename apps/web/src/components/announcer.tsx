'use client';

import { useSyncExternalStore } from 'react';

let message = '';
let flip = false;
const listeners = new Set<() => void>();

/** Has screen readers say a sentence once what they are saying is over. */
export function announce(sentence: string): void {
  // The same text twice in a row is no change to a live region; a trailing no-break space makes it one.
  flip = !flip;
  message = flip ? sentence : `${sentence}\u00a0`;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The live region that `announce` speaks through; one a page. */
export function Announcer() {
  const text = useSyncExternalStore(
    subscribe,
    () => message,
    () => '',
  );
  return (
    <div aria-live="polite" className="sr-only">
      {text}
    </div>
  );
}
