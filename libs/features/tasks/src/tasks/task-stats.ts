import type { TaskStats } from '@primetrade/contracts';
import type { Queries } from '@primetrade/platform-database';

/** Counts of a user's tasks outside the trash, read once. Days are those of UTC. */
const STATISTICS = `
  WITH mine AS MATERIALIZED (
    SELECT status, priority, due_at, completed_at FROM tasks.tasks
    WHERE user_id = $1 AND deleted_at IS NULL
  ), days AS (
    SELECT date::date, count(m.completed_at)::int AS count
    FROM generate_series(
      date_trunc('day', now() AT TIME ZONE 'UTC') - interval '13 days',
      date_trunc('day', now() AT TIME ZONE 'UTC'), interval '1 day') AS date
    LEFT JOIN mine m ON date_trunc('day', m.completed_at AT TIME ZONE 'UTC') = date
    GROUP BY date
  )
  SELECT json_build_object(
    'byStatus', (SELECT json_object_agg(s, (SELECT count(*) FROM mine WHERE status = s))
      FROM unnest(enum_range(NULL::tasks.task_status)) AS s),
    'byPriority', (SELECT json_object_agg(p, (SELECT count(*) FROM mine WHERE priority = p))
      FROM unnest(enum_range(NULL::tasks.task_priority)) AS p),
    'overdue', (SELECT count(*) FROM mine WHERE status <> 'done' AND due_at < now()),
    'dueSoon', (SELECT count(*) FROM mine
      WHERE status <> 'done' AND due_at >= now() AND due_at < now() + interval '24 hours'),
    'completedByDay', (SELECT json_agg(json_build_object('date', date, 'count', count) ORDER BY date)
      FROM days)
  ) AS stats`;

/** A user's statistics, in one statement. */
export async function readStats(queries: Queries, userId: string): Promise<TaskStats> {
  const [row]: { stats: TaskStats }[] = await queries.query(STATISTICS, [userId]);
  return row!.stats;
}
