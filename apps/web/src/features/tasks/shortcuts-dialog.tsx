'use client';

import { useState } from 'react';
import { Dialog } from '../../components/dialog';
import { enableShortcuts, shortcutsEnabled } from './use-shortcuts';

const KEYS: readonly (readonly [keys: string[], meaning: string])[] = [
  [['n'], 'Write a new task'],
  [['/'], 'Search'],
  [['↓', 'j'], 'Next task'],
  [['↑', 'k'], 'Previous task'],
  [['Enter'], 'Open the task'],
  [['x'], 'Complete or reopen the task'],
  [['Delete'], 'Delete the task'],
  [['Ctrl', 'Enter'], 'Save the open task'],
  [['?'], 'Show these keys'],
];

/** Which keys do what, and the switch for single letters. */
export default function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const [enabled, setEnabled] = useState(shortcutsEnabled);
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
      <dl className="divide-y divide-line">
        {KEYS.map(([keys, meaning]) => (
          <div key={meaning} className="flex items-center justify-between gap-4 py-2">
            <dt>{meaning}</dt>
            <dd className="flex gap-1">
              {keys.map((key) => (
                <kbd key={key} className="key">
                  {key}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
      <label className="mt-4 flex items-center gap-2.5 text-sm">
        <input
          type="checkbox"
          className="size-4 accent-accent"
          checked={enabled}
          onChange={(event) => {
            setEnabled(event.target.checked);
            enableShortcuts(event.target.checked);
          }}
        />
        The keys n, / and ? work anywhere on the page
      </label>
    </Dialog>
  );
}
