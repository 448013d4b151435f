'use client';

import type { Project, Task, TaskPriority } from '@primetrade/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { memo, type KeyboardEvent } from 'react';
import { ColorDot } from '../app/sidebar';
import {
  CalendarIcon,
  FlagIcon,
  SubtaskIcon,
  TagIcon,
  TrashIcon,
  UndoIcon,
} from '../../components/icons';
import { describeDue, type DueText } from '../../lib/due';
import { bringBack, removeTask, setStatus } from '../../lib/task-actions';
import { PRIORITY_NAMES } from '../../lib/task-filters';
import { TaskCheckbox } from './task-checkbox';

interface TaskRowProps {
  task: Task;
  project: Project | undefined;
  now: number;
  timeZone: string;
  onOpen: (id: string) => void;
}

const DUE_COLORS: Record<DueText['state'], string> = {
  overdue: 'text-danger',
  today: 'text-accent',
  soon: 'text-muted',
  later: 'text-faint',
};

export const PRIORITY_COLORS: Record<TaskPriority, string> = {
  urgent: 'text-danger',
  high: 'text-high',
  medium: 'text-info',
  low: 'text-muted',
  none: 'text-faint',
};

const MOST_LABELS_SHOWN = 2;

function Meta({ task, project, now, timeZone }: Omit<TaskRowProps, 'onOpen'>) {
  const due = task.dueAt === null ? null : describeDue(task.dueAt, now, timeZone);
  const isDone = task.status === 'done';
  const hiddenLabels = task.labels.length - MOST_LABELS_SHOWN;
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-x-3.5 gap-y-1 pb-2 text-faint empty:hidden sm:max-w-[60%] sm:flex-nowrap sm:justify-end sm:pb-0">
      {task.status === 'in_progress' && (
        <span className="chip rounded-full bg-info-soft px-2 py-px text-xs font-medium text-info">
          In progress
        </span>
      )}
      {task.labels.slice(0, MOST_LABELS_SHOWN).map((label) => (
        <span key={label} className="chip min-w-0 text-violet">
          <TagIcon className="size-3.5" />
          <span className="max-w-28 truncate">{label}</span>
        </span>
      ))}
      {hiddenLabels > 0 && <span className="chip">+{hiddenLabels} labels</span>}
      {project && (
        <span className="chip -ml-1 min-w-0 gap-0.5">
          <ColorDot color={project.color} />
          <span className="max-w-32 truncate">{project.name}</span>
        </span>
      )}
      {task.priority !== 'none' && (
        <span className={`chip ${isDone ? '' : PRIORITY_COLORS[task.priority]}`}>
          <FlagIcon className="size-3.5" />
          {PRIORITY_NAMES[task.priority]}
        </span>
      )}
      {due && (
        <span className={`chip tabular-nums ${isDone ? '' : DUE_COLORS[due.state]}`}>
          <CalendarIcon className="size-3.5" />
          {due.state === 'overdue' && !isDone && <span className="sr-only">Overdue:</span>}
          <time dateTime={task.dueAt ?? undefined}>{due.text}</time>
        </span>
      )}
    </div>
  );
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
        <Meta task={task} project={project} now={now} timeZone={timeZone} />
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
