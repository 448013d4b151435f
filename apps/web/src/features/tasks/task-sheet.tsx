'use client';

import type { Task } from '@primetrade/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { Fragment, useState, type FormEvent } from 'react';
import { announce } from '../../components/announcer';
import { Dialog } from '../../components/dialog';
import { FormError } from '../../components/field';
import { Spinner, TrashIcon } from '../../components/icons';
import { ApiError, sentenceOf } from '../../lib/api/problem';
import { useCalendar } from '../../lib/hooks/use-profile';
import { useProjects, useTask } from '../../lib/hooks/use-tasks';
import { reloadTask, removeTask, saveTask } from '../../lib/task-actions';
import { findInCache } from '../../lib/task-cache';
import { Subtasks } from './subtasks';
import { changesOf, draftProblem, withEdits, type TaskDraft } from './task-draft';
import { TaskFieldsForm } from './task-fields';

interface TaskSheetProps {
  id: string;
  onOpen: (id: string) => void;
  onClose: () => void;
}

const FORM_ID = 'task-form';
const CHANGED_ELSEWHERE =
  'This task was changed elsewhere while you edited it. Your changes are still here: look at the other fields, then save again.';

/**
 * Edits of a task until they are saved. Fields that were not touched follow changes made elsewhere;
 * saving over such a change asks first.
 */
function useTaskForm(task: Task, onSaved: () => void) {
  const client = useQueryClient();
  const [draft, setDraft] = useState<TaskDraft>({});
  const [base, setBase] = useState<number | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [saving, setSaving] = useState(false);
  const problem = draftProblem(draft);

  const edit = (edits: TaskDraft) => {
    const next = withEdits(draft, edits, task);
    setDraft(next);
    setBase(Object.keys(next).length === 0 ? null : (base ?? task.version));
  };

  const save = async () => {
    if (problem !== null) return;
    if (Object.keys(draft).length === 0) {
      onSaved();
      return;
    }
    setSaving(true);
    setError(null);
    try {
      await saveTask(client, task, changesOf(draft), base ?? task.version);
      announce('Saved');
      onSaved();
    } catch (failure) {
      setError(sentenceOf(failure));
      if (failure instanceof ApiError && failure.code === 'version_mismatch') {
        setError(CHANGED_ELSEWHERE);
        const latest = await reloadTask(client, task.id).catch(() => null);
        if (latest !== null) setBase(latest.version);
      }
    } finally {
      setSaving(false);
    }
  };

  return { draft, fields: { ...task, ...draft }, edit, save, saving, error, problem };
}

function TaskForm({ task, onOpen, onClose }: { task: Task } & Omit<TaskSheetProps, 'id'>) {
  const client = useQueryClient();
  const { timeZone } = useCalendar();
  const { data: projects = [] } = useProjects();
  const [leavingTo, setLeavingTo] = useState<(() => void) | null>(null);
  const form = useTaskForm(task, onClose);
  const isChanged = Object.keys(form.draft).length > 0;

  /** Leaves at once when there is nothing to lose; otherwise asks in the footer. */
  const leave = (action: () => void): boolean => {
    if (isChanged) setLeavingTo(() => action);
    else action();
    return !isChanged;
  };

  const submit = (event: FormEvent) => {
    event.preventDefault();
    void form.save();
  };

  const footer =
    leavingTo !== null ? (
      // Keys keep React from turning the pressed button into the one that saves.
      <Fragment key="leaving">
        <p role="alert" className="mr-auto text-sm font-medium">
          Your changes are not saved.
        </p>
        <button type="button" className="button button-danger" onClick={leavingTo}>
          Discard changes
        </button>
        <button
          type="button"
          className="button button-primary"
          autoFocus
          onClick={() => setLeavingTo(null)}
        >
          Keep editing
        </button>
      </Fragment>
    ) : (
      <Fragment key="editing">
        <button
          type="button"
          className="button button-quiet mr-auto -ml-2.5"
          onClick={() => {
            onClose();
            void removeTask(client, task);
          }}
        >
          <TrashIcon className="size-4.5" />
          Delete task
        </button>
        <button type="button" className="button button-secondary" onClick={() => leave(onClose)}>
          Cancel
        </button>
        <button
          type="submit"
          form={FORM_ID}
          className="button button-primary"
          disabled={form.saving}
        >
          {form.saving && <Spinner />}
          Save
        </button>
      </Fragment>
    );

  return (
    <Dialog
      title="Edit task"
      shape="sheet"
      onClose={onClose}
      confirmClose={() => leave(onClose)}
      footer={footer}
    >
      <form
        id={FORM_ID}
        className="space-y-5"
        noValidate
        onSubmit={submit}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void form.save();
        }}
      >
        <FormError>{form.error}</FormError>
        <ParentLink parentId={task.parentId} onOpen={(id) => leave(() => onOpen(id))} />
        <TaskFieldsForm
          fields={form.fields}
          projects={projects}
          timeZone={timeZone}
          problem={form.problem}
          onEdit={form.edit}
        />
        <Subtasks parent={task} onOpen={(id) => leave(() => onOpen(id))} />
        <p className="text-[0.8125rem] text-faint">
          Added {new Date(task.createdAt).toLocaleString(undefined, { timeZone })}
        </p>
      </form>
    </Dialog>
  );
}

function ParentLink({
  parentId,
  onOpen,
}: {
  parentId: string | null;
  onOpen: (id: string) => void;
}) {
  if (parentId === null) return null;
  return (
    <button
      type="button"
      className="text-sm text-accent underline underline-offset-3"
      onClick={() => onOpen(parentId)}
    >
      Part of a larger task
    </button>
  );
}

/** The details of one task, to read and to edit. */
export default function TaskSheet({ id, onOpen, onClose }: TaskSheetProps) {
  const client = useQueryClient();
  const { data, error } = useTask(id);
  const task = data ?? findInCache(client, id);
  if (task !== undefined) return <TaskForm task={task} onOpen={onOpen} onClose={onClose} />;
  return (
    <Dialog title="Task" shape="sheet" onClose={onClose}>
      {error === null ? (
        <p role="status" className="flex items-center gap-2 text-muted">
          <Spinner /> Loading the task
        </p>
      ) : (
        <FormError>{sentenceOf(error)}</FormError>
      )}
    </Dialog>
  );
}
