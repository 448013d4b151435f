import { LabelName, TimeZone } from '@primetrade/contracts';
import { MAX_LEVELS } from '../../tasks/task-batch.js';
import type { CsvDefect, CsvRecord } from './csv-records.js';
import { type DateOptions, readDate } from './dates.js';
import {
  checkDescription,
  checkLabels,
  checkTitle,
  emptyDraft,
  type ReadRow,
  RowRefused,
  type TaskDraft,
} from './task-draft.js';

/** PRIORITY as in the files, where 1 is the highest (the app shows it as p1) and 4 the default. */
const PRIORITIES = { '1': 'urgent', '2': 'high', '3': 'medium', '4': 'none', '': 'none' } as const;
/** An attachment of a comment: `[[file {"file_name": …, "file_url": …}]]`. */
const ATTACHMENT = /\[\[file (\{.*?\})\]\]/g;
const LABEL = /(^|\s)@(\S+)/g;
const MAX_LABELS = 20;

/** Whether this is the header line of a Todoist export. */
export function isTodoistHeader(cells: readonly string[]): boolean {
  const names = new Set(cells.map((cell) => cell.trim()));
  return (
    names.has('TYPE') && names.has('CONTENT') && (names.has('PRIORITY') || names.has('INDENT'))
  );
}

/**
 * The tasks of a Todoist CSV export.
 *
 * - INDENT makes subtasks; below a refused task they go to the next one further up.
 * - `@words` in CONTENT become labels; so does the name of the section.
 * - A `note` row becomes a paragraph in the description of the task above it.
 * - A date that repeats or is not understood, who is responsible, the duration and a deadline
 *   beside a date become notes in the description: nothing is lost.
 *
 * @param records those behind the header
 * @param header names of the columns
 */
export async function* readTodoistTasks(
  records: AsyncIterable<CsvRecord | CsvDefect>,
  header: readonly string[],
  dates: DateOptions,
): AsyncGenerator<ReadRow> {
  const reader = new TodoistReader(header, dates);
  for await (const record of records) {
    yield* 'reason' in record ? [record] : reader.read(record);
  }
  yield* reader.flush();
}

class TodoistReader {
  private readonly column: ReadonlyMap<string, number>;
  private section = '';
  /** The task above, until no comment can follow any more; undefined when it was refused. */
  private pending: { line: number; task: TaskDraft } | undefined;
  /** Keys of the tasks on the way down to the one above, by level; undefined for a refused one. */
  private readonly ancestors: (string | undefined)[] = [];
  private cells: readonly string[] = [];
  /** Finding out whether a time zone exists takes longer than reading the rest of a row. */
  private readonly zones = new Map<string, DateOptions>();

  constructor(
    header: readonly string[],
    private readonly dates: DateOptions,
  ) {
    this.column = new Map(header.map((name, index) => [name.trim(), index]));
  }

  *read(record: CsvRecord): Generator<ReadRow> {
    this.cells = record.cells;
    const type = this.cell('TYPE').toLowerCase();
    if (type === 'meta' || record.cells.every((cell) => cell.trim() === '')) return;
    if (type === 'task' || type === 'section') yield* this.flush();
    try {
      this.take(type, record.line);
    } catch (error) {
      if (!(error instanceof RowRefused)) throw error;
      yield { line: record.line, reason: error.message };
    }
  }

  *flush(): Generator<ReadRow> {
    if (this.pending !== undefined) yield this.pending;
    this.pending = undefined;
  }

  private take(type: string, line: number): void {
    switch (type) {
      case 'task':
        this.pending = { line, task: this.task(line) };
        return;
      case 'section':
        this.section = this.cell('CONTENT');
        if (this.cell('DESCRIPTION') !== '') {
          throw new RowRefused('The description of a section cannot be kept. Copy it by hand.');
        }
        return;
      case 'note':
        if (this.pending === undefined) {
          throw new RowRefused('The comment belongs to no task that was taken. Copy it by hand.');
        }
        this.pending.task.description = checkDescription(this.pending.task.description, [
          this.comment(),
        ]);
        return;
      case 'project_note':
        throw new RowRefused('A comment on a project cannot be kept. Copy it by hand.');
      default:
        throw new RowRefused(`The TYPE "${type.slice(0, 40)}" is not known. Use task.`);
    }
  }

  private task(line: number): TaskDraft {
    const indent = Math.trunc(Number(this.cell('INDENT'))) || 1;
    // A refused task leaves its place empty, so what hangs below it hangs one further up.
    this.ancestors.length = Math.min(Math.max(indent, 1), MAX_LEVELS) - 1;
    const notes: string[] = [];
    const { title, labels } = this.titleAndLabels();
    if (this.section !== '') {
      const label = LabelName.safeParse(this.section);
      if (label.success && labels.length < MAX_LABELS) labels.push(label.data);
      else notes.push(`Section: ${this.section}`);
    }
    const dueAt = this.due(notes);
    if (this.cell('RESPONSIBLE') !== '')
      notes.push(`Responsible: ${person(this.cell('RESPONSIBLE'))}`);
    if (this.cell('DURATION') !== '' && this.cell('DURATION_UNIT') !== 'None') {
      notes.push(`Duration: ${this.cell('DURATION')} ${this.cell('DURATION_UNIT')}`.trim());
    }
    const priority = PRIORITIES[this.cell('PRIORITY') as keyof typeof PRIORITIES];
    if (priority === undefined) notes.push(`Priority: ${this.cell('PRIORITY')}`);
    const task: TaskDraft = {
      ...emptyDraft(),
      title: checkTitle(title),
      description: checkDescription(
        this.cell('DESCRIPTION'),
        notes.length > 0 ? [notes.join('\n')] : [],
      ),
      priority: priority ?? 'none',
      dueAt,
      labels: checkLabels(labels),
      key: String(line),
      parentKey: this.ancestors.findLast((key) => key !== undefined) ?? null,
    };
    this.ancestors.push(String(line));
    return task;
  }

  private titleAndLabels(): { title: string; labels: string[] } {
    // Todoist marks tasks that cannot be completed with an asterisk.
    const content = this.cell('CONTENT').replace(/^\* /, '');
    const labels: string[] = [];
    const title = content.replace(LABEL, (whole, space: string, name: string) => {
      const label = LabelName.safeParse(name);
      if (!label.success || labels.length === MAX_LABELS) return whole;
      labels.push(label.data);
      return space;
    });
    const rest = title.replace(/\s{2,}/g, ' ').trim();
    return { title: labels.length === 0 || rest === '' ? content : rest, labels };
  }

  private due(notes: string[]): string | null {
    const date = this.cell('DATE');
    const deadline = this.cell('DEADLINE');
    const due = this.date(date, 'DATE_LANG');
    if (date !== '' && due === null) notes.push(`Due: ${date}`);
    if (deadline === '') return due;
    const last = this.date(deadline, 'DEADLINE_LANG');
    if (date === '' && last !== null) return last;
    notes.push(`Deadline: ${deadline}`);
    return due;
  }

  private date(text: string, languageColumn: string): string | null {
    return (
      readDate(text, this.datesIn(this.cell('TIMEZONE')), this.cell(languageColumn) || undefined) ??
      null
    );
  }

  /** As the file's dates, in the time zone of the row where it has one. */
  private datesIn(zone: string): DateOptions {
    let dates = this.zones.get(zone);
    if (dates === undefined) {
      const known = zone !== '' && TimeZone.safeParse(zone).success;
      dates = known ? { ...this.dates, timeZone: zone } : this.dates;
      this.zones.set(zone, dates);
    }
    return dates;
  }

  private comment(): string {
    const author = person(this.cell('AUTHOR'));
    const day = /^\d{4}-\d{2}-\d{2}/.exec(this.cell('DATE'))?.[0];
    const head = `Comment${author === '' ? '' : ` by ${author}`}${day === undefined ? '' : `, ${day}`}`;
    return `${head}: ${this.cell('CONTENT').replace(ATTACHMENT, attachmentLink)}`;
  }

  private cell(name: string): string {
    const index = this.column.get(name);
    return index === undefined ? '' : (this.cells[index] ?? '').trim();
  }
}

/** `Kai (48151623)` without the number. */
function person(text: string): string {
  return text.replace(/ \(\d+\)$/, '');
}

function attachmentLink(whole: string, json: string): string {
  try {
    const file = JSON.parse(json) as { file_name?: unknown; file_url?: unknown };
    const { file_name: name, file_url: url } = file;
    return typeof name === 'string' && typeof url === 'string' ? `[${name}](${url})` : whole;
  } catch {
    return whole;
  }
}
