'use client';

import type { Session } from '@primetrade/contracts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { FormError } from '../../components/field';
import { announce } from '../../components/announcer';
import { listSessions, revokeSession } from '../../lib/api/auth';
import { sentenceOf } from '../../lib/api/problem';
import { useAction } from '../../lib/hooks/use-action';
import { useCalendar } from '../../lib/hooks/use-profile';
import { queryKeys } from '../../lib/query-keys';
import { describeUserAgent } from '../../lib/user-agent';
import { Section } from './section';

function SessionItem({ session, timeZone }: { session: Session; timeZone: string }) {
  const client = useQueryClient();
  const { busy, error, run } = useAction();
  const device = describeUserAgent(session.userAgent);
  const revoke = async () => {
    const done = await run(async () => {
      await revokeSession(session.id);
      await client.invalidateQueries({ queryKey: queryKeys.sessions });
    });
    if (done) announce('Session signed out');
  };
  const lastUsed = new Date(session.lastUsedAt).toLocaleString(undefined, {
    timeZone,
    dateStyle: 'medium',
    timeStyle: 'short',
  });
  return (
    <li className="py-3">
      <div className="flex items-center gap-4">
        <div className="min-w-0 flex-1">
          <p className="flex flex-wrap items-center gap-x-2 font-medium">
            {device}
            {session.current && (
              <span className="rounded-full bg-accent-soft px-2 text-xs leading-5 text-accent">
                This session
              </span>
            )}
          </p>
          <p className="text-sm text-faint">
            {session.ip !== null && `${session.ip} · `}last used {lastUsed}
          </p>
        </div>
        {!session.current && (
          <button
            type="button"
            className="button button-secondary button-small"
            aria-label={`Sign out ${device}`}
            disabled={busy}
            onClick={() => void revoke()}
          >
            Sign out
          </button>
        )}
      </div>
      <FormError>{error !== null && sentenceOf(error)}</FormError>
    </li>
  );
}

/** Where this account is signed in. */
export function SessionsSection() {
  const { timeZone } = useCalendar();
  const { data, error } = useQuery({
    queryKey: queryKeys.sessions,
    queryFn: ({ signal }) => listSessions(signal),
  });
  return (
    <Section id="sessions" title="Sessions" text="Browsers that are signed in to your account.">
      <FormError>{error !== null && data === undefined && sentenceOf(error)}</FormError>
      {data !== undefined && (
        <ul aria-label="Sessions" className="-mt-3 divide-y divide-line">
          {data.items.map((session) => (
            <SessionItem key={session.id} session={session} timeZone={timeZone} />
          ))}
        </ul>
      )}
    </Section>
  );
}
