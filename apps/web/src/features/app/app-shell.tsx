'use client';

import type { User } from '@primetrade/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { usePathname } from 'next/navigation';
import { Suspense, useEffect, useState, type ReactNode } from 'react';
import { MenuIcon } from '../../components/icons';
import { Wordmark } from '../../components/wordmark';
import { sendEntry } from '../../lib/add-task';
import { onSessionChange, sessionState } from '../../lib/api/session';
import { useProfile } from '../../lib/hooks/use-profile';
import { clearOutbox, openOutbox, outboxEntries } from '../../lib/outbox';
import { applyTheme } from '../../lib/theme';
import { Sidebar } from './sidebar';
import { useLiveUpdates } from './use-live-updates';

/** Sends what an earlier page could not, now and whenever the network comes back. */
function useOutboxDelivery(userId: string): void {
  const client = useQueryClient();
  useEffect(() => {
    for (const entry of openOutbox(userId)) void sendEntry(client, entry);
    const retry = () => {
      for (const entry of outboxEntries()) {
        if (entry.failure !== null && entry.mayRetry) void sendEntry(client, entry);
      }
    };
    addEventListener('online', retry);
    const stopListening = onSessionChange(() => {
      if (sessionState().status === 'signed-out') clearOutbox();
    });
    return () => {
      removeEventListener('online', retry);
      stopListening();
    };
  }, [client, userId]);
}

/** The frame of the app: navigation at the left, on a phone behind a button. */
export function AppShell({ user, children }: { user: User; children: ReactNode }) {
  const path = usePathname();
  // The menu stays on the page where it was opened: going anywhere closes it.
  const [menuPath, setMenuPath] = useState<string | null>(null);
  const menuOpen = menuPath === path;
  const { data: profile } = useProfile();
  const live = useLiveUpdates(user.id);
  useOutboxDelivery(user.id);

  useEffect(() => {
    if (profile !== undefined) applyTheme(profile.theme);
  }, [profile]);

  useEffect(() => {
    if (!menuOpen) return undefined;
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') setMenuPath(null);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [menuOpen]);

  return (
    <div className="lg:flex">
      <a
        href="#content"
        className="button button-primary fixed top-2 left-2 z-50 -translate-y-20 focus:translate-y-0"
      >
        Skip to content
      </a>
      <header className="sticky top-0 z-30 flex items-center justify-between border-b border-line bg-paper px-3 py-2 lg:hidden">
        <Wordmark href="/tasks" />
        <button
          type="button"
          className="button button-quiet button-icon"
          aria-label="Menu"
          aria-expanded={menuOpen}
          aria-controls="navigation"
          onClick={() => setMenuPath(menuOpen ? null : path)}
        >
          <MenuIcon />
        </button>
      </header>
      <Suspense>
        <Sidebar
          user={user}
          profile={profile}
          live={live}
          open={menuOpen}
          onNavigate={() => setMenuPath(null)}
        />
      </Suspense>
      <main id="content" tabIndex={-1} className="min-w-0 flex-1 outline-none">
        {children}
      </main>
    </div>
  );
}
