'use client';

import type { Scope } from '@primetrade/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { Dialog } from '../../components/dialog';
import { FormError, TextField } from '../../components/field';
import { CopyIcon, Spinner } from '../../components/icons';
import { toast } from '../../components/toaster';
import { createApiToken } from '../../lib/api/auth';
import { fieldError, sentenceOf } from '../../lib/api/problem';
import { useAction } from '../../lib/hooks/use-action';
import { queryKeys } from '../../lib/query-keys';

const SCOPES: Record<Scope, string> = {
  'tasks:read': 'Read tasks, projects and labels',
  'tasks:write': 'Change tasks, projects and labels',
  'profile:read': 'Read the profile',
  'profile:write': 'Change the profile',
};
const LONGEST_DAYS = 365;

function Created({ token, onClose }: { token: string; onClose: () => void }) {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(token);
      toast('Token copied');
    } catch {
      toast('The browser did not allow copying. Select the token and copy it.', { tone: 'error' });
    }
  };
  return (
    <div className="space-y-5">
      <p>
        This is the token. <strong>It is not shown again.</strong>
      </p>
      <TextField
        label="Token"
        readOnly
        className="font-mono text-sm"
        value={token}
        onFocus={(event) => event.target.select()}
      />
      <div className="flex justify-end gap-2">
        <button type="button" className="button button-secondary" onClick={() => void copy()}>
          <CopyIcon /> Copy
        </button>
        <button type="button" className="button button-primary" onClick={onClose}>
          Done
        </button>
      </div>
    </div>
  );
}

/** Makes an API token and shows it once. */
export default function TokenDialog({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [days, setDays] = useState('90');
  const [scopes, setScopes] = useState<Scope[]>(['tasks:read']);
  const [created, setCreated] = useState<string | null>(null);
  const { busy, error, run } = useAction();

  const submit = (event: FormEvent) => {
    event.preventDefault();
    void run(async () => {
      const { token } = await createApiToken({ name, scopes, expiresInDays: Number(days) });
      setCreated(token);
      await client.invalidateQueries({ queryKey: queryKeys.apiTokens });
    });
  };

  return (
    <Dialog title="New API token" onClose={onClose}>
      {created !== null ? (
        <Created token={created} onClose={onClose} />
      ) : (
        <form className="space-y-5" onSubmit={submit}>
          <FormError>{error !== null && sentenceOf(error)}</FormError>
          <TextField
            label="Name"
            hint="What it is for, for example “Backup script”."
            maxLength={100}
            required
            data-autofocus
            value={name}
            error={fieldError(error, 'name')}
            onChange={(event) => setName(event.target.value)}
          />
          <fieldset>
            <legend className="mb-1.5 text-sm font-medium">It may</legend>
            <div className="space-y-1">
              {(Object.entries(SCOPES) as [Scope, string][]).map(([scope, text]) => (
                <label key={scope} className="flex min-h-8 items-center gap-2.5">
                  <input
                    type="checkbox"
                    className="size-4 accent-accent"
                    checked={scopes.includes(scope)}
                    onChange={(event) =>
                      setScopes(
                        event.target.checked
                          ? [...scopes, scope]
                          : scopes.filter((other) => other !== scope),
                      )
                    }
                  />
                  {text}
                </label>
              ))}
            </div>
          </fieldset>
          <TextField
            label="Expires after (days)"
            type="number"
            min={1}
            max={LONGEST_DAYS}
            required
            value={days}
            onChange={(event) => setDays(event.target.value)}
          />
          <button
            type="submit"
            className="button button-primary w-full"
            disabled={busy || scopes.length === 0}
          >
            {busy && <Spinner />}
            Create token
          </button>
        </form>
      )}
    </Dialog>
  );
}
