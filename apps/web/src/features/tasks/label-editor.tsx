'use client';

import { useId, useState, type KeyboardEvent } from 'react';
import { CloseIcon, TagIcon } from '../../components/icons';
import { useLabels } from '../../lib/hooks/use-tasks';

const MOST_LABELS = 20;

/** The labels of a task: Enter or a comma adds one, Backspace in the empty field takes the last off. */
export function LabelEditor({
  value,
  onValue,
}: {
  value: readonly string[];
  onValue: (value: string[]) => void;
}) {
  const { data: known = [] } = useLabels();
  const [name, setName] = useState('');
  const id = useId();

  const add = () => {
    const added = name.trim().replace(/^@/, '');
    const isThere = value.some((label) => label.toLowerCase() === added.toLowerCase());
    if (added !== '' && !isThere && value.length < MOST_LABELS) onValue([...value, added]);
    setName('');
  };

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if ((event.key === 'Enter' && !event.ctrlKey && !event.metaKey) || event.key === ',') {
      event.preventDefault();
      add();
    } else if (event.key === 'Backspace' && name === '' && value.length > 0) {
      onValue(value.slice(0, -1));
    }
  };

  return (
    <div>
      <label htmlFor={id} className="mb-1.5 block text-sm font-medium">
        Labels
      </label>
      <div className="control flex flex-wrap items-center gap-1.5 focus-within:border-accent">
        {value.map((label) => (
          <span
            key={label}
            className="chip rounded-full bg-violet-soft py-0.5 pr-0.5 pl-2 text-violet"
          >
            <TagIcon className="size-3.5" />
            <span className="truncate">{label}</span>
            <button
              type="button"
              className="flex size-6 items-center justify-center rounded-full hover:bg-surface"
              aria-label={`Remove label ${label}`}
              onClick={() => onValue(value.filter((other) => other !== label))}
            >
              <CloseIcon className="size-3" />
            </button>
          </span>
        ))}
        <input
          id={id}
          list={`${id}-known`}
          className="min-w-24 flex-1 bg-transparent text-[0.9375rem] outline-none"
          maxLength={50}
          placeholder={value.length === 0 ? 'Add a label' : ''}
          value={name}
          onChange={(event) => setName(event.target.value)}
          onKeyDown={onKeyDown}
          onBlur={add}
        />
        <datalist id={`${id}-known`}>
          {known.map((label) => (
            <option key={label.name} value={label.name} />
          ))}
        </datalist>
      </div>
    </div>
  );
}
