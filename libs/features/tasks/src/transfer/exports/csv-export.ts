import type { Project, Task } from '@primetrade/contracts';
import { stringify } from 'csv-stringify/sync';
import { toCell, toLabelCell } from '../csv-cells.js';
import { CSV_COLUMNS, type CsvColumn } from '../primetrade-format.js';

export type ExportedProject = Pick<
  Project,
  'id' | 'name' | 'color' | 'position' | 'archivedAt' | 'createdAt'
>;

/** Tells spreadsheets that the file is UTF-8. */
const BYTE_ORDER_MARK = '\uFEFF';

/**
 * A CSV file of tasks, piece by piece: RFC 4180 with a header line, every text quoted. Texts that a
 * spreadsheet would execute get an apostrophe in front, which our import takes away again.
 */
export async function* csvExport(
  tasks: AsyncIterable<readonly Task[]>,
  projects: readonly ExportedProject[],
): AsyncGenerator<string> {
  const byId = new Map(projects.map((project) => [project.id, project]));
  yield BYTE_ORDER_MARK + lines([[...CSV_COLUMNS]]);
  for await (const batch of tasks) {
    yield lines(batch.map((task) => rowOf(task, byId.get(task.projectId ?? ''))));
  }
}

function rowOf(task: Task, project: ExportedProject | undefined): string[] {
  const cells: Record<CsvColumn, string> = {
    id: task.id,
    title: toCell(task.title),
    description: toCell(task.description),
    status: task.status,
    priority: task.priority,
    dueAt: task.dueAt ?? '',
    labels: toCell(toLabelCell(task.labels)),
    project: toCell(project?.name ?? ''),
    projectColor: project?.color ?? '',
    parentId: task.parentId ?? '',
    position: task.position,
    createdAt: task.createdAt,
    updatedAt: task.updatedAt,
    completedAt: task.completedAt ?? '',
  };
  return CSV_COLUMNS.map((column) => cells[column]);
}

function lines(rows: readonly string[][]): string {
  return stringify([...rows], { quoted_string: true, record_delimiter: '\r\n' });
}
