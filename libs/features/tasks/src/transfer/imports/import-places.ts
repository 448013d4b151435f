import { CreateProjectRequest } from '@primetrade/contracts';
import { type Queries, uuidv7 } from '@primetrade/platform-database';
import { checkLabelCount, DEFAULT_LABEL_COLOR, labelKey } from '../../labels/label-names.js';
import { checkProjectCount } from '../../projects/projects.service.js';
import type { ProjectDraft } from '../reading/task-draft.js';
import type { FileContents } from '../reading/read-file.js';

const DEFAULT_PROJECT_COLOR = CreateProjectRequest.shape.color.parse(undefined);

interface ExistingProject {
  id: string;
  name: string;
  color: string;
  archived: boolean;
}

/**
 * Finds or creates the projects of a file. A project is known by its name; of several with one
 * name, each takes another, and first the one of its colour. The caller holds the user's lock.
 *
 * @returns ids by the keys of the file
 * @throws AppError `limit_reached`
 */
export async function placeProjects(
  queries: Queries,
  userId: string,
  projects: ReadonlyMap<string, ProjectDraft>,
  nextPosition: () => string,
): Promise<Map<string, string>> {
  if (projects.size === 0) return new Map();
  checkProjectCount(projects.size);
  const existing: ExistingProject[] = await queries.query(
    `SELECT id, name, color, archived_at IS NOT NULL AS archived FROM tasks.projects
     WHERE user_id = $1 ORDER BY archived_at IS NOT NULL, position, id`,
    [userId],
  );
  const free = new Set(existing);
  const ids = new Map<string, string>();
  const take = (matches: (draft: ProjectDraft, project: ExistingProject) => boolean) => {
    for (const [key, draft] of projects) {
      const found = ids.has(key) ? undefined : [...free].find((each) => matches(draft, each));
      if (found === undefined) continue;
      free.delete(found);
      ids.set(key, found.id);
    }
  };
  take((draft, project) => draft.name === project.name && draft.color === project.color);
  take((draft, project) => draft.name === project.name);
  const missing = [...projects]
    .filter(([key]) => !ids.has(key))
    .map(([key, { name, color, archivedAt }]) => ({
      ...{ key, id: uuidv7(), name, color: color ?? DEFAULT_PROJECT_COLOR },
      ...{ position: nextPosition(), archived_at: archivedAt ?? null },
    }));
  if (missing.length === 0) return ids;
  checkProjectCount(existing.length + missing.length);
  await queries.query(
    `INSERT INTO tasks.projects (user_id, id, name, color, position, archived_at)
     SELECT $1::uuid, r.id, r.name, r.color, r.position, r.archived_at
     FROM json_to_recordset($2::json)
       AS r (id uuid, name text, color text, position text, archived_at timestamptz)`,
    [userId, JSON.stringify(missing)],
  );
  for (const { key, id } of missing) ids.set(key, id);
  return ids;
}

/**
 * Creates the labels of a file that do not exist yet: those that it lists, with their colours, and
 * those of its tasks. All at once and first, so that a limit is met before the first task.
 *
 * @throws AppError `limit_reached`
 */
export async function placeLabels(
  queries: Queries,
  userId: string,
  file: Pick<FileContents, 'labels' | 'tasks'>,
): Promise<void> {
  const wanted = new Map<string, { name_key: string; name: string; color: string }>();
  const add = (name: string, color: string) => {
    const key = labelKey(name);
    if (!wanted.has(key)) wanted.set(key, { name_key: key, name: name.normalize('NFC'), color });
  };
  for (const { name, color } of file.labels) add(name, color);
  for (const { labels } of file.tasks) for (const name of labels) add(name, DEFAULT_LABEL_COLOR);
  if (wanted.size === 0) return;
  checkLabelCount(wanted.size);
  await queries.query(
    `INSERT INTO tasks.labels (user_id, name_key, name, color)
     SELECT $1::uuid, r.name_key, r.name, r.color
     FROM json_to_recordset($2::json) AS r (name_key text, name text, color text)
     ORDER BY r.name_key ON CONFLICT (user_id, name_key) DO NOTHING`,
    [userId, JSON.stringify([...wanted.values()])],
  );
  const [{ count }]: [{ count: number }] = await queries.query(
    'SELECT count(*)::int AS count FROM tasks.labels WHERE user_id = $1',
    [userId],
  );
  checkLabelCount(count);
}
