import { CSV_COLUMNS, type CsvColumn } from '../primetrade-format.js';

/** What a column is called in files of other programs, the likeliest first. */
const SYNONYMS: Record<CsvColumn, string[]> = {
  title: ['title', 'name', 'task', 'taskname', 'content', 'summary', 'subject', 'todo', 'item'],
  description: ['description', 'notes', 'note', 'details', 'body', 'comment', 'comments'],
  status: ['status', 'state', 'progress'],
  priority: ['priority', 'importance'],
  dueAt: ['dueat', 'due', 'duedate', 'dueon', 'deadline', 'duetime', 'date'],
  labels: ['labels', 'label', 'tags', 'tag', 'categories', 'category'],
  project: ['project', 'projectname', 'list', 'listname', 'folder', 'area'],
  createdAt: ['createdat', 'created', 'createdon', 'createddate', 'creationdate', 'datecreated'],
  completedAt: [
    ...['completedat', 'completed', 'completedon', 'completeddate', 'completiondate'],
    ...['datecompleted', 'iscompleted', 'done', 'closed', 'closedat', 'finished', 'resolved'],
  ],
  // Only in files of our own: elsewhere they mean something else.
  id: [],
  projectColor: [],
  parentId: [],
  position: [],
  updatedAt: [],
};

/** Together they are in no other program's files. */
const OWN_SIGNATURE: readonly CsvColumn[] = ['id', 'title', 'projectColor', 'parentId', 'position'];

export interface Columns {
  /** Where a column stands, from 0. */
  at: ReadonlyMap<CsvColumn, number>;
  /** As the file names them. */
  names: readonly string[];
  /** Columns with a name that is not known. */
  ignored: string[];
  /** Whether PrimeTrade wrote the file. */
  own: boolean;
}

/** Finds out what the columns of a header line are. */
export function columnsOf(header: readonly string[]): Columns {
  const names = header.map((name) => name.trim());
  const own = OWN_SIGNATURE.every((column) => names.includes(column));
  const at = new Map<CsvColumn, number>();
  const plain = names.map((name) => name.toLowerCase().replace(/[\s_-]+/g, ''));
  for (const column of CSV_COLUMNS) {
    const index = own
      ? names.indexOf(column)
      : SYNONYMS[column].map((name) => plain.indexOf(name)).find((found) => found !== -1);
    if (index !== undefined && index !== -1) at.set(column, index);
  }
  const used = new Set(at.values());
  const ignored = names.filter((name, index) => name !== '' && !used.has(index));
  return { at, names, ignored, own };
}
