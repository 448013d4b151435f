'use client';

import { useSyncExternalStore } from 'react';
import { onOutboxChange, outboxEntries, type OutboxEntry } from '../outbox';

const NONE: readonly OutboxEntry[] = [];

/** Tasks that were typed and are not confirmed yet. */
export function useOutbox(): readonly OutboxEntry[] {
  return useSyncExternalStore(onOutboxChange, outboxEntries, () => NONE);
}
