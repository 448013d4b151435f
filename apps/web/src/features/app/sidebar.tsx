'use client';

import type { Profile, User } from '@primetrade/contracts';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { lazy, Suspense, useEffect, useRef, useState, type ReactNode } from 'react';
import {
  CloseIcon,
  DoneIcon,
  InboxIcon,
  ListIcon,
  PlusIcon,
  SignOutIcon,
  SunIcon,
  TagIcon,
  TransferIcon,
  TrashIcon,
  UpcomingIcon,
} from '../../components/icons';
import { ColorDot } from '../../components/color-dot';
import { toast } from '../../components/toaster';
import { Wordmark } from '../../components/wordmark';
import { logout } from '../../lib/api/auth';
import { sentenceOf } from '../../lib/api/problem';
import { useFilters } from '../../lib/hooks/use-filters';
import { useLabels, useProjects, useTaskStats } from '../../lib/hooks/use-tasks';
import type { LiveStatus } from '../../lib/live';
import { NO_FILTERS, pathOf, type TaskFilters } from '../../lib/task-filters';
import { Avatar } from './avatar';

const ProjectDialog = lazy(() => import('../tasks/project-dialog'));
const TransferDialog = lazy(() => import('../tasks/transfer-dialog'));

interface SidebarProps {
  user: User;
  profile: Profile | undefined;
  live: LiveStatus;
  /** On a phone: whether it is shown. */
  open: boolean;
  onNavigate: () => void;
}

/** The views that the app offers, each a set of filters. */
const VIEWS: { name: string; icon: typeof InboxIcon; filters: Partial<TaskFilters> }[] = [
  { name: 'Open', icon: InboxIcon, filters: {} },
  { name: 'Today', icon: SunIcon, filters: { due: 'today', sort: 'dueAt' } },
  { name: 'Next 7 days', icon: UpcomingIcon, filters: { due: 'week', sort: 'dueAt' } },
  { name: 'Done', icon: DoneIcon, filters: { status: 'done', sort: '-updatedAt' } },
  { name: 'All tasks', icon: ListIcon, filters: { status: 'all' } },
  { name: 'Trash', icon: TrashIcon, filters: { trash: true } },
];

function NavItem(props: {
  href: string;
  current: boolean;
  icon: ReactNode;
  count?: number;
  children: ReactNode;
  onNavigate: () => void;
}) {
  return (
    <li>
      <Link
        href={props.href}
        prefetch={false}
        aria-current={props.current ? 'page' : undefined}
        onClick={props.onNavigate}
        className="flex min-h-9 items-center gap-2.5 rounded-md px-2.5 py-1.5 text-sm text-muted hover:bg-sunken hover:text-ink aria-[current=page]:bg-accent-soft aria-[current=page]:font-medium aria-[current=page]:text-ink"
      >
        {props.icon}
        <span className="min-w-0 flex-1 truncate">{props.children}</span>
        {props.count !== undefined && props.count > 0 && (
          <span className="text-xs text-faint tabular-nums">{props.count}</span>
        )}
      </Link>
    </li>
  );
}

async function signOut() {
  try {
    await logout();
  } catch (error) {
    toast(`You are still signed in. ${sentenceOf(error)}`, { tone: 'error' });
  }
}

export function Sidebar({ user, profile, live, open, onNavigate }: SidebarProps) {
  const path = usePathname();
  const { filters } = useFilters();
  const projects = useProjects();
  const labels = useLabels();
  const stats = useTaskStats();
  const [dialog, setDialog] = useState<'project' | 'transfer' | null>(null);
  const closeButton = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (open) closeButton.current?.focus();
  }, [open]);
  const onTasks = path === '/tasks';
  // Searching or sorting a view does not leave it.
  const here = pathOf({ ...filters, q: '', sort: NO_FILTERS.sort });

  const counts: Record<string, number | undefined> = {
    Open: stats.data && (stats.data.byStatus.todo ?? 0) + (stats.data.byStatus.in_progress ?? 0),
  };
  const activeProjects = projects.data?.filter(({ archivedAt }) => archivedAt === null) ?? [];

  return (
    <>
      {open && (
        <button
          type="button"
          tabIndex={-1}
          aria-hidden="true"
          className="fixed inset-0 z-30 animate-[fade_160ms] bg-[rgb(8_14_11/0.45)] lg:hidden"
          onClick={onNavigate}
        />
      )}
      <aside
        id="navigation"
        aria-label="Sidebar"
        className={`${open ? 'flex animate-[slide-in_180ms_var(--ease-out)]' : 'hidden'} fixed inset-y-0 right-0 z-40 w-72 flex-col border-l border-line bg-paper shadow-float lg:sticky lg:top-0 lg:flex lg:h-dvh lg:w-64 lg:shrink-0 lg:animate-none lg:border-r lg:border-l-0 lg:shadow-none`}
      >
        <div className="hidden px-4 pt-4 pb-2 lg:block">
          <Wordmark href="/tasks" />
        </div>
        <div className="flex justify-end px-3 pt-2 lg:hidden">
          <button
            type="button"
            className="button button-quiet button-icon"
            aria-label="Close menu"
            ref={closeButton}
            onClick={onNavigate}
          >
            <CloseIcon />
          </button>
        </div>
        <div className="min-h-0 flex-1 overflow-y-auto px-2.5 pb-3 lg:pt-3">
          <nav aria-label="Views">
            <ul className="space-y-0.5">
              {VIEWS.map(({ name, icon: Icon, filters: view }) => (
                <NavItem
                  key={name}
                  href={pathOf(view)}
                  current={onTasks && here === pathOf({ ...view, sort: NO_FILTERS.sort })}
                  icon={<Icon />}
                  count={counts[name]}
                  onNavigate={onNavigate}
                >
                  {name}
                </NavItem>
              ))}
            </ul>
          </nav>

          <nav aria-label="Projects" className="mt-6">
            <div className="flex items-center justify-between pl-2.5">
              <h2 className="text-xs font-semibold text-faint">Projects</h2>
              <button
                type="button"
                className="button button-quiet button-icon min-h-8 w-8"
                aria-label="New project"
                onClick={() => setDialog('project')}
              >
                <PlusIcon className="size-4" />
              </button>
            </div>
            <ul className="space-y-0.5">
              {activeProjects.map((project) => (
                <NavItem
                  key={project.id}
                  href={pathOf({ project: project.id })}
                  current={onTasks && filters.project === project.id}
                  icon={<ColorDot color={project.color} />}
                  onNavigate={onNavigate}
                >
                  {project.name}
                </NavItem>
              ))}
            </ul>
            {projects.isSuccess && activeProjects.length === 0 && (
              <p className="px-2.5 py-1 text-[0.8125rem] text-faint">
                Write #name in a task to start one.
              </p>
            )}
          </nav>

          {labels.data !== undefined && labels.data.length > 0 && (
            <nav aria-label="Labels" className="mt-6">
              <h2 className="px-2.5 pb-1.5 text-xs font-semibold text-faint">Labels</h2>
              <ul className="space-y-0.5">
                {labels.data.map((label) => (
                  <NavItem
                    key={label.name}
                    href={pathOf({ label: label.name })}
                    current={onTasks && filters.label === label.name}
                    icon={<TagIcon className="size-4.5" />}
                    onNavigate={onNavigate}
                  >
                    {label.name}
                  </NavItem>
                ))}
              </ul>
            </nav>
          )}
        </div>

        <div className="border-t border-line p-2.5">
          <p role="status" className="text-xs text-faint">
            {live === 'waiting' && (
              <span className="block px-2.5 pb-2">Connection lost. Reconnecting…</span>
            )}
          </p>
          <button
            type="button"
            className="flex min-h-9 w-full items-center gap-2.5 rounded-md px-2.5 py-1.5 text-left text-sm text-muted hover:bg-sunken hover:text-ink"
            onClick={() => setDialog('transfer')}
          >
            <TransferIcon />
            Import and export
          </button>
          <div className="mt-1 flex items-center gap-1">
            <Link
              href="/profile"
              aria-current={path === '/profile' ? 'page' : undefined}
              onClick={onNavigate}
              className="flex min-h-10 min-w-0 flex-1 items-center gap-2.5 rounded-md px-2.5 py-1.5 text-sm hover:bg-sunken aria-[current=page]:bg-sunken"
            >
              <Avatar name={profile?.name ?? user.name} url={profile?.avatarUrl ?? null} />
              <span className="sr-only">Profile of </span>
              <span className="truncate font-medium">{profile?.name ?? user.name}</span>
            </Link>
            <button
              type="button"
              className="button button-quiet button-icon"
              aria-label="Sign out"
              title="Sign out"
              onClick={() => void signOut()}
            >
              <SignOutIcon />
            </button>
          </div>
        </div>
      </aside>
      <Suspense>
        {dialog === 'project' && <ProjectDialog onClose={() => setDialog(null)} />}
        {dialog === 'transfer' && <TransferDialog onClose={() => setDialog(null)} />}
      </Suspense>
    </>
  );
}
