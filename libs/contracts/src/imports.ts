import { z } from 'zod';
import { Id, Timestamp } from './common.js';
import { TimeZone } from './profile.js';

/** Todoist's CSV export, plain CSV with a header line, or PrimeTrade's own JSON export. */
export const ImportFormat = z.enum(['todoist', 'csv', 'json']);
export type ImportFormat = z.infer<typeof ImportFormat>;

export const IMPORT_MAX_BYTES = 20 * 1024 * 1024;
export const IMPORT_MAX_ROWS = 50_000;

export const ImportQuery = z.object({
  /** Left out, it is found from the content. */
  format: ImportFormat.optional(),
  /** Puts every imported task without a project of its own into this one. */
  project: Id.optional(),
  /** IANA name of the time zone of dates and times without one, as Europe/Berlin; else UTC. */
  timeZone: TimeZone.optional(),
});
export type ImportQuery = z.infer<typeof ImportQuery>;

export const ImportRowError = z.object({
  /** Line in the file (CSV) or index of the task, from 1 (JSON). */
  line: z.number().int(),
  reason: z.string(),
});
export type ImportRowError = z.infer<typeof ImportRowError>;

/**
 * One import. POST answers 202 with it as soon as the file is stored; it then runs on by itself,
 * also across a restart. GET shows its progress.
 */
export const ImportJob = z
  .object({
    id: Id,
    format: ImportFormat,
    status: z.enum(['queued', 'running', 'completed', 'failed']),
    totalRows: z.number().int(),
    processedRows: z.number().int(),
    createdTasks: z.number().int(),
    /** How many rows were refused; `errors` holds the first 1,000 of them. */
    failedRows: z.number().int(),
    errors: z.array(ImportRowError),
    /** Columns of the file that nothing was made of. */
    ignoredColumns: z.array(z.string()),
    /** Why the import as a whole failed. */
    failure: z.string().nullable(),
    createdAt: Timestamp,
    finishedAt: Timestamp.nullable(),
  })
  .meta({ id: 'ImportJob' });
export type ImportJob = z.infer<typeof ImportJob>;

/** The latest 20, newest first. */
export const ImportList = z.object({ items: z.array(ImportJob) }).meta({ id: 'ImportList' });
export type ImportList = z.infer<typeof ImportList>;

export const ExportQuery = z.object({ format: z.enum(['csv', 'json']).default('json') });
export type ExportQuery = z.infer<typeof ExportQuery>;
