import type { CreateTaskInput } from '@primetrade/contracts';

/** A task that was typed and that the API has not confirmed yet. */
export interface OutboxEntry {
  /** Also the id of the task, chosen here so that a repeat cannot make a second one. */
  id: string;
  /** The Idempotency-Key of every attempt. */
  key: string;
  /** What was typed, to be put back into the add box. */
  line: string;
  input: CreateTaskInput;
  /** A project to create first. */
  newProject: string | null;
  /** Why the last attempt failed; null while one is under way. */
  failure: string | null;
  /** Whether the same again may succeed. */
  mayRetry: boolean;
}

const PREFIX = 'primetrade.outbox.';
const NONE: readonly OutboxEntry[] = [];

let storageKey: string | null = null;
let entries: readonly OutboxEntry[] = NONE;
const listeners = new Set<() => void>();

function publish(next: readonly OutboxEntry[]): void {
  entries = next;
  try {
    if (storageKey !== null) {
      if (next.length === 0) localStorage.removeItem(storageKey);
      else localStorage.setItem(storageKey, JSON.stringify(next));
    }
  } catch {
    // Without storage the entries live as long as the page does.
  }
  for (const listener of listeners) listener();
}

/**
 * Opens the outbox of a user with what an earlier page left in it.
 *
 * @returns the entries to be sent
 */
export function openOutbox(userId: string): readonly OutboxEntry[] {
  storageKey = PREFIX + userId;
  try {
    const stored = JSON.parse(localStorage.getItem(storageKey) ?? '[]') as OutboxEntry[];
    entries = Array.isArray(stored) ? stored : NONE;
  } catch {
    entries = NONE;
  }
  for (const listener of listeners) listener();
  return entries;
}

/** Adds an entry, or replaces the one with its id. */
export function putInOutbox(entry: OutboxEntry): void {
  publish([...entries.filter(({ id }) => id !== entry.id), entry]);
}

export function takeFromOutbox(id: string): void {
  publish(entries.filter((entry) => entry.id !== id));
}

/** Forgets what waits, on sign-out: the next person at this browser must not read it. */
export function clearOutbox(): void {
  publish(NONE);
  storageKey = null;
}

export function outboxEntries(): readonly OutboxEntry[] {
  return entries;
}

export function onOutboxChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
