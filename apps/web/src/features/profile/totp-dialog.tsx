'use client';

import type { TotpEnrolResponse } from '@primetrade/contracts';
import { useMemo, useState, type FormEvent } from 'react';
import { encode } from 'uqr';
import { Dialog } from '../../components/dialog';
import { FormError, TextField } from '../../components/field';
import { CopyIcon, DownloadIcon, Spinner } from '../../components/icons';
import { toast } from '../../components/toaster';
import { confirmTotp, enrolTotp } from '../../lib/api/auth';
import { ApiError, sentenceOf } from '../../lib/api/problem';
import { userChanged } from '../../lib/api/session';
import { download } from '../../lib/download';
import { useAction } from '../../lib/hooks/use-action';
import { PasswordDialog } from './password-dialog';

/** A QR code, dark on light in either theme, because scanners expect that. */
function QrCode({ text }: { text: string }) {
  const { size, path } = useMemo(() => {
    const code = encode(text, { border: 3 });
    const squares = code.data.flatMap((row, y) =>
      row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')),
    );
    return { size: code.size, path: squares.join('') };
  }, [text]);
  return (
    <svg
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label="QR code for your authenticator app"
      className="mx-auto w-52 rounded-lg"
      shapeRendering="crispEdges"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}

function ConfirmStep({
  enrolment,
  onConfirmed,
}: {
  enrolment: TotpEnrolResponse;
  onConfirmed: (recoveryCodes: string[]) => void;
}) {
  const [code, setCode] = useState('');
  const { busy, error, run } = useAction();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void run(async () => onConfirmed((await confirmTotp(code)).recoveryCodes));
  };
  const isWrong =
    error instanceof ApiError && ['totp_invalid', 'validation_failed'].includes(error.code);
  return (
    <form className="space-y-5" onSubmit={submit}>
      <p className="text-muted">
        Scan this with an authenticator app, then enter the six digits that it shows.
      </p>
      <QrCode text={enrolment.uri} />
      <p className="text-center text-sm text-muted">
        Or enter this key by hand:
        <code className="mt-1 block font-mono tracking-wider break-all text-ink select-all">
          {enrolment.secret}
        </code>
      </p>
      <FormError>{error !== null && !isWrong && sentenceOf(error)}</FormError>
      <TextField
        label="Code"
        inputMode="numeric"
        autoComplete="one-time-code"
        pattern="\d{6}"
        maxLength={6}
        required
        autoFocus
        className="font-mono tracking-widest"
        value={code}
        error={
          isWrong
            ? 'That code is not right. Codes change every 30 seconds; enter the current one.'
            : undefined
        }
        onChange={(event) => setCode(event.target.value)}
      />
      <button type="submit" className="button button-primary w-full" disabled={busy}>
        {busy && <Spinner />}
        Turn on two-factor sign-in
      </button>
    </form>
  );
}

function RecoveryStep({ codes, onClose }: { codes: string[]; onClose: () => void }) {
  const text = codes.join('\n');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      toast('Recovery codes copied');
    } catch {
      toast('The browser did not allow copying. Download the codes instead.', { tone: 'error' });
    }
  };
  return (
    <div className="space-y-5">
      <p>
        Two-factor sign-in is on. Keep these recovery codes somewhere safe: each signs you in once
        when your phone is not at hand. <strong>They are not shown again.</strong>
      </p>
      <ul
        aria-label="Recovery codes"
        className="grid grid-cols-2 gap-x-4 gap-y-1.5 rounded-lg bg-sunken p-4 font-mono text-sm"
      >
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        <button type="button" className="button button-secondary" onClick={() => void copy()}>
          <CopyIcon /> Copy
        </button>
        <button
          type="button"
          className="button button-secondary"
          onClick={() => download(new Blob([`${text}\n`]), 'primetrade-recovery-codes.txt')}
        >
          <DownloadIcon /> Download
        </button>
        <button type="button" className="button button-primary ml-auto" onClick={onClose}>
          I have kept them
        </button>
      </div>
    </div>
  );
}

/** Sets up two-factor sign-in: password, QR code and first code, recovery codes. */
export default function TotpDialog({ onClose }: { onClose: () => void }) {
  const [enrolment, setEnrolment] = useState<TotpEnrolResponse | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);

  const close = () => {
    if (codes !== null) userChanged({ totpEnabled: true });
    onClose();
  };

  if (enrolment === null) {
    return (
      <PasswordDialog
        title="Set up two-factor sign-in"
        text="Enter your password once more, so that nobody else at this browser can do this."
        button="Continue"
        tone="primary"
        onClose={onClose}
        onPassword={async (password) => setEnrolment(await enrolTotp(password))}
      />
    );
  }
  return (
    <Dialog title={codes === null ? 'Set up two-factor sign-in' : 'Recovery codes'} onClose={close}>
      {codes === null ? (
        <ConfirmStep enrolment={enrolment} onConfirmed={setCodes} />
      ) : (
        <RecoveryStep codes={codes} onClose={close} />
      )}
    </Dialog>
  );
}
