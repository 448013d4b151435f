'use client';

import { useRef, type Ref } from 'react';
import type { Segment } from '../../lib/quick-add';
import { TOKEN_COLORS } from './quick-add-preview';

interface QuickAddInputProps {
  value: string;
  onValue: (value: string) => void;
  segments: readonly Segment[];
  label: string;
  placeholder: string;
  describedBy?: string;
  ref?: Ref<HTMLInputElement>;
}

/** The text and its mirror must break and space alike, or the marks would be off. */
const TEXT = 'px-3.5 py-3 text-base leading-6 whitespace-pre';

/**
 * A text input that tints the words it understands: a mirror of the text lies behind it, with the
 * same metrics and a coloured ground behind each token.
 */
export function QuickAddInput({
  value,
  onValue,
  segments,
  label,
  placeholder,
  describedBy,
  ref,
}: QuickAddInputProps) {
  const mirror = useRef<HTMLDivElement>(null);
  return (
    <div className="relative min-w-0 flex-1">
      <div
        ref={mirror}
        aria-hidden="true"
        className={`pointer-events-none absolute inset-0 overflow-hidden text-transparent select-none ${TEXT}`}
      >
        {segments.map(({ kind, text }, index) => (
          <span
            key={index}
            className={
              kind === 'text' ? undefined : `rounded-sm text-transparent! ${TOKEN_COLORS[kind]}`
            }
          >
            {text}
          </span>
        ))}
      </div>
      <input
        ref={ref}
        className={`relative block w-full bg-transparent outline-none ${TEXT}`}
        aria-label={label}
        aria-describedby={describedBy}
        placeholder={placeholder}
        autoComplete="off"
        enterKeyHint="done"
        maxLength={2000}
        value={value}
        onChange={(event) => onValue(event.target.value)}
        onScroll={(event) => {
          if (mirror.current) mirror.current.scrollLeft = event.currentTarget.scrollLeft;
        }}
      />
    </div>
  );
}
