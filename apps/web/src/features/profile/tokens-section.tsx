'use client';

import type { ApiToken } from '@primetrade/contracts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { FormError } from '../../components/field';
import { PlusIcon } from '../../components/icons';
import { deleteApiToken, listApiTokens } from '../../lib/api/auth';
import { sentenceOf } from '../../lib/api/problem';
import { useAction } from '../../lib/hooks/use-action';
import { queryKeys } from '../../lib/query-keys';
import { Section } from './section';

const TokenDialog = lazy(() => import('./token-dialog'));

function TokenItem({ token }: { token: ApiToken }) {
  const client = useQueryClient();
  const { busy, error, run } = useAction();
  const [asked, setAsked] = useState(false);
  const remove = () =>
    run(async () => {
      await deleteApiToken(token.id);
      await client.invalidateQueries({ queryKey: queryKeys.apiTokens });
    });
  const day = (time: string) =>
    new Date(time).toLocaleDateString(undefined, { dateStyle: 'medium' });
  return (
    <li className="py-3">
      <div className="flex items-center gap-4">
        <div className="min-w-0 flex-1">
          <p className="font-medium wrap-anywhere">{token.name}</p>
          <p className="text-sm text-faint">
            {token.scopes.join(', ')} · expires {day(token.expiresAt)} ·{' '}
            {token.lastUsedAt === null ? 'never used' : `last used ${day(token.lastUsedAt)}`}
          </p>
        </div>
        <button
          type="button"
          className="button button-danger button-small"
          aria-label={asked ? `Really delete ${token.name}` : `Delete ${token.name}`}
          disabled={busy}
          onClick={() => (asked ? void remove() : setAsked(true))}
          onBlur={() => setAsked(false)}
        >
          {asked ? 'Really delete' : 'Delete'}
        </button>
      </div>
      <FormError>{error !== null && sentenceOf(error)}</FormError>
    </li>
  );
}

/** Keys for programs that work with the account's tasks. */
export function TokensSection() {
  const [creating, setCreating] = useState(false);
  const { data, error } = useQuery({
    queryKey: queryKeys.apiTokens,
    queryFn: ({ signal }) => listApiTokens(signal),
  });
  return (
    <Section
      id="tokens"
      title="API tokens"
      text={
        <>
          For scripts and other programs. The API is described at{' '}
          <a href="/api/docs" className="text-accent underline underline-offset-3">
            /api/docs
          </a>
          .
        </>
      }
    >
      <FormError>{error !== null && data === undefined && sentenceOf(error)}</FormError>
      {data !== undefined && data.items.length > 0 && (
        <ul aria-label="API tokens" className="-mt-3 mb-4 divide-y divide-line">
          {data.items.map((token) => (
            <TokenItem key={token.id} token={token} />
          ))}
        </ul>
      )}
      <button type="button" className="button button-secondary" onClick={() => setCreating(true)}>
        <PlusIcon /> New API token
      </button>
      <Suspense>{creating && <TokenDialog onClose={() => setCreating(false)} />}</Suspense>
    </Section>
  );
}
