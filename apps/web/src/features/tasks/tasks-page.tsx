'use client';

import { lazy, Suspense, useMemo, useState } from 'react';
import { KeyboardIcon } from '../../components/icons';
import { useFilters, useOpenTask } from '../../lib/hooks/use-filters';
import { useNow } from '../../lib/hooks/use-now';
import { useCalendar } from '../../lib/hooks/use-profile';
import { useProjects } from '../../lib/hooks/use-tasks';
import { apiQuery, narrowingCount, STATUS_NAMES, type TaskFilters } from '../../lib/task-filters';
import { AddBox } from './add-box';
import { FilterBar } from './filter-bar';
import { OutboxList } from './outbox-list';
import { TaskList } from './task-list';
import { useShortcuts } from './use-shortcuts';

const TaskSheet = lazy(() => import('./task-sheet'));
const ProjectDialog = lazy(() => import('./project-dialog'));
const ShortcutsDialog = lazy(() => import('./shortcuts-dialog'));

/** What the list is called, by its filters. */
function headingOf(filters: TaskFilters, projectName: string | undefined): string {
  if (filters.trash) return 'Trash';
  if (projectName !== undefined) return projectName;
  if (filters.label !== null) return filters.label;
  if (filters.due === 'today') return 'Today';
  if (filters.due === 'week') return 'Next 7 days';
  if (filters.due === 'overdue') return 'Overdue';
  if (filters.status === 'open') return 'Open';
  return filters.status === 'all' ? 'All tasks' : STATUS_NAMES[filters.status];
}

/** The list of tasks with everything one does to it. */
export function TasksPage() {
  const { filters, change } = useFilters();
  const { openId, open, close } = useOpenTask();
  const { timeZone } = useCalendar();
  const now = useNow();
  const { data: projects } = useProjects();
  const [dialog, setDialog] = useState<'project' | 'shortcuts' | null>(null);
  useShortcuts(() => setDialog('shortcuts'));

  const project = projects?.find(({ id }) => id === filters.project);
  // Only "overdue" moves with the minute; the other questions stay the same all day.
  const query = useMemo(() => apiQuery(filters, now, timeZone), [filters, now, timeZone]);

  return (
    <div className="mx-auto max-w-[56rem] px-4 pt-5 pb-28 sm:px-6 lg:px-10 lg:pt-8">
      <div className="flex items-center justify-between gap-3">
        <h1 className="min-w-0 truncate text-2xl font-semibold">
          {headingOf(filters, project?.name)}
        </h1>
        <div className="flex gap-1">
          {project && (
            <button
              type="button"
              className="button button-quiet button-small"
              onClick={() => setDialog('project')}
            >
              Edit project
            </button>
          )}
          <button
            type="button"
            className="button button-quiet button-icon hidden lg:inline-flex"
            aria-label="Keyboard shortcuts"
            title="Keyboard shortcuts"
            onClick={() => setDialog('shortcuts')}
          >
            <KeyboardIcon />
          </button>
        </div>
      </div>
      {!filters.trash && (
        <div className="mt-4">
          <AddBox filters={filters} now={now} />
          <OutboxList />
        </div>
      )}
      <FilterBar filters={filters} change={change} />
      <TaskList
        query={query}
        trash={filters.trash}
        narrowed={narrowingCount(filters) > 0 || filters.q !== ''}
        now={now}
        onOpen={open}
      />
      <Suspense>
        {openId !== null && <TaskSheet key={openId} id={openId} onOpen={open} onClose={close} />}
        {dialog === 'project' && project && (
          <ProjectDialog project={project} onClose={() => setDialog(null)} />
        )}
        {dialog === 'shortcuts' && <ShortcutsDialog onClose={() => setDialog(null)} />}
      </Suspense>
    </div>
  );
}
