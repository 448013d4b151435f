import { IMPORT_MAX_ROWS, type ImportFormat, type ImportRowError } from '@primetrade/contracts';
import { invalid, toUtf8 } from './bytes.js';
import { columnsOf } from './csv-columns.js';
import { type CsvDefect, type CsvRecord, csvRecords, delimiterOf } from './csv-records.js';
import { readCsvTasks } from './csv-tasks.js';
import { type DateOptions, findDayFirst } from './dates.js';
import { readJsonTasks } from './json-tasks.js';
import { type FileContext, newFileContext, type ReadRow, type TaskDraft } from './task-draft.js';
import { isTodoistHeader, readTodoistTasks } from './todoist-tasks.js';

/** How many refused rows are reported one by one. */
const MAX_ERRORS = 1_000;
const HEAD_BYTES = 4_096;
/** Enough dates to tell how they are written. */
const SAMPLE_BYTES = 1024 * 1024;

export interface ReadOptions {
  /** Found from the content when left out. */
  format?: ImportFormat;
  /** Of times without a zone; by default UTC. */
  timeZone?: string;
  /** What "tomorrow" counts from, in milliseconds since 1970. */
  now: number;
}

/** All that a file holds. */
export interface FileContents extends FileContext {
  format: ImportFormat;
  /** In the order of the file. */
  tasks: TaskDraft[];
  /** The first rows that were refused, by line. */
  errors: ImportRowError[];
  failedRows: number;
}

/**
 * Reads a file of tasks: our own JSON or CSV, Todoist's CSV, or any CSV with a header line.
 *
 * @throws AppError `import_invalid` for what concerns the file as a whole
 */
export async function readFile(bytes: Buffer, options: ReadOptions): Promise<FileContents> {
  const text = toUtf8(bytes);
  const head = text.toString('utf8', 0, HEAD_BYTES);
  const dates: DateOptions = { now: options.now, timeZone: options.timeZone ?? 'UTC' };
  const file = newFileContext();
  if (options.format === 'json' || (options.format === undefined && /^\s*[[{]/.test(head))) {
    return collect('json', readJsonTasks(text, file), file);
  }
  const records = csvRecords(text, delimiterOf(head));
  const header = await readHeader(records);
  if (isTodoistHeader(header)) {
    if (options.format === 'csv') {
      throw invalid('This is a Todoist export. Import it with the format todoist.');
    }
    return collect('todoist', readTodoistTasks(records, header, dates), file);
  }
  if (options.format === 'todoist') {
    throw invalid(
      'This is not a Todoist CSV export: its first line lacks TYPE and CONTENT. Import it with the format csv.',
    );
  }
  const columns = columnsOf(header);
  if (!columns.at.has('title')) {
    throw invalid(
      'No column holds titles. Name one of the columns in the first line "title" and try again.',
    );
  }
  dates.dayFirst = findDayFirst(text.toString('utf8', 0, SAMPLE_BYTES));
  return collect('csv', readCsvTasks(records, columns, file, dates), file);
}

/** The first line that names columns; Todoist may put lines about the view before it. */
async function readHeader(records: AsyncGenerator<CsvRecord | CsvDefect, void>): Promise<string[]> {
  for (;;) {
    const next = await records.next();
    if (next.done) throw invalid('The file holds no lines. Choose a file with tasks in it.');
    const record = next.value;
    if ('reason' in record) throw invalid(`Line ${record.line}: ${record.reason}`);
    if (record.cells[0] !== 'meta') return record.cells;
  }
}

async function collect(
  format: ImportFormat,
  rows: AsyncIterable<ReadRow>,
  file: FileContext,
): Promise<FileContents> {
  const tasks: TaskDraft[] = [];
  const errors: ImportRowError[] = [];
  let failedRows = 0;
  for await (const row of rows) {
    if ('task' in row) {
      tasks.push(row.task);
    } else {
      failedRows += 1;
      if (errors.length < MAX_ERRORS) errors.push({ line: row.line, reason: row.reason });
    }
    if (tasks.length + failedRows > IMPORT_MAX_ROWS) {
      throw invalid(
        `The file has more than ${IMPORT_MAX_ROWS.toLocaleString('en')} rows. Split it into several files.`,
      );
    }
  }
  return { ...file, format, tasks, errors, failedRows };
}
