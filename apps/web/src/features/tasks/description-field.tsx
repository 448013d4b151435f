'use client';

import { lazy, Suspense, useId, useState } from 'react';

const Markdown = lazy(() => import('./markdown'));

/** A description: read as formatted text, written as Markdown. */
export function DescriptionField({
  value,
  onValue,
}: {
  value: string;
  onValue: (value: string) => void;
}) {
  const [writing, setWriting] = useState(value === '');
  const id = useId();
  const isShown = !writing && value !== '';
  return (
    <div>
      <div className="mb-1.5 flex items-center justify-between">
        {isShown ? (
          <h3 className="text-sm font-medium tracking-normal">Description</h3>
        ) : (
          <label htmlFor={id} className="text-sm font-medium">
            Description
          </label>
        )}
        {value !== '' && (
          <button
            type="button"
            className="button button-quiet button-small -my-1"
            onClick={() => setWriting(!writing)}
          >
            {isShown ? 'Edit description' : 'Preview'}
          </button>
        )}
      </div>
      {isShown ? (
        <Suspense fallback={<p className="whitespace-pre-wrap">{value}</p>}>
          <Markdown text={value} />
        </Suspense>
      ) : (
        <textarea
          id={id}
          className="control field-sizing-content min-h-28 leading-6"
          maxLength={16_383}
          placeholder="Notes, links, a checklist. Markdown works."
          value={value}
          onChange={(event) => {
            setWriting(true);
            onValue(event.target.value);
          }}
        />
      )}
    </div>
  );
}
