import type { Queries } from '@primetrade/platform-database';
import { uuidv7 } from '@primetrade/platform-database';
import type { EndPositions } from '../ordering/position.js';
import { checkProjectCount } from './projects.service.js';

export const DEFAULT_PROJECT_COLOR = '#4f46e5';

/**
 * Finds the user's projects of these names, and creates those that are missing, in two statements
 * at most. Of several projects with one name the oldest counts.
 *
 * The caller holds the lock of the user, so that two imports do not create a project twice.
 *
 * @param queries within the transaction
 * @returns ids by name
 * @throws AppError `limit_reached`
 */
export async function ensureProjects(
  queries: Queries,
  userId: string,
  names: Iterable<string>,
  endPositions: EndPositions,
): Promise<Map<string, string>> {
  const wanted = [...new Set(names)];
  if (wanted.length === 0) return new Map();
  const found: { id: string | null; name: string | null; total: number }[] = await queries.query(
    `SELECT p.id, p.name, c.total
     FROM (SELECT count(*)::int AS total FROM tasks.projects WHERE user_id = $1) c
     LEFT JOIN tasks.projects p ON p.user_id = $1 AND p.name = ANY ($2)
     ORDER BY p.created_at DESC, p.id DESC`,
    [userId, wanted],
  );
  const ids = new Map<string, string>();
  for (const { id, name } of found) if (id !== null && name !== null) ids.set(name, id);
  const missing = wanted
    .filter((name) => !ids.has(name))
    .map((name) => ({ id: uuidv7(), name, position: endPositions.next() }));
  if (missing.length === 0) return ids;
  checkProjectCount(found[0]!.total + missing.length);
  await queries.query(
    `INSERT INTO tasks.projects (user_id, id, name, color, position)
     SELECT $1::uuid, r.id, r.name, $3, r.position
     FROM json_to_recordset($2::json) AS r (id uuid, name text, position text)`,
    [userId, JSON.stringify(missing), DEFAULT_PROJECT_COLOR],
  );
  for (const { id, name } of missing) ids.set(name, id);
  return ids;
}
