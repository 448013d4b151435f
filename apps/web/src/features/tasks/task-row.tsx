'use client';

import type { Project, Task } from '@primetrade/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { memo, type KeyboardEvent } from 'react';
import { SubtaskIcon, TrashIcon, UndoIcon } from '../../components/icons';
import { bringBack, removeTask, setStatus } from '../../lib/task-actions';
import { TaskCheckbox } from './task-checkbox';
import { TaskMeta } from './task-meta';

interface TaskRowProps {
  task: Task;
  project: Project | undefined;
  now: number;
  timeZone: string;
  onOpen: (id: string) => void;
}

/** One task of the list. */
export const TaskRow = memo(function TaskRow({
  task,
  project,
  now,
  timeZone,
  onOpen,
}: TaskRowProps) {
  const client = useQueryClient();
  const isDone = task.status === 'done';
  const inTrash = task.deletedAt !== null;
  const isOnItsWay = task.version === 0;

  const onKeyDown = (event: KeyboardEvent<HTMLButtonElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isOnItsWay) return;
    if (event.key === 'x') void setStatus(client, task, isDone ? 'todo' : 'done');
    else if (event.key === 'Delete') void removeTask(client, task);
  };

  return (
    <li
      className={`group flex items-start border-b border-line [contain-intrinsic-size:auto_2.75rem] [content-visibility:auto] hover:bg-surface ${isOnItsWay ? 'opacity-60' : ''}`}
    >
      {inTrash ? (
        <span className="w-3" />
      ) : (
        <TaskCheckbox
          title={task.title}
          priority={task.priority}
          checked={isDone}
          disabled={isOnItsWay}
          onChange={(checked) => void setStatus(client, task, checked ? 'done' : 'todo')}
        />
      )}
      <div className="min-w-0 flex-1 items-center gap-4 sm:flex sm:min-h-11">
        <button
          type="button"
          data-row-title=""
          disabled={isOnItsWay || inTrash}
          className={`block min-w-0 flex-1 rounded-sm py-2.5 text-left leading-6 wrap-anywhere sm:py-2 ${isDone ? 'text-faint line-through decoration-faint' : ''}`}
          onClick={() => onOpen(task.id)}
          onKeyDown={onKeyDown}
        >
          {task.parentId !== null && (
            <>
              <SubtaskIcon className="mr-1.5 inline size-3.5 text-faint" />
              <span className="sr-only">Subtask: </span>
            </>
          )}
          {task.title}
        </button>
        <TaskMeta task={task} project={project} now={now} timeZone={timeZone} />
      </div>
      {inTrash ? (
        <button
          type="button"
          className="button button-quiet button-small mx-1 my-1.5"
          aria-label={`Restore ${task.title}`}
          onClick={() => void bringBack(client, task)}
        >
          <UndoIcon className="size-4" />
          Restore
        </button>
      ) : (
        <button
          type="button"
          className="button button-quiet button-icon my-1 text-faint opacity-70 transition-opacity group-hover:opacity-100 focus-visible:opacity-100 lg:opacity-0"
          aria-label={`Delete ${task.title}`}
          disabled={isOnItsWay}
          onClick={() => void removeTask(client, task)}
        >
          <TrashIcon className="size-4.5" />
        </button>
      )}
    </li>
  );
});
