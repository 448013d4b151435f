/** Names the JSON format in its first line; `version` grows when readers would have to change. */
export const JSON_FORMAT = 'primetrade';
export const JSON_VERSION = 1;

/** The columns of our CSV files, in order. */
export const CSV_COLUMNS = [
  'id',
  'title',
  'description',
  'status',
  'priority',
  'dueAt',
  'labels',
  'project',
  'projectColor',
  'parentId',
  'position',
  'createdAt',
  'updatedAt',
  'completedAt',
] as const;

export type CsvColumn = (typeof CSV_COLUMNS)[number];
