import type { Project, Task, TaskPriority } from '@primetrade/contracts';
import { ColorDot } from '../../components/color-dot';
import { CalendarIcon, FlagIcon, TagIcon } from '../../components/icons';
import { describeDue, type DueText } from '../../lib/due';
import { PRIORITY_NAMES } from '../../lib/task-filters';

const DUE_COLORS: Record<DueText['state'], string> = {
  overdue: 'text-danger',
  today: 'text-accent',
  soon: 'text-muted',
  later: 'text-faint',
};

const PRIORITY_COLORS: Record<TaskPriority, string> = {
  urgent: 'text-danger',
  high: 'text-high',
  medium: 'text-info',
  low: 'text-muted',
  none: 'text-faint',
};

const MOST_LABELS_SHOWN = 2;

interface TaskMetaProps {
  task: Pick<Task, 'status' | 'priority' | 'dueAt' | 'labels'>;
  project: Pick<Project, 'name' | 'color'> | undefined;
  now: number;
  timeZone: string;
}

/** What the list says of a task besides its title. */
export function TaskMeta({ task, project, now, timeZone }: TaskMetaProps) {
  const due = task.dueAt === null ? null : describeDue(task.dueAt, now, timeZone);
  const isDone = task.status === 'done';
  const hiddenLabels = task.labels.length - MOST_LABELS_SHOWN;
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-x-3.5 gap-y-1 pb-2 text-faint empty:hidden sm:max-w-[62%] sm:justify-end sm:py-2">
      {task.status === 'in_progress' && (
        <span className="chip rounded-full bg-info-soft px-2 py-px text-xs font-medium text-info">
          In progress
        </span>
      )}
      {task.labels.slice(0, MOST_LABELS_SHOWN).map((label) => (
        <span key={label} className="chip text-violet">
          <TagIcon className="size-3.5" />
          <span className="max-w-32 truncate">{label}</span>
        </span>
      ))}
      {hiddenLabels > 0 && (
        <span className="chip">
          +{hiddenLabels}
          <span className="sr-only"> more labels</span>
        </span>
      )}
      {project && (
        <span className="chip gap-0.5">
          <ColorDot color={project.color} />
          <span className="max-w-44 truncate">{project.name}</span>
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
