import type { Project } from '@primetrade/contracts';
import type { ReactNode } from 'react';
import { CalendarIcon, CloseIcon, FlagIcon, FolderIcon, TagIcon } from '../../components/icons';
import { describeDue } from '../../lib/due';
import { findProject } from '../../lib/project-names';
import type { QuickAdd, TokenKind } from '../../lib/quick-add';
import { PRIORITY_NAMES } from '../../lib/task-filters';

/** Colours of what the add box understands, the same in the box and below it. */
export const TOKEN_COLORS: Record<TokenKind, string> = {
  date: 'bg-accent-soft text-accent',
  time: 'bg-accent-soft text-accent',
  priority: 'bg-high-soft text-high',
  project: 'bg-info-soft text-info',
  label: 'bg-violet-soft text-violet',
};

function Understood(props: {
  kind: TokenKind;
  icon: ReactNode;
  children: ReactNode;
  /** As written; left out where it was not written but follows from the list. */
  written?: string;
  onReject?: (written: string) => void;
}) {
  const { written, onReject } = props;
  return (
    <li
      className={`chip min-h-7 rounded-full py-0.5 pl-2.5 ${TOKEN_COLORS[props.kind]} ${written && onReject ? 'pr-0.5' : 'pr-2.5'}`}
    >
      {props.icon}
      <span className="truncate">{props.children}</span>
      {written && onReject && (
        <button
          type="button"
          className="flex size-6 items-center justify-center rounded-full hover:bg-surface"
          aria-label={`Keep “${written}” as text`}
          title={`Keep “${written}” as text`}
          onClick={() => onReject(written)}
        >
          <CloseIcon className="size-3" />
        </button>
      )}
    </li>
  );
}

/** What a line in the add box was understood to mean, each part with a way to say "no, just text". */
export function QuickAddPreview(props: {
  parsed: QuickAdd;
  projects: readonly Project[];
  now: number;
  timeZone: string;
  onReject?: (written: string) => void;
}) {
  const { parsed, projects, now, timeZone, onReject } = props;
  const written = (...kinds: TokenKind[]) =>
    parsed.segments.find(({ kind }) => kinds.some((wanted) => wanted === kind))?.text;
  const known = parsed.project === null ? undefined : findProject(parsed.project, projects);
  return (
    <ul className="flex flex-wrap gap-1.5" aria-label="Understood">
      {parsed.dueAt !== null && (
        <Understood
          kind="date"
          icon={<CalendarIcon className="size-4" />}
          written={written('date', 'time')}
          onReject={onReject}
        >
          {describeDue(parsed.dueAt, now, timeZone).text}
        </Understood>
      )}
      {parsed.priority !== 'none' && (
        <Understood
          kind="priority"
          icon={<FlagIcon className="size-4" />}
          written={written('priority')}
          onReject={onReject}
        >
          {PRIORITY_NAMES[parsed.priority]}
        </Understood>
      )}
      {parsed.project !== null && (
        <Understood
          kind="project"
          icon={<FolderIcon className="size-4" />}
          written={written('project')}
          onReject={onReject}
        >
          {known?.name ?? `New project: ${parsed.project}`}
        </Understood>
      )}
      {parsed.segments
        .filter(({ kind }) => kind === 'label')
        .map(({ text }, index) => (
          <Understood
            key={`${index}-${text}`}
            kind="label"
            icon={<TagIcon className="size-4" />}
            written={text}
            onReject={onReject}
          >
            {text.replace(/^@|[.,;:!?]+$/g, '')}
          </Understood>
        ))}
    </ul>
  );
}
