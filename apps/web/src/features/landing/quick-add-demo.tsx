'use client';

import type { Task } from '@primetrade/contracts';
import { useMemo, useState, type FormEvent } from 'react';
import { PlusIcon } from '../../components/icons';
import { useNow } from '../../lib/hooks/use-now';
import { parseQuickAdd, type QuickAdd } from '../../lib/quick-add';
import { QuickAddInput } from '../tasks/quick-add-input';
import { QuickAddPreview } from '../tasks/quick-add-preview';
import { TaskCheckbox } from '../tasks/task-checkbox';
import { TaskMeta } from '../tasks/task-meta';

const FIRST_LINE = 'Pay rent tomorrow 9am !high #home @errands';
const EXAMPLES = [
  'Book the train to Porto friday 5pm #trip',
  'Send Marta the contract today !urgent',
  'Water the plants in 3 days @balcony',
];
const PROJECT_COLOR = '#0d9488';
const MOST_ROWS = 5;

type DemoTask = Pick<Task, 'id' | 'title' | 'status' | 'priority' | 'dueAt' | 'labels'> & {
  project: string | null;
};

function taskOf(id: string, parsed: QuickAdd): DemoTask {
  const { title, priority, dueAt, labels, project } = parsed;
  return { id, title, status: 'todo', priority, dueAt, labels, project };
}

/** The add box of the app, working on a list that lives in this page alone. */
export function QuickAddDemo() {
  const now = useNow();
  const isInBrowser = now !== 0;
  const timeZone = isInBrowser ? new Intl.DateTimeFormat().resolvedOptions().timeZone : 'UTC';
  const [line, setLine] = useState(FIRST_LINE);
  const [asText, setAsText] = useState<string[]>([]);
  const [added, setAdded] = useState<DemoTask[]>([]);
  const [done, setDone] = useState<ReadonlySet<string>>(new Set());

  const parsed = useMemo(
    () => parseQuickAdd(line, { now, timeZone, asText }),
    [line, now, timeZone, asText],
  );
  const examples = useMemo(
    () =>
      EXAMPLES.map((text, index) =>
        taskOf(`example-${index}`, parseQuickAdd(text, { now, timeZone })),
      ),
    [now, timeZone],
  );
  const rows = [...added, ...examples].slice(0, MOST_ROWS);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (parsed.title === '') return;
    setAdded([taskOf(`added-${added.length}`, parsed), ...added]);
    setLine('');
    setAsText([]);
  };

  const toggle = (id: string, checked: boolean) => {
    const next = new Set(done);
    if (checked) next.add(id);
    else next.delete(id);
    setDone(next);
  };

  return (
    <div className="rounded-xl border border-line bg-surface p-3 shadow-float sm:p-5">
      <form onSubmit={submit}>
        <div className="flex items-center rounded-lg border border-edge pr-1.5 focus-within:border-accent focus-within:outline-2 focus-within:-outline-offset-1 focus-within:outline-accent">
          <QuickAddInput
            label="Try it: write a task"
            placeholder="Write a task"
            value={line}
            onValue={setLine}
            segments={parsed.segments}
          />
          <button type="submit" className="button button-primary" aria-label="Add to the example">
            <PlusIcon />
            <span className="hidden sm:inline">Add</span>
          </button>
        </div>
        <div className="min-h-9 pt-2" aria-live="polite">
          {isInBrowser && (
            <QuickAddPreview
              parsed={parsed}
              projects={[]}
              now={now}
              timeZone={timeZone}
              onReject={(written) => setAsText([...asText, written])}
            />
          )}
        </div>
      </form>
      <ul aria-label="Example tasks" className="mt-3 border-t border-line">
        {rows.map((row) => {
          const task = { ...row, status: done.has(row.id) ? ('done' as const) : row.status };
          const isDone = task.status === 'done';
          return (
            <li key={row.id} className="flex items-start border-b border-line last:border-b-0">
              <TaskCheckbox
                title={row.title}
                priority={row.priority}
                checked={isDone}
                onChange={(checked) => toggle(row.id, checked)}
              />
              <div className="min-w-0 flex-1 items-center gap-4 sm:flex sm:min-h-11">
                <p
                  className={`min-w-0 flex-1 py-2.5 leading-6 wrap-anywhere sm:py-2 ${isDone ? 'text-faint line-through' : ''}`}
                >
                  {row.title}
                </p>
                {isInBrowser && (
                  <TaskMeta
                    task={task}
                    project={
                      row.project === null ? undefined : { name: row.project, color: PROJECT_COLOR }
                    }
                    now={now}
                    timeZone={timeZone}
                  />
                )}
              </div>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
