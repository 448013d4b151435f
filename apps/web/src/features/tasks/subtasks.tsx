'use client';

import type { Task } from '@primetrade/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type KeyboardEvent } from 'react';
import { PlusIcon } from '../../components/icons';
import { addTask } from '../../lib/add-task';
import { useNow } from '../../lib/hooks/use-now';
import { useCalendar } from '../../lib/hooks/use-profile';
import { useProjects, useTaskList } from '../../lib/hooks/use-tasks';
import { parseQuickAdd } from '../../lib/quick-add';
import { setStatus } from '../../lib/task-actions';
import { TaskCheckbox } from './task-checkbox';

/** The steps of a task. A line may say the same as in the add box. */
export function Subtasks({ parent, onOpen }: { parent: Task; onOpen: (id: string) => void }) {
  const client = useQueryClient();
  const { timeZone, weekStart } = useCalendar();
  const now = useNow();
  const { data: projects = [] } = useProjects();
  const { data } = useTaskList({ parent: parent.id, sort: 'createdAt' });
  const [line, setLine] = useState('');
  const subtasks = data?.pages.flatMap((page) => page.items) ?? [];

  const add = () => {
    const parsed = parseQuickAdd(line, { now, timeZone, weekStart });
    if (parsed.title === '') return;
    void addTask(client, line, parsed, projects, {
      projectId: parent.projectId,
      parentId: parent.id,
    });
    setLine('');
  };

  // Inside the task's own form, Enter must not save that one.
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key !== 'Enter' || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    add();
  };

  return (
    <section aria-label="Subtasks">
      <h3 className="text-sm font-medium tracking-normal">Subtasks</h3>
      {subtasks.length > 0 && (
        <ul className="-ml-3">
          {subtasks.map((task) => (
            <li key={task.id} className="flex items-start">
              <TaskCheckbox
                title={task.title}
                priority={task.priority}
                checked={task.status === 'done'}
                disabled={task.version === 0}
                onChange={(checked) =>
                  void setStatus(client, task, checked ? 'done' : 'todo', false)
                }
              />
              <button
                type="button"
                disabled={task.version === 0}
                className={`min-w-0 flex-1 py-2.5 text-left wrap-anywhere ${task.status === 'done' ? 'text-faint line-through' : ''}`}
                onClick={() => onOpen(task.id)}
              >
                {task.title}
              </button>
            </li>
          ))}
        </ul>
      )}
      <div className="mt-1.5 flex gap-2">
        <input
          className="control"
          aria-label="Add a subtask"
          placeholder="Add a subtask"
          maxLength={500}
          value={line}
          onChange={(event) => setLine(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <button
          type="button"
          className="button button-secondary"
          aria-label="Add subtask"
          onClick={add}
        >
          <PlusIcon />
        </button>
      </div>
    </section>
  );
}
