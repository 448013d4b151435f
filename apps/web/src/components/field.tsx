import { useId, type ComponentProps, type ReactNode } from 'react';
import { AlertIcon } from './icons';

interface FieldProps {
  label: string;
  hint?: ReactNode;
  error?: string;
  /** Gets the attributes that tie a control to its label, hint and error. */
  children: (attributes: {
    id: string;
    'aria-describedby'?: string;
    'aria-invalid'?: true;
  }) => ReactNode;
}

/** A control with its label, and the hint and error that describe it. */
export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div>
      <label htmlFor={id} className="mb-1.5 block text-sm font-medium">
        {label}
      </label>
      {children({
        id,
        'aria-describedby': described === '' ? undefined : described,
        'aria-invalid': error ? true : undefined,
      })}
      {hint && (
        <p id={`${id}-hint`} className="mt-1.5 text-[0.8125rem] text-faint">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className="mt-1.5 flex gap-1.5 text-[0.8125rem] text-danger">
          <AlertIcon className="mt-0.5 size-3.5" />
          {error}
        </p>
      )}
    </div>
  );
}

type TextFieldProps = Omit<FieldProps, 'children'> & ComponentProps<'input'>;

/** A labelled one-line input. */
export function TextField({ label, hint, error, className, ...input }: TextFieldProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(attributes) => (
        <input className={`control ${className ?? ''}`} {...input} {...attributes} />
      )}
    </Field>
  );
}

/** What went wrong with a form as a whole; screen readers say it when it appears. */
export function FormError({ children }: { children: ReactNode }) {
  return (
    <div role="alert" className="empty:mb-0!">
      {children && (
        <p className="flex gap-2 rounded-md bg-danger-soft px-3 py-2.5 text-sm text-danger">
          <AlertIcon className="mt-0.5 size-4" />
          <span>{children}</span>
        </p>
      )}
    </div>
  );
}
