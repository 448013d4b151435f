'use client';

import Link from 'next/link';
import { useRef, useState, type FormEvent } from 'react';
import { FormError, TextField } from '../../components/field';
import { Spinner } from '../../components/icons';
import { PasswordField } from '../../components/password-field';
import { register } from '../../lib/api/auth';
import { fieldError, sentenceOf } from '../../lib/api/problem';
import { updateProfile } from '../../lib/api/profile';
import { useEnterApp } from './use-enter-app';

/** A new account counts its days where its owner is, as far as the browser knows. */
async function adoptTimeZone(): Promise<void> {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  await updateProfile({ timeZone });
}

/** Sign-up: one step, and one is in. */
export function RegisterForm() {
  const [form, setForm] = useState({ name: '', email: '', password: '' });
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  // One key for one form's content: sending the same again after a lost answer is the same request.
  const attempt = useRef({ content: '', key: '' });
  useEnterApp();

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    const content = JSON.stringify(form);
    if (attempt.current.content !== content) {
      attempt.current = { content, key: crypto.randomUUID() };
    }
    try {
      await register(form, attempt.current.key);
    } catch (failure) {
      setError(failure);
      setBusy(false);
      return;
    }
    // The account works without it, and the profile page offers it again.
    await adoptTimeZone().catch(() => undefined);
  };

  const change = (part: Partial<typeof form>) => setForm({ ...form, ...part });
  const errorFor = (path: string) => fieldError(error, path);
  const isAboutField = ['name', 'email', 'password'].some((path) => errorFor(path) !== undefined);

  return (
    <>
      <h1 className="text-[1.75rem] leading-tight font-semibold">Create an account</h1>
      <p className="mt-2 text-muted">
        Already have one?{' '}
        <Link href="/login" className="font-medium text-accent underline underline-offset-3">
          Sign in
        </Link>
      </p>
      <form method="post" className="mt-8 space-y-5" onSubmit={submit}>
        <FormError>{error !== null && !isAboutField && sentenceOf(error)}</FormError>
        <TextField
          label="Name"
          autoComplete="name"
          maxLength={100}
          required
          value={form.name}
          error={errorFor('name')}
          onChange={(event) => change({ name: event.target.value })}
        />
        <TextField
          label="Email"
          type="email"
          name="email"
          autoComplete="username"
          maxLength={254}
          required
          value={form.email}
          error={errorFor('email')}
          onChange={(event) => change({ email: event.target.value })}
        />
        <PasswordField
          label="Password"
          autoComplete="new-password"
          hint="8 to 128 characters. A few words you will remember work well."
          value={form.password}
          error={errorFor('password')}
          onValue={(password) => change({ password })}
        />
        <button type="submit" className="button button-primary w-full" disabled={busy}>
          {busy && <Spinner />}
          Create account
        </button>
      </form>
    </>
  );
}
