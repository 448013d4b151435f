'use client';

import Link from 'next/link';
import { useRef, useState, type FormEvent } from 'react';
import { FormError, TextField } from '../../components/field';
import { Spinner } from '../../components/icons';
import { PasswordField } from '../../components/password-field';
import { login } from '../../lib/api/auth';
import { ApiError, sentenceOf } from '../../lib/api/problem';
import { useEnterApp } from './use-enter-app';

/** Sign-in: email and password, then the two-factor code where the account asks for one. */
export function LoginForm() {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [needsCode, setNeedsCode] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const codeInput = useRef<HTMLInputElement>(null);
  useEnterApp();

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await login({ email, password, ...(needsCode && { totp: code.trim() }) });
    } catch (failure) {
      setBusy(false);
      if (failure instanceof ApiError && failure.code === 'totp_required' && !needsCode) {
        setNeedsCode(true);
        return;
      }
      setError(sentenceOf(failure));
      codeInput.current?.select();
    }
  };

  return (
    <>
      <h1 className="text-[1.75rem] leading-tight font-semibold">
        {needsCode ? 'Two-factor code' : 'Sign in'}
      </h1>
      <p className="mt-2 text-muted">
        {needsCode ? (
          'Enter the six-digit code that your authenticator app shows, or one of your recovery codes.'
        ) : (
          <>
            New here?{' '}
            <Link href="/register" className="font-medium text-accent underline underline-offset-3">
              Create an account
            </Link>
          </>
        )}
      </p>
      {/* POST keeps typed passwords out of the address, should the form be sent before scripts run. */}
      <form method="post" className="mt-8 space-y-5" onSubmit={submit}>
        <FormError>{error}</FormError>
        {needsCode ? (
          <TextField
            key="code"
            ref={codeInput}
            label="Code"
            inputMode="text"
            autoComplete="one-time-code"
            autoCapitalize="off"
            spellCheck={false}
            className="font-mono tracking-widest"
            minLength={6}
            maxLength={32}
            required
            autoFocus
            value={code}
            onChange={(event) => setCode(event.target.value)}
          />
        ) : (
          <>
            <TextField
              label="Email"
              type="email"
              name="email"
              autoComplete="username"
              maxLength={254}
              required
              value={email}
              onChange={(event) => setEmail(event.target.value)}
            />
            <PasswordField
              label="Password"
              autoComplete="current-password"
              value={password}
              onValue={setPassword}
            />
          </>
        )}
        <button type="submit" className="button button-primary w-full" disabled={busy}>
          {busy && <Spinner />}
          {needsCode ? 'Verify' : 'Sign in'}
        </button>
        {needsCode && (
          <button
            type="button"
            className="button button-quiet w-full"
            onClick={() => {
              setNeedsCode(false);
              setCode('');
              setError(null);
            }}
          >
            Use another account
          </button>
        )}
      </form>
    </>
  );
}
