'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useId, useMemo, useRef, useState, type FormEvent } from 'react';
import { PlusIcon } from '../../components/icons';
import { addTask } from '../../lib/add-task';
import { endOfDay } from '../../lib/due';
import { useCalendar } from '../../lib/hooks/use-profile';
import { useProjects } from '../../lib/hooks/use-tasks';
import { parseQuickAdd } from '../../lib/quick-add';
import type { TaskFilters } from '../../lib/task-filters';
import { QuickAddInput } from './quick-add-input';
import { QuickAddPreview } from './quick-add-preview';

const LONGEST_TITLE = 500;

/** Where one line becomes a task. The list that is shown lends it its project, label and day. */
export function AddBox({ filters, now }: { filters: TaskFilters; now: number }) {
  const client = useQueryClient();
  const { timeZone, weekStart } = useCalendar();
  const { data: projects = [] } = useProjects();
  const [line, setLine] = useState('');
  const [asText, setAsText] = useState<string[]>([]);
  const [problem, setProblem] = useState<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const helpId = useId();

  const parsed = useMemo(() => {
    const read = parseQuickAdd(line, { now, timeZone, weekStart, asText });
    const impliesToday = filters.due === 'today' && read.dueAt === null && read.title !== '';
    return impliesToday ? { ...read, dueAt: endOfDay(now, timeZone) } : read;
  }, [line, now, timeZone, weekStart, asText, filters.due]);

  const change = (value: string) => {
    setLine(value);
    setProblem(null);
    if (value === '') setAsText([]);
  };

  const submit = (event: FormEvent) => {
    event.preventDefault();
    input.current?.focus();
    if (parsed.title === '') {
      setProblem('Write what there is to do.');
      return;
    }
    if (parsed.title.length > LONGEST_TITLE) {
      setProblem(
        `A title holds ${LONGEST_TITLE} characters; this one has ${parsed.title.length}. The rest can go into the description.`,
      );
      return;
    }
    void addTask(client, line, parsed, projects, {
      projectId: filters.project === 'none' ? null : filters.project,
      parentId: null,
      label: filters.label,
    });
    change('');
  };

  return (
    <form onSubmit={submit}>
      <div className="flex items-center rounded-lg border border-edge bg-surface pr-1.5 shadow-raised focus-within:border-accent focus-within:outline-2 focus-within:-outline-offset-1 focus-within:outline-accent">
        <QuickAddInput
          ref={input}
          label="Add a task"
          placeholder="Add a task: Pay rent tomorrow 9am !high #home"
          describedBy={helpId}
          value={line}
          onValue={change}
          segments={parsed.segments}
        />
        <button type="submit" className="button button-primary" aria-label="Add task">
          <PlusIcon />
          <span className="hidden sm:inline">Add</span>
        </button>
      </div>
      <div id={helpId} aria-live="polite" className="px-1">
        {problem !== null && <p className="pt-2 text-sm text-danger">{problem}</p>}
        {parsed.title !== '' && (parsed.dueAt !== null || parsed.segments.length > 1) && (
          <div className="pt-2">
            <QuickAddPreview
              parsed={parsed}
              projects={projects}
              now={now}
              timeZone={timeZone}
              onReject={(written) => {
                setAsText([...asText, written]);
                input.current?.focus();
              }}
            />
          </div>
        )}
      </div>
    </form>
  );
}
