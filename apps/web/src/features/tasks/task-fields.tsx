'use client';

import type { Project, TaskPriority, TaskStatus } from '@primetrade/contracts';
import { Field, TextField } from '../../components/field';
import { dueToInputs, inputsToDue } from '../../lib/due';
import { PRIORITIES, PRIORITY_NAMES, STATUS_NAMES, STATUSES } from '../../lib/task-filters';
import { DescriptionField } from './description-field';
import { LabelEditor } from './label-editor';
import type { TaskDraft, TaskFields } from './task-draft';

interface TaskFieldsFormProps {
  fields: TaskFields;
  projects: readonly Project[];
  timeZone: string;
  problem: string | null;
  onEdit: (edits: TaskDraft) => void;
}

/** The fields of a task's form. */
export function TaskFieldsForm({
  fields,
  projects,
  timeZone,
  problem,
  onEdit,
}: TaskFieldsFormProps) {
  const due = dueToInputs(fields.dueAt, timeZone);
  const offered = projects.filter(
    ({ id, archivedAt }) => archivedAt === null || id === fields.projectId,
  );
  return (
    <>
      <Field label="Title" error={problem ?? undefined}>
        {(attributes) => (
          <textarea
            rows={1}
            className="control field-sizing-content resize-none text-lg leading-7 font-medium"
            maxLength={500}
            value={fields.title}
            onChange={(event) => onEdit({ title: event.target.value.replace(/\n/g, ' ') })}
            onKeyDown={(event) => {
              // A title is one line; Enter asks for saving, as in any one-line field.
              if (event.key !== 'Enter') return;
              event.preventDefault();
              event.currentTarget.form?.requestSubmit();
            }}
            {...attributes}
          />
        )}
      </Field>
      <DescriptionField
        value={fields.description}
        onValue={(description) => onEdit({ description })}
      />
      <div className="grid grid-cols-2 gap-4">
        <Field label="Status">
          {(attributes) => (
            <select
              className="control"
              value={fields.status}
              onChange={(event) => onEdit({ status: event.target.value as TaskStatus })}
              {...attributes}
            >
              {STATUSES.map((status) => (
                <option key={status} value={status}>
                  {STATUS_NAMES[status]}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label="Priority">
          {(attributes) => (
            <select
              className="control"
              value={fields.priority}
              onChange={(event) => onEdit({ priority: event.target.value as TaskPriority })}
              {...attributes}
            >
              {PRIORITIES.map((priority) => (
                <option key={priority} value={priority}>
                  {PRIORITY_NAMES[priority]}
                </option>
              ))}
            </select>
          )}
        </Field>
        <TextField
          label="Due date"
          type="date"
          min="1970-01-01"
          max="9999-12-31"
          value={due.date}
          onChange={(event) =>
            onEdit({ dueAt: inputsToDue(event.target.value, due.time, timeZone) })
          }
        />
        <TextField
          label="Due time"
          type="time"
          disabled={due.date === ''}
          value={due.time}
          onChange={(event) =>
            onEdit({ dueAt: inputsToDue(due.date, event.target.value, timeZone) })
          }
        />
      </div>
      <Field label="Project">
        {(attributes) => (
          <select
            className="control"
            value={fields.projectId ?? ''}
            onChange={(event) => onEdit({ projectId: event.target.value || null })}
            {...attributes}
          >
            <option value="">None</option>
            {offered.map((project) => (
              <option key={project.id} value={project.id}>
                {project.name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <LabelEditor value={fields.labels} onValue={(labels) => onEdit({ labels })} />
    </>
  );
}
