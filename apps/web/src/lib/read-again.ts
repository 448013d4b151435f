import type { QueryClient, QueryKey } from '@tanstack/react-query';

/**
 * Reads again what is shown and may be out of date.
 *
 * A first read that is on its way is ended before: invalidating alone would take its answer, which
 * may be older than what has changed, for the new one.
 *
 * @param queryKey what every key begins with that is concerned; everything if left out
 */
export async function readAgain(client: QueryClient, queryKey?: QueryKey): Promise<void> {
  await client.cancelQueries({ queryKey, predicate: ({ state }) => state.data === undefined });
  await client.invalidateQueries({ queryKey });
}
