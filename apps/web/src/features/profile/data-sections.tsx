'use client';

import { useState } from 'react';
import { FormError } from '../../components/field';
import { DownloadIcon, Spinner } from '../../components/icons';
import { sentenceOf } from '../../lib/api/problem';
import { deleteAccount, exportProfile } from '../../lib/api/profile';
import { download } from '../../lib/download';
import { useAction } from '../../lib/hooks/use-action';
import { PasswordDialog } from './password-dialog';
import { Section } from './section';

/** Everything that PrimeTrade keeps about the person, as a file. */
export function DataSection() {
  const { busy, error, run } = useAction();
  return (
    <Section
      id="data"
      title="Your data"
      text="Everything that is stored about you, in one JSON file."
    >
      <button
        type="button"
        className="button button-secondary"
        disabled={busy}
        onClick={() =>
          void run(async () => download(await exportProfile(), 'primetrade-account.json'))
        }
      >
        {busy ? <Spinner /> : <DownloadIcon />}
        Export my data
      </button>
      <div className="mt-3">
        <FormError>{error !== null && sentenceOf(error)}</FormError>
      </div>
    </Section>
  );
}

/** The end of the account. */
export function DeleteSection() {
  const [asked, setAsked] = useState(false);
  return (
    <Section
      id="delete"
      title="Delete account"
      text="Your account, tasks, projects and labels are deleted for good."
    >
      <button type="button" className="button button-danger" onClick={() => setAsked(true)}>
        Delete my account
      </button>
      {asked && (
        <PasswordDialog
          title="Delete my account"
          text="This cannot be undone. Export your data first if you may want it again."
          button="Delete everything"
          tone="danger"
          onClose={() => setAsked(false)}
          onPassword={deleteAccount}
        />
      )}
    </Section>
  );
}
