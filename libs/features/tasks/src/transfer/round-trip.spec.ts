import { Readable } from 'node:stream';
import {
  type Task,
  TaskDescription,
  TaskPriority,
  TaskStatus,
  TaskTitle,
  LabelName,
} from '@primetrade/contracts';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { arrangeTasks } from './imports/arrange-tasks.js';
import { readFile } from './reading/read-file.js';
import { csvExport, type ExportedProject } from './exports/csv-export.js';
import { jsonExport } from './exports/json-export.js';

const NOW = Date.UTC(2026, 10, 23);

/** Characters that files trip over, among all others. */
const character = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
  fc.constantFrom(...'=+-@\'"`,;|\\ab\t\r\n \u00a0\ufeff\u2028＝'),
);
const text = (maxLength: number) =>
  fc.array(character, { maxLength }).map((characters) => characters.join('').trim());
const title = text(30).filter((value) => TaskTitle.safeParse(value).success);
const description = text(80).filter((value) => TaskDescription.safeParse(value).success);
const label = text(10)
  .map((value) => value.normalize('NFC').trim())
  .filter((value) => LabelName.safeParse(value).success);
const time = fc
  .date({ min: new Date('0101-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString());

const task = fc.record({
  id: fc.uuid(),
  title,
  description,
  status: fc.constantFrom(...TaskStatus.options),
  priority: fc.constantFrom(...TaskPriority.options),
  dueAt: fc.option(time),
  labels: fc.uniqueArray(label, { maxLength: 5, selector: (name) => name.toLowerCase() }),
  project: fc.option(fc.nat(2)),
  parent: fc.option(fc.nat(9)),
  position: fc.stringMatching(/^i[0-9A-Za-z]{3}[1-9A-Za-z]$/),
  createdAt: time,
  updatedAt: time,
  completedAt: time,
});

const account = fc
  .record({
    tasks: fc.uniqueArray(task, { maxLength: 10, selector: ({ id }) => id }),
    projects: fc.uniqueArray(
      fc.record({ id: fc.uuid(), name: title, color: fc.constantFrom('#4f46e5', '#00ff00') }),
      { minLength: 3, maxLength: 3, selector: ({ id }) => id },
    ),
  })
  .map(({ tasks, projects }) => ({
    projects: projects.map((project, index): ExportedProject => ({
      ...project,
      // Projects that look the same become one; tests of the service have such ones.
      name: `${project.name.slice(0, 100).normalize('NFC').trim()}${index}`,
      position: `i${index}1`,
      archivedAt: null,
      createdAt: '2026-01-01T00:00:00.000Z',
    })),
    tasks: tasks.map(({ project, parent, completedAt, ...rest }, index): Task => ({
      ...rest,
      projectId: project === null ? null : (projects[project]?.id ?? null),
      // Only upwards to tasks without a parent that is further on: no cycles, no depth.
      parentId:
        parent !== null && parent < index && tasks[parent]?.parent === null
          ? tasks[parent].id
          : null,
      completedAt: rest.status === 'done' ? completedAt : null,
      deletedAt: null,
      version: 1,
    })),
  }));

function inBatches(tasks: Task[]): AsyncIterable<Task[]> {
  const batches: Task[][] = [];
  for (let start = 0; start < tasks.length; start += 3) batches.push(tasks.slice(start, start + 3));
  return Readable.from(batches);
}

async function bytesOf(pieces: AsyncIterable<string>): Promise<Buffer> {
  let file = '';
  for await (const piece of pieces) file += piece;
  return Buffer.from(file);
}

/** What is the same after export and import: ids by what they name, positions by their order. */
function comparable(
  tasks: readonly (Omit<Task, 'deletedAt' | 'version' | 'labels'> & {
    labels: readonly string[];
  })[],
  projectName: (id: string) => string | undefined,
) {
  const createdById = new Map(tasks.map(({ id, createdAt }) => [id, createdAt]));
  const inOrder = [...tasks].sort((a, b) =>
    a.position === b.position ? 0 : a.position < b.position ? -1 : 1,
  );
  return inOrder.map((each) => ({
    title: each.title,
    description: each.description,
    status: each.status,
    priority: each.priority,
    dueAt: each.dueAt,
    labels: [...each.labels],
    project: each.projectId === null ? null : projectName(each.projectId),
    parent: each.parentId === null ? null : createdById.get(each.parentId),
    createdAt: each.createdAt,
    updatedAt: each.updatedAt,
    completedAt: each.completedAt,
  }));
}

async function imported(file: Buffer) {
  const contents = await readFile(file, { now: NOW });
  let count = 0;
  const tasks = arrangeTasks(contents.tasks, {
    projectIds: new Map([...contents.projects.keys()].map((key) => [key, key])),
    defaultProjectId: null,
    now: new Date(NOW).toISOString(),
    newId: () => `new-${(count += 1)}`,
    nextPosition: () => String((count += 1)).padStart(9, '0'),
  });
  return {
    contents,
    tasks: comparable([...tasks] as never, (key) => contents.projects.get(key)?.name),
  };
}

describe('export and import', () => {
  const expectSame = async (
    { tasks, projects }: { tasks: Task[]; projects: ExportedProject[] },
    write: () => AsyncIterable<string>,
  ) => {
    const result = await imported(await bytesOf(write()));
    expect(result.contents.errors).toEqual([]);
    expect(result.contents.ignoredColumns).toEqual([]);
    const byId = new Map(projects.map(({ id, name }) => [id, name]));
    // Equal positions are kept in the order of the file.
    expect(result.tasks).toEqual(comparable(tasks, (id) => byId.get(id)));
    return result.contents;
  };

  it('give the same tasks back through JSON', async () => {
    await fc.assert(
      fc.asyncProperty(account, async (of) => {
        const labels = [{ name: 'unused', color: '#123456' }];
        const contents = await expectSame(of, () =>
          jsonExport(inBatches(of.tasks), of.projects, labels, new Date(NOW).toISOString()),
        );
        expect(contents.format).toBe('json');
        expect(contents.labels).toEqual(labels);
        expect([...contents.projects.values()].map(({ name, color }) => [name, color])).toEqual(
          of.projects.map(({ name, color }) => [name, color]),
        );
      }),
      { numRuns: 150 },
    );
  });

  it('give the same tasks back through CSV', async () => {
    await fc.assert(
      fc.asyncProperty(account, async (of) => {
        const contents = await expectSame(of, () => csvExport(inBatches(of.tasks), of.projects));
        expect(contents.format).toBe('csv');
        const colors = new Map(of.projects.map(({ name, color }) => [name, color]));
        for (const { name, color } of contents.projects.values()) {
          expect(color).toBe(colors.get(name));
        }
      }),
      { numRuns: 150 },
    );
  });

  it('lets no spreadsheet execute what a person typed', async () => {
    await fc.assert(
      fc.asyncProperty(account, async (of) => {
        const file = await bytesOf(csvExport(inBatches(of.tasks), of.projects));
        const rows: string[][] = parse(file, { bom: true });
        for (const cell of rows.flat()) expect(cell).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/);
      }),
      { numRuns: 50 },
    );
  });
});
