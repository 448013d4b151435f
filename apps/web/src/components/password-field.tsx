'use client';

import { useState, type ComponentProps } from 'react';
import { Field } from './field';

type PasswordFieldProps = Omit<ComponentProps<typeof Field>, 'children'> & {
  value: string;
  onValue: (value: string) => void;
  autoComplete: 'current-password' | 'new-password';
  autoFocus?: boolean;
};

/** A password that can be shown while it is typed. */
export function PasswordField({
  label,
  hint,
  error,
  value,
  onValue,
  autoComplete,
  autoFocus,
}: PasswordFieldProps) {
  const [visible, setVisible] = useState(false);
  return (
    <Field label={label} hint={hint} error={error}>
      {(attributes) => (
        <div className="relative">
          <input
            className="control pr-16"
            type={visible ? 'text' : 'password'}
            autoComplete={autoComplete}
            autoCapitalize="off"
            spellCheck={false}
            maxLength={128}
            required
            data-autofocus={autoFocus}
            value={value}
            onChange={(event) => onValue(event.target.value)}
            {...attributes}
          />
          <button
            type="button"
            className="button button-quiet button-small absolute inset-y-1 right-1"
            onClick={() => setVisible(!visible)}
          >
            {visible ? 'Hide' : 'Show'}
            <span className="sr-only"> what is typed</span>
          </button>
        </div>
      )}
    </Field>
  );
}
