'use client';

import type { Project } from '@primetrade/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { Dialog } from '../../components/dialog';
import { FormError, TextField } from '../../components/field';
import { CheckIcon, Spinner } from '../../components/icons';
import { toast } from '../../components/toaster';
import { fieldError, sentenceOf } from '../../lib/api/problem';
import { createProject, deleteProject, updateProject } from '../../lib/api/tasks';
import { useFilters } from '../../lib/hooks/use-filters';
import { queryKeys } from '../../lib/query-keys';
import { readAgain } from '../../lib/read-again';

/** Colours that stand out from each other and from both grounds. */
const COLORS: readonly (readonly [value: string, name: string])[] = [
  ['#4f46e5', 'Indigo'],
  ['#0284c7', 'Blue'],
  ['#0d9488', 'Teal'],
  ['#16a34a', 'Green'],
  ['#ca8a04', 'Yellow'],
  ['#ea580c', 'Orange'],
  ['#dc2626', 'Red'],
  ['#c026d3', 'Magenta'],
  ['#64748b', 'Grey'],
];

function ColorChoice({ value, onValue }: { value: string; onValue: (value: string) => void }) {
  return (
    <fieldset>
      <legend className="mb-1.5 text-sm font-medium">Colour</legend>
      <div className="flex flex-wrap gap-2">
        {COLORS.map(([color, name]) => (
          <label
            key={color}
            className="relative flex size-8 items-center justify-center"
            title={name}
          >
            <input
              type="radio"
              name="color"
              className="absolute inset-0 appearance-none rounded-full"
              aria-label={name}
              checked={value === color}
              onChange={() => onValue(color)}
            />
            <svg viewBox="0 0 32 32" className="pointer-events-none size-7" aria-hidden="true">
              <circle cx="16" cy="16" r="16" fill={color} />
            </svg>
            {value === color && (
              <CheckIcon
                className="pointer-events-none absolute size-4 text-[#fff]"
                strokeWidth="2.6"
              />
            )}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** Makes a project, or changes, archives and deletes one. */
export default function ProjectDialog({
  project,
  onClose,
}: {
  project?: Project;
  onClose: () => void;
}) {
  const client = useQueryClient();
  const { change } = useFilters();
  const [name, setName] = useState(project?.name ?? '');
  const [color, setColor] = useState(project?.color ?? '#4f46e5');
  const [key] = useState(() => crypto.randomUUID());
  const [busy, setBusy] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const [error, setError] = useState<unknown>(null);

  const run = async (work: () => Promise<unknown>, done: string) => {
    setBusy(true);
    setError(null);
    try {
      await work();
    } catch (failure) {
      setError(failure);
      setBusy(false);
      return false;
    }
    void readAgain(client, queryKeys.projects);
    void readAgain(client, queryKeys.tasks);
    toast(done);
    onClose();
    return true;
  };

  const submit = (event: FormEvent) => {
    event.preventDefault();
    void run(
      () =>
        project === undefined
          ? createProject({ name, color }, key)
          : updateProject(project.id, { name, color }),
      project === undefined ? `Created “${name}”` : `Saved “${name}”`,
    );
  };

  const archive = async () => {
    if (project === undefined) return;
    const archived = project.archivedAt === null;
    await run(
      () => updateProject(project.id, { archived }),
      archived ? `Archived “${project.name}”` : `“${project.name}” is active again`,
    );
  };

  const remove = async () => {
    if (project === undefined) return;
    if (await run(() => deleteProject(project.id), `Deleted “${project.name}”`)) {
      change({ project: null });
    }
  };

  return (
    <Dialog title={project === undefined ? 'New project' : 'Edit project'} onClose={onClose}>
      <form className="space-y-5" onSubmit={submit}>
        <FormError>
          {error !== null && fieldError(error, 'name') === undefined && sentenceOf(error)}
        </FormError>
        <TextField
          label="Name"
          maxLength={120}
          required
          data-autofocus
          value={name}
          error={fieldError(error, 'name')}
          onChange={(event) => setName(event.target.value)}
        />
        <ColorChoice value={color} onValue={setColor} />
        <div className="flex flex-wrap justify-end gap-2 pt-2">
          {project !== undefined && (
            <div className="mr-auto flex gap-2">
              <button
                type="button"
                className="button button-secondary"
                disabled={busy}
                onClick={() => void archive()}
              >
                {project.archivedAt === null ? 'Archive' : 'Make active'}
              </button>
              <button
                type="button"
                className="button button-danger"
                disabled={busy}
                onClick={() => (deleting ? void remove() : setDeleting(true))}
              >
                {deleting ? 'Really delete' : 'Delete'}
              </button>
            </div>
          )}
          <button type="submit" className="button button-primary" disabled={busy}>
            {busy && <Spinner />}
            {project === undefined ? 'Create project' : 'Save'}
          </button>
        </div>
        {deleting && (
          <p role="alert" className="text-sm text-danger">
            The project goes for good. Press “Really delete” if you want that.
          </p>
        )}
      </form>
    </Dialog>
  );
}
