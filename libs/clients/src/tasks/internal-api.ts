/** What the tasks service answers to other services. It and its clients agree on it here. */
export const TASKS_INTERNAL = 'internal/v1/tasks';
/** Lines of JSON. */
export const LINES_TYPE = 'application/x-ndjson; charset=utf-8';
