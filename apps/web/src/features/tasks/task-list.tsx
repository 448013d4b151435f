'use client';

import { useEffect, useRef, type KeyboardEvent } from 'react';
import { Spinner } from '../../components/icons';
import { ApiError, sentenceOf } from '../../lib/api/problem';
import { useCalendar } from '../../lib/hooks/use-profile';
import { useProjects, useTaskList } from '../../lib/hooks/use-tasks';
import { TaskRow } from './task-row';

interface TaskListProps {
  query: Record<string, string>;
  trash: boolean;
  /** Whether filters hide tasks that the view would show. */
  narrowed: boolean;
  now: number;
  onOpen: (id: string) => void;
}

/** Asks for the next page before the end comes into view. */
const AHEAD = '600px';

function useEndInView(whenSeen: () => void, active: boolean) {
  const end = useRef<HTMLDivElement>(null);
  const callback = useRef(whenSeen);
  useEffect(() => {
    callback.current = whenSeen;
  });
  useEffect(() => {
    if (!active || end.current === null) return undefined;
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) callback.current();
      },
      { rootMargin: AHEAD },
    );
    observer.observe(end.current);
    return () => observer.disconnect();
  }, [active]);
  return end;
}

/** Up and down, or k and j, go from task to task. */
function moveBetweenRows(event: KeyboardEvent<HTMLUListElement>) {
  const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
  if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  const titles = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-row-title]')];
  const row = (event.target as HTMLElement).closest('li');
  const index = titles.findIndex((title) => row?.contains(title));
  const next = titles[index + step];
  if (index < 0 || next === undefined) return;
  event.preventDefault();
  next.focus();
}

function Empty({ trash, narrowed }: { trash: boolean; narrowed: boolean }) {
  const [title, text] = trash
    ? ['The trash is empty', 'Tasks that you delete can be restored from here.']
    : narrowed
      ? ['Nothing here', 'No task matches this view and its filters.']
      : ['All clear', 'Write a line above and press Enter. “Call Mum tomorrow 6pm” is enough.'];
  return (
    <div className="px-4 py-16 text-center">
      <p className="text-lg font-semibold">{title}</p>
      <p className="mx-auto mt-1 max-w-sm text-muted">{text}</p>
    </div>
  );
}

/** The tasks, page by page. */
export function TaskList({ query, trash, narrowed, now, onOpen }: TaskListProps) {
  const list = useTaskList(query);
  const { data: projects = [] } = useProjects();
  const { timeZone } = useCalendar();
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError } = list;
  const canContinue = hasNextPage && !isFetchingNextPage && !isFetchNextPageError;
  const end = useEndInView(() => void list.fetchNextPage(), canContinue);

  const cursorIsStale = list.error instanceof ApiError && list.error.code === 'invalid_cursor';
  const { refetch } = list;
  useEffect(() => {
    if (cursorIsStale) void refetch();
  }, [cursorIsStale, refetch]);

  if (list.data === undefined) {
    if (list.isError) {
      return (
        <div role="alert" className="px-4 py-14 text-center">
          <p className="font-semibold">The tasks could not be read</p>
          <p className="mt-1 text-muted">{sentenceOf(list.error)}</p>
          <button
            type="button"
            className="button button-secondary mt-4"
            onClick={() => void list.refetch()}
          >
            Try again
          </button>
        </div>
      );
    }
    return (
      <p role="status" className="flex items-center gap-2 px-1 py-10 text-muted">
        <Spinner /> Loading tasks
      </p>
    );
  }

  const tasks = list.data.pages.flatMap((page) => page.items);
  const projectById = new Map(projects.map((project) => [project.id, project]));
  return (
    <>
      {tasks.length === 0 ? (
        <Empty trash={trash} narrowed={narrowed} />
      ) : (
        <ul
          aria-label="Tasks"
          aria-busy={list.isPlaceholderData}
          className={`border-t border-line transition-opacity ${list.isPlaceholderData ? 'opacity-60' : ''}`}
          onKeyDown={moveBetweenRows}
        >
          {tasks.map((task) => (
            <TaskRow
              key={task.id}
              task={task}
              project={task.projectId === null ? undefined : projectById.get(task.projectId)}
              now={now}
              timeZone={timeZone}
              onOpen={onOpen}
            />
          ))}
        </ul>
      )}
      <div ref={end} className="py-4 text-center">
        {isFetchNextPageError && (
          <p role="alert" className="mb-2 text-sm text-danger">
            The next tasks could not be read. {sentenceOf(list.error)}
          </p>
        )}
        {hasNextPage && (
          <button
            type="button"
            className="button button-quiet"
            disabled={isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            {isFetchingNextPage && <Spinner />}
            Load more
          </button>
        )}
      </div>
    </>
  );
}
