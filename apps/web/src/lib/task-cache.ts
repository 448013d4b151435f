import type { Task, TaskPage } from '@primetrade/contracts';
import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import { queryKeys } from './query-keys';
import { belongsTo } from './task-filters';

type TaskList = InfiniteData<TaskPage, string | null>;

/** Applies `change` to the pages of every cached list; gets the question that each list answers. */
function changeLists(
  client: QueryClient,
  change: (pages: TaskPage[], query: Record<string, string>) => TaskPage[],
): void {
  for (const query of client.getQueryCache().findAll({ queryKey: queryKeys.taskLists })) {
    client.setQueryData<TaskList>(
      query.queryKey,
      (list) =>
        list && {
          ...list,
          pages: change(list.pages, query.queryKey[2] as Record<string, string>),
        },
    );
  }
}

/** Shows a change of a task wherever the task is shown. */
export function changeInCache(client: QueryClient, id: string, changes: Partial<Task>): void {
  changeLists(client, (pages) =>
    pages.map((page) => ({
      ...page,
      items: page.items.map((task) => (task.id === id ? { ...task, ...changes } : task)),
    })),
  );
  client.setQueryData<Task>(queryKeys.task(id), (task) => task && { ...task, ...changes });
}

/** Takes a task out of every list. */
export function removeFromCache(client: QueryClient, id: string): void {
  changeLists(client, (pages) =>
    pages.map((page) => ({ ...page, items: page.items.filter((task) => task.id !== id) })),
  );
}

/** Puts a task at the head of every list that it belongs to, unless it is there already. */
export function addToCache(client: QueryClient, task: Task): void {
  changeLists(client, (pages, query) => {
    const [first, ...others] = pages;
    const isShown = pages.some((page) => page.items.some(({ id }) => id === task.id));
    if (first === undefined || isShown || !belongsTo(task, query)) return pages;
    return [{ ...first, items: [task, ...first.items] }, ...others];
  });
}

/** The task as the lists or its own query last showed it. */
export function findInCache(client: QueryClient, id: string): Task | undefined {
  const own = client.getQueryData<Task>(queryKeys.task(id));
  if (own !== undefined) return own;
  for (const [, list] of client.getQueriesData<TaskList>({ queryKey: queryKeys.taskLists })) {
    const task = list?.pages.flatMap((page) => page.items).find((item) => item.id === id);
    if (task !== undefined) return task;
  }
  return undefined;
}
