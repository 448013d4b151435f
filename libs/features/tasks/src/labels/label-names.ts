import { AppError } from '@primetrade/platform-errors';
import type { Queries } from '@primetrade/platform-database';
import { SqlParams } from '../database/sql-params.js';

export const MAX_LABELS = 1_000;
export const DEFAULT_LABEL_COLOR = '#64748b';

/** What makes two names the same label. */
export function labelKey(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

/** The names by key, each once, the first spelling first. */
export function labelsByKey(names: Iterable<string>): Map<string, string> {
  const byKey = new Map<string, string>();
  for (const name of names) {
    const key = labelKey(name);
    if (!byKey.has(key)) byKey.set(key, name.normalize('NFC'));
  }
  return byKey;
}

/**
 * Common table expressions that find the labels of the given names and create those that are
 * missing. They provide `names (name_key, name)` with the spelling that the user's label has, and
 * `label_count (total)`: how many labels there are now, 0 when none was created.
 *
 * The labels found are locked until the end of the transaction, so that none is renamed or deleted
 * while tasks get its name.
 *
 * @param user placeholder of the user's id
 * @param labels as `labelsByKey` returns them
 */
export function labelExpressions(
  params: SqlParams,
  user: string,
  labels: ReadonlyMap<string, string>,
): string {
  const keys = params.add([...labels.keys()]);
  const names = params.add([...labels.values()]);
  const color = params.add(DEFAULT_LABEL_COLOR);
  return `
    wanted AS (SELECT * FROM unnest(${keys}::text[], ${names}::text[]) AS w (name_key, name)),
    known AS (
      SELECT l.name_key, l.name FROM tasks.labels l
      WHERE l.user_id = ${user}::uuid AND l.name_key = ANY (${keys}::text[])
      ORDER BY l.name_key FOR SHARE
    ),
    made AS (
      INSERT INTO tasks.labels AS l (user_id, name_key, name, color)
      SELECT ${user}::uuid, w.name_key, w.name, ${color}::text FROM wanted w
      WHERE NOT EXISTS (SELECT FROM known k WHERE k.name_key = w.name_key)
      ORDER BY w.name_key
      ON CONFLICT (user_id, name_key) DO UPDATE SET name = l.name
      RETURNING l.name_key, l.name
    ),
    names AS (SELECT name_key, name FROM known UNION ALL SELECT name_key, name FROM made),
    label_count AS (
      SELECT CASE WHEN EXISTS (SELECT FROM made)
        THEN (SELECT count(*) FROM tasks.labels l WHERE l.user_id = ${user}::uuid)
          + (SELECT count(*) FROM made)
        ELSE 0 END::int AS total
    )`;
}

/** SQL of the names that belong to an array of keys, in its order. */
export function namesOf(keys: string): string {
  return `ARRAY(SELECT n.name FROM unnest(${keys}) WITH ORDINALITY AS u (name_key, place)
    JOIN names n USING (name_key) ORDER BY u.place)`;
}

/**
 * Creates the labels that are missing and locks all of them until the end of the transaction. For
 * whoever locks tasks next: everyone locks labels first, as renaming does, so that none wait for
 * each other.
 *
 * @param queries within the transaction
 * @throws AppError `limit_reached`
 */
export async function lockLabels(
  queries: Queries,
  userId: string,
  names: Iterable<string>,
): Promise<void> {
  const labels = labelsByKey(names);
  if (labels.size === 0) return;
  const params = new SqlParams();
  const expressions = labelExpressions(params, params.add(userId), labels);
  const [row]: { total: number }[] = await queries.query(
    `WITH ${expressions} SELECT total, (SELECT count(*) FROM names) AS locked FROM label_count`,
    params.values,
  );
  checkLabelCount(row!.total);
}

/** @throws AppError `limit_reached` */
export function checkLabelCount(total: number): void {
  if (total > MAX_LABELS) {
    throw new AppError('limit_reached', {
      detail: `An account has at most ${MAX_LABELS} labels. Delete some that are not used.`,
    });
  }
}
