import type { ReactNode, SVGProps } from 'react';

/** Line icons on a 20-unit grid, drawn for PrimeTrade. They are decoration: the text beside names them. */
function icon(name: string, content: ReactNode) {
  function Icon({ className = 'size-5', ...rest }: SVGProps<SVGSVGElement>) {
    return (
      <svg
        viewBox="0 0 20 20"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.6"
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden="true"
        focusable="false"
        className={`shrink-0 ${className}`}
        {...rest}
      >
        {content}
      </svg>
    );
  }
  Icon.displayName = `${name}Icon`;
  return Icon;
}

export const CheckIcon = icon('Check', <path d="m4.5 10.5 3.6 3.6 7.4-8" />);
export const PlusIcon = icon('Plus', <path d="M10 4v12M4 10h12" />);
export const CloseIcon = icon('Close', <path d="m5 5 10 10M15 5 5 15" />);
export const TrashIcon = icon(
  'Trash',
  <path d="M3.5 5.5h13M8 5.5V3.8h4v1.7M5.2 5.5l.7 10.7h8.2l.7-10.7M8.4 8.6v4.8M11.6 8.6v4.8" />,
);
export const SearchIcon = icon(
  'Search',
  <>
    <circle cx="8.8" cy="8.8" r="5" />
    <path d="m12.6 12.6 4 4" />
  </>,
);
export const CalendarIcon = icon(
  'Calendar',
  <>
    <rect x="3.2" y="4.4" width="13.6" height="12.2" rx="2" />
    <path d="M3.2 8.2h13.6M7 2.8v3M13 2.8v3" />
  </>,
);
export const FlagIcon = icon('Flag', <path d="M5 17.2V3.4c4-2 6 2 10.4.2v7.6C11 13 9 9 5 11" />);
export const TagIcon = icon(
  'Tag',
  <>
    <path d="M3.4 9.4V3.9c0-.3.2-.5.5-.5h5.5l7.2 7.2-6 6z" />
    <circle cx="7" cy="7" r=".6" fill="currentColor" />
  </>,
);
export const FolderIcon = icon(
  'Folder',
  <path d="M3 15.2V5.4c0-.5.4-.9.9-.9h3.8l1.8 2h6.6c.5 0 .9.4.9.9v7.8c0 .5-.4.9-.9.9H3.9a.9.9 0 0 1-.9-.9z" />,
);
export const InboxIcon = icon(
  'Inbox',
  <path d="M3 11.4 5 4.3h10l2 7.1v4.3H3zM3 11.4h4l1 1.9h4l1-1.9h4" />,
);
export const SunIcon = icon(
  'Sun',
  <>
    <circle cx="10" cy="10" r="3.2" />
    <path d="M10 2.4v1.8M10 15.8v1.8M2.4 10h1.8M15.8 10h1.8M4.6 4.6l1.3 1.3M14.1 14.1l1.3 1.3M15.4 4.6l-1.3 1.3M5.9 14.1l-1.3 1.3" />
  </>,
);
export const UpcomingIcon = icon(
  'Upcoming',
  <>
    <circle cx="10" cy="10" r="6.8" />
    <path d="M10 6v4l2.8 1.8" />
  </>,
);
export const DoneIcon = icon(
  'Done',
  <>
    <circle cx="10" cy="10" r="6.8" />
    <path d="m7 10.2 2.2 2.2 4-4.6" />
  </>,
);
export const ListIcon = icon(
  'List',
  <path d="M7 5.2h9.5M7 10h9.5M7 14.8h9.5M3.5 5.2h.01M3.5 10h.01M3.5 14.8h.01" />,
);
export const MenuIcon = icon('Menu', <path d="M3.5 6h13M3.5 10h13M3.5 14h13" />);
export const SignOutIcon = icon(
  'SignOut',
  <path d="M8 3.8H4.2v12.4H8M12.6 6.6 16 10l-3.4 3.4M16 10H8" />,
);
export const TransferIcon = icon('Transfer', <path d="M6 15.5V4.5L3 7.6M14 4.5v11l3-3.1" />);
export const DownloadIcon = icon(
  'Download',
  <path d="M10 3.4v9M6.4 9 10 12.6 13.6 9M3.6 16.4h12.8" />,
);
export const UploadIcon = icon(
  'Upload',
  <path d="M10 12.6v-9M6.4 7 10 3.4 13.6 7M3.6 16.4h12.8" />,
);
export const UndoIcon = icon(
  'Undo',
  <path d="M7.4 4 4 7.4l3.4 3.4M4.4 7.4h7.2a4.3 4.3 0 0 1 0 8.6H7" />,
);
export const FilterIcon = icon('Filter', <path d="M3.5 5.5h13M6 10h8M8.4 14.5h3.2" />);
export const KeyboardIcon = icon(
  'Keyboard',
  <>
    <rect x="2.6" y="5" width="14.8" height="10" rx="2" />
    <path d="M5.8 8.2h.01M8.6 8.2h.01M11.4 8.2h.01M14.2 8.2h.01M7 11.8h6" />
  </>,
);
export const SubtaskIcon = icon(
  'Subtask',
  <path d="M5 4v6.4c0 1 .6 1.6 1.6 1.6H15M12 8.8l3.2 3.2-3.2 3.2" />,
);
export const AlertIcon = icon(
  'Alert',
  <>
    <path d="M10 3.4 17.4 16H2.6z" />
    <path d="M10 8.2v3.4M10 13.8h.01" />
  </>,
);
export const ArrowIcon = icon('Arrow', <path d="M3.8 10h12M11.4 5.6 15.8 10l-4.4 4.4" />);
export const CopyIcon = icon(
  'Copy',
  <>
    <rect x="6.8" y="6.8" width="9.6" height="9.6" rx="1.8" />
    <path d="M13.2 6.6V4.4c0-.5-.4-.9-.9-.9H4.4c-.5 0-.9.4-.9.9v7.9c0 .5.4.9.9.9h2.2" />
  </>,
);

/** The mark: a tick that carries a prime (′). */
export function Mark({ className = 'size-7' }: { className?: string }) {
  return (
    <svg
      viewBox="0 0 28 28"
      aria-hidden="true"
      focusable="false"
      className={`shrink-0 ${className}`}
    >
      <rect width="28" height="28" rx="8" fill="var(--accent)" />
      <path
        d="m6.8 14.6 4.7 4.9 7-9.3"
        fill="none"
        stroke="var(--on-accent)"
        strokeWidth="2.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <path
        d="m22.6 5.6-1.1 4.2"
        stroke="var(--on-accent)"
        strokeWidth="2.2"
        strokeLinecap="round"
      />
    </svg>
  );
}

/** A turning ring for work in progress; give the words beside it. */
export function Spinner({ className = 'size-4' }: { className?: string }) {
  return (
    <svg
      viewBox="0 0 20 20"
      aria-hidden="true"
      focusable="false"
      className={`shrink-0 animate-[spin_0.8s_linear_infinite] ${className}`}
    >
      <circle
        cx="10"
        cy="10"
        r="7.5"
        fill="none"
        stroke="currentColor"
        strokeOpacity="0.25"
        strokeWidth="2.5"
      />
      <path
        d="M10 2.5a7.5 7.5 0 0 1 7.5 7.5"
        fill="none"
        stroke="currentColor"
        strokeWidth="2.5"
        strokeLinecap="round"
      />
    </svg>
  );
}
