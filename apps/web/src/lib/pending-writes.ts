import type { QueryClient } from '@tanstack/react-query';
import { queryKeys } from './query-keys';
import { readAgain } from './read-again';

/**
 * Writes that are on their way. Lists are read again when the last one is through: an answer that
 * was read before a write would take back what the page already shows.
 */
let pending = 0;
const tails = new Map<string, Promise<unknown>>();

export function hasPendingWrites(): boolean {
  return pending > 0;
}

/**
 * Carries out a write of one object after earlier writes of the same object, and reads tasks again
 * when no write is left.
 */
export async function write<T>(
  client: QueryClient,
  objectId: string,
  work: () => Promise<T>,
): Promise<T> {
  pending += 1;
  const before = tails.get(objectId) ?? Promise.resolve();
  const turn = before.catch(() => undefined).then(work);
  tails.set(objectId, turn);
  try {
    await client.cancelQueries({ queryKey: queryKeys.taskLists });
    return await turn;
  } finally {
    pending -= 1;
    if (tails.get(objectId) === turn) tails.delete(objectId);
    if (pending === 0) void readAgain(client, queryKeys.tasks);
  }
}
