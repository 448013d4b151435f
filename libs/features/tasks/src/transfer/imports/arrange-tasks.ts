import { MAX_LEVELS } from '../../tasks/task-batch.js';
import type { NewTask } from '../../tasks/task-writer.js';
import type { TaskDraft } from '../reading/task-draft.js';

export interface Arrangement {
  /** Ids of the account's projects by the keys of the file. */
  projectIds: ReadonlyMap<string, string>;
  /** Of tasks without a project of their own. */
  defaultProjectId: string | null;
  /** For what the file does not say; ISO 8601. */
  now: string;
  newId: () => string;
  /** A position behind all others, again and again. */
  nextPosition: () => string;
}

/** Behind every position: positions are made of letters and digits. */
const LAST = '~';

/**
 * Turns the tasks of a file into tasks of the account. They get new ids, and positions in the
 * order of the file. Parents come before their subtasks, so that they can be inserted piece by
 * piece. A parent that is missing, below its own subtask or MAX_LEVELS deep is
 * left out: the task goes to the next level above that is possible.
 */
export function* arrangeTasks(
  drafts: readonly TaskDraft[],
  to: Arrangement,
): Generator<NewTask, void> {
  const byKey = new Map<string, number>();
  drafts.forEach(({ key }, index) => {
    if (key !== null && !byKey.has(key)) byKey.set(key, index);
  });
  const ids = drafts.map(() => to.newId());
  const positions = positionsOf(drafts, to.nextPosition);
  const { parents, levels } = hierarchyOf(drafts, byKey);
  const order = drafts.map((_, index) => index).sort((a, b) => levels[a]! - levels[b]! || a - b);
  for (const index of order) {
    const { projectKey, key: _key, parentKey: _parentKey, order: _order, ...task } = drafts[index]!;
    const parent = parents[index]!;
    const project = projectKey === null ? undefined : to.projectIds.get(projectKey);
    const createdAt = task.createdAt ?? to.now;
    yield {
      ...task,
      id: ids[index]!,
      projectId: project ?? to.defaultProjectId,
      parentId: parent === NONE ? null : ids[parent]!,
      position: positions[index]!,
      createdAt,
      updatedAt: task.updatedAt ?? to.now,
      completedAt: task.status === 'done' ? (task.completedAt ?? createdAt) : null,
    };
  }
}

const NONE = -1;

function positionsOf(drafts: readonly TaskDraft[], next: () => string): string[] {
  const order = drafts.map((draft, index) => ({ key: draft.order ?? LAST, index }));
  order.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.index - b.index));
  const positions: string[] = [];
  for (const { index } of order) positions[index] = next();
  return positions;
}

/** The parent of each task, by index, and its level: 1 at the top. */
function hierarchyOf(
  drafts: readonly TaskDraft[],
  byKey: ReadonlyMap<string, number>,
): { parents: number[]; levels: number[] } {
  const parents = drafts.map(({ parentKey }) =>
    parentKey === null ? NONE : (byKey.get(parentKey) ?? NONE),
  );
  const levels = new Array<number>(drafts.length).fill(0);
  const way = new Set<number>();
  for (let start = 0; start < drafts.length; start += 1) {
    // Up to a task whose level is known, then down again: no recursion, however deep it is.
    let at = start;
    for (; at !== NONE && levels[at] === 0; at = parents[at]!) {
      way.add(at);
      if (way.has(parents[at]!)) parents[at] = NONE;
    }
    for (const index of [...way].reverse()) {
      while (parents[index] !== NONE && levels[parents[index]!] === MAX_LEVELS) {
        parents[index] = parents[parents[index]!]!;
      }
      levels[index] = parents[index] === NONE ? 1 : levels[parents[index]!]! + 1;
    }
    way.clear();
  }
  return { parents, levels };
}
