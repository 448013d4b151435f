'use client';

import { useEffect, useRef } from 'react';

const OFF_KEY = 'primetrade.shortcuts-off';

/** Whether single letters act. People who dictate need to switch them off. */
export function shortcutsEnabled(): boolean {
  try {
    return localStorage.getItem(OFF_KEY) === null;
  } catch {
    return true;
  }
}

export function enableShortcuts(enabled: boolean): void {
  try {
    if (enabled) localStorage.removeItem(OFF_KEY);
    else localStorage.setItem(OFF_KEY, '1');
  } catch {
    // Without storage they stay on.
  }
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.matches('input:not([type=checkbox]), textarea, select') || target.isContentEditable)
  );
}

/** n: to the add box. /: to the search. ?: what the keys are. */
export function useShortcuts(showHelp: () => void): void {
  const help = useRef(showHelp);
  useEffect(() => {
    help.current = showHelp;
  });
  useEffect(() => {
    const focus = (selector: string) => document.querySelector<HTMLElement>(selector)?.focus();
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (document.querySelector('dialog[open]') !== null || !shortcutsEnabled()) return;
      if (event.key === 'n') focus('[aria-label="Add a task"]');
      else if (event.key === '/') focus('#search-tasks');
      else if (event.key === '?') help.current();
      else return;
      event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}
