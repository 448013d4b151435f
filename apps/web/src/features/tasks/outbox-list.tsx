'use client';

import { useQueryClient } from '@tanstack/react-query';
import { AlertIcon } from '../../components/icons';
import { sendEntry } from '../../lib/add-task';
import { useOutbox } from '../../lib/hooks/use-outbox';
import { takeFromOutbox } from '../../lib/outbox';

/** Tasks that could not be saved. What was typed is kept until it is saved or thrown away. */
export function OutboxList() {
  const client = useQueryClient();
  const failed = useOutbox().filter(({ failure }) => failure !== null);
  return (
    <div role="alert">
      {failed.length > 0 && (
        <ul
          aria-label="Not saved"
          className="mt-3 divide-y divide-line rounded-lg border border-danger bg-danger-soft"
        >
          {failed.map((entry) => (
            <li
              key={entry.id}
              className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3.5 py-2.5 text-sm"
            >
              <AlertIcon className="size-4.5 text-danger" />
              <div className="min-w-0 flex-1 basis-60">
                <p className="font-medium wrap-anywhere">{entry.line}</p>
                <p className="text-danger">Not saved yet. {entry.failure}</p>
              </div>
              {entry.mayRetry && (
                <button
                  type="button"
                  className="button button-secondary button-small"
                  onClick={() => void sendEntry(client, entry)}
                >
                  Try again
                </button>
              )}
              <button
                type="button"
                className="button button-quiet button-small"
                onClick={() => takeFromOutbox(entry.id)}
              >
                Discard
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
