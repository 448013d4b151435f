import { readTables } from '../data/catalogue.js';
import type { Place } from '../data/places.js';
import { digest } from '../data/proof.js';
import { connect, type Session } from '../data/session.js';
import { SCHEMAS } from './move-run.js';

/** Sessions as the commands have them, in which values look the same on all servers. */
export async function withSessions<T>(
  urls: readonly string[],
  work: (...sessions: Session[]) => Promise<T>,
): Promise<T> {
  const sessions = await Promise.all(
    urls.map((url) => connect({ option: '--from', name: 'x', url } as Place)),
  );
  try {
    return await work(...sessions);
  } finally {
    await Promise.all(sessions.map(({ client }) => client.end()));
  }
}

/** Digests of all tables of databases. */
export function digestsOf(...urls: string[]): Promise<Record<string, unknown>[]> {
  return withSessions(urls, async (...sessions) => {
    const all = [];
    for (const session of sessions) {
      const found: Record<string, unknown> = {};
      for (const table of await readTables(session, SCHEMAS)) {
        found[table.name] = await digest(session, table);
      }
      all.push(found);
    }
    return all;
  });
}

/** Constraints, indexes and columns of the features, as the catalogue describes them. */
export const SHAPE = `
  SELECT pg_get_constraintdef(oid) AS it, conname AS name FROM pg_constraint
  WHERE connamespace IN ('auth'::regnamespace, 'tasks'::regnamespace, 'profile'::regnamespace)
  UNION ALL SELECT indexdef, indexname FROM pg_indexes
  WHERE schemaname IN ('auth', 'tasks', 'profile') ORDER BY name, it`;
