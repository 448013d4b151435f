import { Color } from '@primetrade/contracts';
import { fromCell, fromLabelCell } from '../csv-cells.js';
import type { CsvColumn } from '../primetrade-format.js';
import type { Columns } from './csv-columns.js';
import type { CsvDefect, CsvRecord } from './csv-records.js';
import { type DateOptions, readDate } from './dates.js';
import {
  checkDescription,
  checkLabels,
  checkProjectName,
  checkTitle,
  emptyDraft,
  type FileContext,
  type ReadRow,
  RowRefused,
  type TaskDraft,
} from './task-draft.js';
import { priorityOf, statusOf } from './words.js';

/** Columns whose texts our own files protect from being taken for formulas. */
const PROTECTED: ReadonlySet<CsvColumn> = new Set(['title', 'description', 'labels', 'project']);

/**
 * The tasks of a CSV file with a header line, ours or another program's. A row is refused only
 * when it has no usable text; a state, a priority or a date that is not understood is kept as a
 * note in the description.
 *
 * @param records those behind the header
 */
export async function* readCsvTasks(
  records: AsyncIterable<CsvRecord | CsvDefect>,
  columns: Columns,
  file: FileContext,
  dates: DateOptions,
): AsyncGenerator<ReadRow> {
  file.ignoredColumns.push(...columns.ignored);
  for await (const record of records) {
    if ('reason' in record) {
      yield record;
    } else if (record.cells.some((cell) => cell.trim() !== '')) {
      try {
        yield { line: record.line, task: new CsvRow(record.cells, columns, file, dates).task() };
      } catch (error) {
        if (!(error instanceof RowRefused)) throw error;
        yield { line: record.line, reason: error.message };
      }
    }
  }
}

class CsvRow {
  /** What no field can hold, as lines for the description. */
  private readonly notes: string[] = [];

  constructor(
    private readonly cells: readonly string[],
    private readonly columns: Columns,
    private readonly file: FileContext,
    private readonly dates: DateOptions,
  ) {
    if (cells.slice(columns.names.length).some((cell) => cell !== '')) {
      throw new RowRefused(
        `There are ${cells.length} cells, but ${columns.names.length} columns. Put cells that contain a separator into quotation marks.`,
      );
    }
  }

  task(): TaskDraft {
    const completed = this.completed();
    const status = this.understood('status', statusOf) ?? 'todo';
    const done = status === 'done' || completed.done;
    const draft: TaskDraft = {
      ...emptyDraft(),
      title: checkTitle(this.cell('title')),
      status: done ? 'done' : status,
      priority: this.understood('priority', priorityOf) ?? 'none',
      dueAt: this.date('dueAt'),
      labels: checkLabels(fromLabelCell(this.cell('labels'))),
      projectKey: this.project(),
      key: this.cell('id') || null,
      parentKey: this.cell('parentId') || null,
      order: this.cell('position') || null,
      createdAt: this.date('createdAt'),
      updatedAt: this.date('updatedAt'),
      completedAt: done ? completed.at : null,
    };
    // Last, when all notes are there.
    draft.description = checkDescription(
      this.cell('description'),
      this.notes.length > 0 ? [this.notes.join('\n')] : [],
    );
    return draft;
  }

  private cell(column: CsvColumn): string {
    const index = this.columns.at.get(column);
    const cell = index === undefined ? '' : (this.cells[index] ?? '');
    return this.columns.own && PROTECTED.has(column) ? fromCell(cell) : cell;
  }

  private understood<T>(column: CsvColumn, read: (text: string) => T | undefined): T | undefined {
    const text = this.cell(column).trim();
    if (text === '') return undefined;
    const value = read(text);
    if (value === undefined) this.note(column, text);
    return value;
  }

  private date(column: CsvColumn): string | null {
    return this.understood(column, (text) => readDate(text, this.dates)) ?? null;
  }

  /** The column says when, or only whether. */
  private completed(): { done: boolean; at: string | null } {
    const text = this.cell('completedAt').trim();
    if (text === '') return { done: false, at: null };
    const status = statusOf(text);
    if (status !== undefined) return { done: status === 'done', at: null };
    const at = readDate(text, this.dates);
    if (at === undefined) this.note('completedAt', text);
    return { done: at !== undefined, at: at ?? null };
  }

  private project(): string | null {
    const cell = this.cell('project').trim();
    if (cell === '') return null;
    const key = JSON.stringify([cell, this.cell('projectColor').trim().toLowerCase()]);
    if (!this.file.projects.has(key)) {
      const color = Color.safeParse(this.cell('projectColor').trim()).data;
      this.file.projects.set(key, { name: checkProjectName(cell), color });
    }
    return key;
  }

  private note(column: CsvColumn, text: string): void {
    this.notes.push(`${this.columns.names[this.columns.at.get(column)!]}: ${text}`);
  }
}
