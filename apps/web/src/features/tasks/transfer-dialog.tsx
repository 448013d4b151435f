'use client';

import type { ImportJob } from '@primetrade/contracts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useId, useState } from 'react';
import { Dialog } from '../../components/dialog';
import { Field, FormError } from '../../components/field';
import { DownloadIcon, Spinner, UploadIcon } from '../../components/icons';
import { sentenceOf } from '../../lib/api/problem';
import { exportTasks, getImport, startImport } from '../../lib/api/tasks';
import { download } from '../../lib/download';
import { useProjects } from '../../lib/hooks/use-tasks';
import { queryKeys } from '../../lib/query-keys';
import { readAgain } from '../../lib/read-again';

const POLL_MS = 700;

function isOver(job: ImportJob | undefined): boolean {
  return job?.status === 'completed' || job?.status === 'failed';
}

function RowErrors({ job }: { job: ImportJob }) {
  if (job.failedRows === 0) return null;
  return (
    <details className="mt-3 text-sm">
      <summary className="font-medium text-danger">
        {job.failedRows.toLocaleString()} {job.failedRows === 1 ? 'row was' : 'rows were'} not
        imported
      </summary>
      <ul className="mt-2 max-h-44 space-y-1 overflow-y-auto text-muted">
        {job.errors.map(({ line, reason }, index) => (
          <li key={index}>
            Line {line.toLocaleString()}: {reason}
          </li>
        ))}
      </ul>
    </details>
  );
}

function Progress({ job, onAgain }: { job: ImportJob; onAgain: () => void }) {
  const id = useId();
  const tasks = job.createdTasks === 1 ? 'task' : 'tasks';
  return (
    <div>
      {!isOver(job) && (
        <>
          <label htmlFor={id} className="text-sm">
            Importing: {job.processedRows.toLocaleString()} of {job.totalRows.toLocaleString()} rows
          </label>
          <progress
            id={id}
            className="mt-2 block h-2 w-full overflow-hidden rounded-full accent-accent"
            max={Math.max(1, job.totalRows)}
            value={job.processedRows}
          />
          <p className="mt-2 text-sm text-muted">
            You can close this; the import goes on by itself.
          </p>
        </>
      )}
      <div role="status">
        {job.status === 'completed' && (
          <p className="font-medium">
            Imported {job.createdTasks.toLocaleString()} {tasks}.
          </p>
        )}
        {job.status === 'failed' && <p className="text-danger">The import failed. {job.failure}</p>}
      </div>
      <RowErrors job={job} />
      {isOver(job) && (
        <button type="button" className="button button-secondary mt-4" onClick={onAgain}>
          Import another file
        </button>
      )}
    </div>
  );
}

function ImportSection() {
  const client = useQueryClient();
  const { data: projects = [] } = useProjects();
  const [projectId, setProjectId] = useState('');
  const [jobId, setJobId] = useState<string | null>(null);
  const [sending, setSending] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const { data: job } = useQuery({
    queryKey: queryKeys.import(jobId ?? ''),
    queryFn: ({ signal }) => getImport(jobId as string, signal),
    enabled: jobId !== null,
    refetchInterval: (query) => (isOver(query.state.data) ? false : POLL_MS),
  });
  const over = isOver(job);
  useEffect(() => {
    if (over) void readAgain(client);
  }, [over, client]);

  const send = async (file: File | undefined) => {
    if (file === undefined) return;
    setSending(true);
    setError(null);
    try {
      const started = await startImport(file, projectId || null);
      client.setQueryData(queryKeys.import(started.id), started);
      setJobId(started.id);
    } catch (failure) {
      setError(sentenceOf(failure));
    }
    setSending(false);
  };

  if (jobId !== null && job !== undefined) {
    return <Progress job={job} onAgain={() => setJobId(null)} />;
  }
  return (
    <div className="space-y-4">
      <p className="text-sm text-muted">
        A CSV export of Todoist, a CSV file with a header line, or a JSON export of PrimeTrade.
      </p>
      <FormError>{error}</FormError>
      <Field label="Put tasks without a project into">
        {(attributes) => (
          <select
            className="control"
            value={projectId}
            onChange={(event) => setProjectId(event.target.value)}
            {...attributes}
          >
            <option value="">No project</option>
            {projects.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <label className="button button-primary w-full focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-accent">
        {sending ? <Spinner /> : <UploadIcon />}
        {sending ? 'Uploading' : 'Choose a file to import'}
        <input
          type="file"
          className="sr-only"
          accept=".csv,.json,text/csv,application/json"
          disabled={sending}
          onChange={(event) => {
            void send(event.target.files?.[0]);
            // The same file may be chosen again after an error.
            event.target.value = '';
          }}
        />
      </label>
    </div>
  );
}

function ExportSection() {
  const [busy, setBusy] = useState<'csv' | 'json' | null>(null);
  const [error, setError] = useState<string | null>(null);
  const run = async (format: 'csv' | 'json') => {
    setBusy(format);
    setError(null);
    try {
      download(await exportTasks(format), `primetrade-tasks.${format}`);
    } catch (failure) {
      setError(sentenceOf(failure));
    }
    setBusy(null);
  };
  return (
    <div className="space-y-4">
      <p className="text-sm text-muted">
        All your tasks in one file. JSON can be imported here again without loss; CSV opens in any
        spreadsheet.
      </p>
      <FormError>{error}</FormError>
      <div className="grid grid-cols-2 gap-2">
        {(['csv', 'json'] as const).map((format) => (
          <button
            key={format}
            type="button"
            className="button button-secondary"
            disabled={busy !== null}
            onClick={() => void run(format)}
          >
            {busy === format ? <Spinner /> : <DownloadIcon />}
            Export {format.toUpperCase()}
          </button>
        ))}
      </div>
    </div>
  );
}

/** Takes tasks in from a file and gives them out as one. */
export default function TransferDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Import and export" onClose={onClose}>
      <section aria-label="Import">
        <h3 className="mb-2 font-semibold">Import</h3>
        <ImportSection />
      </section>
      <section aria-label="Export" className="mt-7 border-t border-line pt-5">
        <h3 className="mb-2 font-semibold">Export</h3>
        <ExportSection />
      </section>
    </Dialog>
  );
}
