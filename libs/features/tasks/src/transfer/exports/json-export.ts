import type { Label, Task } from '@primetrade/contracts';
import { JSON_FORMAT, JSON_VERSION } from '../primetrade-format.js';
import type { ExportedProject } from './csv-export.js';

/**
 * A JSON file of everything that import can read back, piece by piece: one task a line.
 *
 * @param exportedAt ISO 8601
 */
export async function* jsonExport(
  tasks: AsyncIterable<readonly Task[]>,
  projects: readonly ExportedProject[],
  labels: readonly Pick<Label, 'name' | 'color'>[],
  exportedAt: string,
): AsyncGenerator<string> {
  const head = { format: JSON_FORMAT, version: JSON_VERSION, exportedAt, projects, labels };
  yield `${JSON.stringify(head).slice(0, -1)},"tasks":[`;
  let separator = '\n';
  for await (const batch of tasks) {
    let text = '';
    for (const { deletedAt: _deletedAt, version: _version, ...task } of batch) {
      text += separator + JSON.stringify(task);
      separator = ',\n';
    }
    yield text;
  }
  yield '\n]}\n';
}
