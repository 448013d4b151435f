'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { FormError } from '../../components/field';
import { Spinner } from '../../components/icons';
import { PasswordField } from '../../components/password-field';
import { toast } from '../../components/toaster';
import { changePassword } from '../../lib/api/auth';
import { ApiError, fieldError, sentenceOf } from '../../lib/api/problem';
import { useAction } from '../../lib/hooks/use-action';
import { queryKeys } from '../../lib/query-keys';
import { Section } from './section';

export function PasswordSection({ email }: { email: string }) {
  const client = useQueryClient();
  const [currentPassword, setCurrent] = useState('');
  const [newPassword, setNew] = useState('');
  const { busy, error, run } = useAction();

  const code = error instanceof ApiError ? error.code : null;
  const currentError = code === 'password_wrong' ? sentenceOf(error) : undefined;
  const newError =
    fieldError(error, 'newPassword') ??
    (code === 'password_compromised' ? sentenceOf(error) : undefined);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!(await run(() => changePassword({ currentPassword, newPassword })))) return;
    setCurrent('');
    setNew('');
    toast('Password changed. Other sessions have been signed out.');
    void client.invalidateQueries({ queryKey: queryKeys.sessions });
  };

  return (
    <Section id="password" title="Password" text="Changing it signs out all your other sessions.">
      <form className="max-w-md space-y-5" onSubmit={(event) => void submit(event)}>
        <FormError>{error !== null && !currentError && !newError && sentenceOf(error)}</FormError>
        {/* Tells password managers which account this is. */}
        <input type="hidden" autoComplete="username" value={email} readOnly />
        <PasswordField
          label="Current password"
          autoComplete="current-password"
          value={currentPassword}
          error={currentError}
          onValue={setCurrent}
        />
        <PasswordField
          label="New password"
          autoComplete="new-password"
          hint="8 to 128 characters."
          value={newPassword}
          error={newError}
          onValue={setNew}
        />
        <button type="submit" className="button button-primary" disabled={busy}>
          {busy && <Spinner />}
          Change password
        </button>
      </form>
    </Section>
  );
}
