'use client';

import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { usePathname, useRouter } from 'next/navigation';
import { useEffect, useState, type ReactNode } from 'react';
import { Announcer } from '../../components/announcer';
import { Toaster } from '../../components/toaster';
import { accessToken } from '../../lib/api/session';
import { sentenceOf } from '../../lib/api/problem';
import { useSession } from '../../lib/hooks/use-session';
import { signInPath } from '../../lib/return-path';
import { AppShell } from './app-shell';
import { ShellSkeleton } from './shell-skeleton';

function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      // The API client tries again by itself, and live updates say when to read again.
      queries: { retry: false, staleTime: 30_000 },
    },
  });
}

/** Finds out who is signed in, and shows the app to them alone. */
function SessionGate({ children }: { children: ReactNode }) {
  const session = useSession();
  const router = useRouter();
  const path = usePathname();
  const [error, setError] = useState<unknown>(null);
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    accessToken().catch(setError);
  }, [attempt]);

  useEffect(() => {
    if (session.status === 'signed-out') {
      router.replace(session.chosen ? '/login' : signInPath(path + location.search));
    }
  }, [session, router, path]);

  if (session.status === 'signed-in') {
    return (
      <AppShell key={session.user.id} user={session.user}>
        {children}
      </AppShell>
    );
  }
  if (error !== null) {
    return (
      <main className="mx-auto flex min-h-dvh max-w-md flex-col justify-center px-5 pb-20">
        <h1 className="text-2xl font-semibold">PrimeTrade cannot be reached</h1>
        <p role="alert" className="mt-2 text-muted">
          {sentenceOf(error)}
        </p>
        <button
          type="button"
          className="button button-primary mt-6 self-start"
          onClick={() => {
            setError(null);
            setAttempt(attempt + 1);
          }}
        >
          Try again
        </button>
      </main>
    );
  }
  return <ShellSkeleton />;
}

/** What every page of the app needs around it. */
export function AppProviders({ children }: { children: ReactNode }) {
  const session = useSession();
  // Nothing of one person may stay in memory for the next, who may have signed in elsewhere.
  return (
    <PersonalCache key={session.user?.id ?? session.status}>
      <SessionGate>{children}</SessionGate>
      <Announcer />
      <Toaster />
    </PersonalCache>
  );
}

function PersonalCache({ children }: { children: ReactNode }) {
  const [client] = useState(newQueryClient);
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}
