/** SQL that writes a time as the API does: ISO 8601 in UTC with milliseconds. */
export function isoTime(column: string): string {
  return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/** The columns of a task in the API, by their names there, for the row `t`. */
export const TASK_COLUMNS = `
  t.id, t.title, t.description, t.status, t.priority,
  ${isoTime('t.due_at')} AS "dueAt",
  t.labels, t.project_id AS "projectId", t.parent_id AS "parentId", t.position,
  ${isoTime('t.created_at')} AS "createdAt",
  ${isoTime('t.updated_at')} AS "updatedAt",
  ${isoTime('t.completed_at')} AS "completedAt",
  ${isoTime('t.deleted_at')} AS "deletedAt",
  t.version`;

/** SQL of a task as the JSON of the API, for the row `t`. */
export const TASK_JSON = `(SELECT row_to_json(j) FROM (SELECT ${TASK_COLUMNS}) j)`;
