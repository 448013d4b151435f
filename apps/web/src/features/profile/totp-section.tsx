'use client';

import { lazy, Suspense, useState } from 'react';
import { DoneIcon } from '../../components/icons';
import { toast } from '../../components/toaster';
import { disableTotp } from '../../lib/api/auth';
import { userChanged } from '../../lib/api/session';
import { PasswordDialog } from './password-dialog';
import { Section } from './section';

const TotpDialog = lazy(() => import('./totp-dialog'));

/** Two-factor sign-in: on or off. */
export function TotpSection({ enabled }: { enabled: boolean }) {
  const [dialog, setDialog] = useState<'enrol' | 'disable' | null>(null);
  return (
    <Section
      id="two-factor"
      title="Two-factor sign-in"
      text="A code from your phone, besides the password. A stolen password alone is then worth nothing."
    >
      {enabled ? (
        <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
          <p className="flex items-center gap-2 font-medium">
            <DoneIcon className="size-5 text-accent" /> Two-factor sign-in is on
          </p>
          <button
            type="button"
            className="button button-secondary"
            onClick={() => setDialog('disable')}
          >
            Turn off two-factor sign-in
          </button>
        </div>
      ) : (
        <button
          type="button"
          className="button button-secondary"
          onClick={() => setDialog('enrol')}
        >
          Set up two-factor sign-in
        </button>
      )}
      <Suspense>{dialog === 'enrol' && <TotpDialog onClose={() => setDialog(null)} />}</Suspense>
      {dialog === 'disable' && (
        <PasswordDialog
          title="Turn off two-factor sign-in"
          text="From then on the password alone is enough to sign in. Your recovery codes stop working."
          button="Turn off"
          tone="danger"
          onClose={() => setDialog(null)}
          onPassword={async (password) => {
            await disableTotp(password);
            userChanged({ totpEnabled: false });
            toast('Two-factor sign-in is off');
            setDialog(null);
          }}
        />
      )}
    </Section>
  );
}
