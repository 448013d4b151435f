'use client';

import { useEffect, useState, useSyncExternalStore } from 'react';
import { AlertIcon, CloseIcon } from './icons';

export interface Toast {
  id: number;
  text: string;
  tone: 'plain' | 'error';
  action?: { label: string; run: () => void };
}

/** Long enough to read and to reach the undo button; pointing at or focusing it stops the clock. */
const SHOWN_MS = 8_000;
const MOST_AT_ONCE = 3;

let toasts: readonly Toast[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

function publish(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

/** Shows a short message at the edge of the page, with an action such as undo where there is one. */
export function toast(
  text: string,
  options: { tone?: Toast['tone']; action?: Toast['action'] } = {},
): void {
  lastId += 1;
  const added: Toast = { id: lastId, text, tone: options.tone ?? 'plain', action: options.action };
  publish([...toasts, added].slice(-MOST_AT_ONCE));
}

function dismiss(id: number): void {
  publish(toasts.filter((other) => other.id !== id));
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const NONE: readonly Toast[] = [];

function ToastCard({ item }: { item: Toast }) {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return undefined;
    const timer = setTimeout(() => dismiss(item.id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [held, item.id]);
  return (
    <li
      className="pointer-events-auto flex w-full max-w-md animate-[rise_180ms_var(--ease-out)] items-center gap-2 rounded-lg border border-line bg-surface py-1.5 pr-1.5 pl-4 shadow-float"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      {item.tone === 'error' && <AlertIcon className="size-4.5 text-danger" />}
      <span className="min-w-0 flex-1 py-1.5 text-sm wrap-anywhere line-clamp-3">{item.text}</span>
      {item.action && (
        <button
          type="button"
          className="button button-quiet button-small font-semibold text-accent"
          onClick={() => {
            item.action?.run();
            dismiss(item.id);
          }}
        >
          {item.action.label}
        </button>
      )}
      <button
        type="button"
        className="button button-quiet button-icon min-h-8 w-8"
        aria-label="Dismiss message"
        onClick={() => dismiss(item.id)}
      >
        <CloseIcon className="size-4" />
      </button>
    </li>
  );
}

/** Where messages appear; one a page. It is a live region, so screen readers say them. */
export function Toaster() {
  const shown = useSyncExternalStore(
    subscribe,
    () => toasts,
    () => NONE,
  );
  return (
    <div
      role="status"
      aria-label="Messages"
      className="pointer-events-none fixed inset-x-0 bottom-0 z-50 p-4 pb-[max(1rem,env(safe-area-inset-bottom))]"
    >
      <ul className="flex flex-col items-center gap-2">
        {shown.map((item) => (
          <ToastCard key={item.id} item={item} />
        ))}
      </ul>
    </div>
  );
}
