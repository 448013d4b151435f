'use client';

import { useState, type FormEvent } from 'react';
import { Dialog } from '../../components/dialog';
import { FormError } from '../../components/field';
import { Spinner } from '../../components/icons';
import { PasswordField } from '../../components/password-field';
import { ApiError, sentenceOf } from '../../lib/api/problem';
import { useAction } from '../../lib/hooks/use-action';

interface PasswordDialogProps {
  title: string;
  text: string;
  button: string;
  tone: 'primary' | 'danger';
  onClose: () => void;
  /** Gets the password; what it throws is shown. */
  onPassword: (password: string) => Promise<void>;
}

/** Asks for the password once more before something that matters. */
export function PasswordDialog(props: PasswordDialogProps) {
  const [password, setPassword] = useState('');
  const { busy, error, run } = useAction();
  const isWrong = error instanceof ApiError && error.code === 'password_wrong';

  const submit = (event: FormEvent) => {
    event.preventDefault();
    void run(() => props.onPassword(password));
  };

  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <form className="space-y-5" onSubmit={submit}>
        <p className="text-muted">{props.text}</p>
        <FormError>{error !== null && !isWrong && sentenceOf(error)}</FormError>
        <PasswordField
          label="Password"
          autoComplete="current-password"
          autoFocus
          value={password}
          error={isWrong ? sentenceOf(error) : undefined}
          onValue={setPassword}
        />
        <div className="flex justify-end gap-2">
          <button type="button" className="button button-secondary" onClick={props.onClose}>
            Cancel
          </button>
          <button
            type="submit"
            className={`button ${props.tone === 'danger' ? 'button-danger' : 'button-primary'}`}
            disabled={busy}
          >
            {busy && <Spinner />}
            {props.button}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
