import { isDeepStrictEqual } from 'node:util';
import type { Running } from './measurements.js';

/**
 * Makes sure that all servers do the same work: the first page of the same people must be the same
 * tasks, field by field, and a stranger must be refused.
 *
 * @throws Error that names the server
 */
export async function checkAgreement(servers: readonly Running[]): Promise<void> {
  for (const server of servers) {
    const { spec, process, callers } = server;
    const url = `${process.url}${spec.api}/tasks`;
    const stranger = await fetch(url);
    await stranger.body?.cancel();
    if (stranger.status !== 401) {
      throw new Error(`${spec.id} answers a caller without a token by ${stranger.status}.`);
    }
    const reference = servers.find((other) => other.spec.database === spec.database)!;
    for (const index of [0, callers.length - 1]) {
      const { id } = callers[index]!;
      const page = await firstPage(server, id);
      if (page.items.length !== 20 || page.nextCursor === null) {
        throw new Error(`${spec.id} has a page of ${page.items.length} tasks.`);
      }
      if (!isDeepStrictEqual(page, await firstPage(reference, id))) {
        throw new Error(`${spec.id} and ${reference.spec.id} disagree on the first page.`);
      }
    }
  }
}

interface Page {
  items: unknown[];
  nextCursor: string | null;
}

async function firstPage({ spec, process, callers }: Running, userId: string): Promise<Page> {
  const token = callers.find((caller) => caller.id === userId)!.accessToken;
  const response = await fetch(`${process.url}${spec.api}/tasks`, {
    headers: { authorization: `Bearer ${token}` },
  });
  if (!response.ok) throw new Error(`${spec.id} answers ${response.status}.`);
  return (await response.json()) as Page;
}
