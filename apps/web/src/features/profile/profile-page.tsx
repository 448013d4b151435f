'use client';

import { FormError } from '../../components/field';
import { Spinner } from '../../components/icons';
import { sentenceOf } from '../../lib/api/problem';
import { useProfile } from '../../lib/hooks/use-profile';
import { useSession } from '../../lib/hooks/use-session';
import { AvatarEditor } from './avatar-editor';
import { DataSection, DeleteSection } from './data-sections';
import { PasswordSection } from './password-section';
import { ProfileForm } from './profile-form';
import { SessionsSection } from './sessions-section';
import { TokensSection } from './tokens-section';
import { TotpSection } from './totp-section';

/** Everything about the account of the person who is signed in. */
export function ProfilePage() {
  const { user } = useSession();
  const { data: profile, error } = useProfile();
  return (
    <div className="mx-auto max-w-[56rem] px-4 pt-5 pb-28 sm:px-6 lg:px-10 lg:pt-8">
      <h1 className="text-2xl font-semibold">Profile</h1>
      {user !== null && <p className="mt-1 mb-6 text-muted">{user.email}</p>}
      {profile === undefined && error === null && (
        <p role="status" className="flex items-center gap-2 py-6 text-muted">
          <Spinner /> Loading the profile
        </p>
      )}
      <FormError>{error !== null && profile === undefined && sentenceOf(error)}</FormError>
      {profile !== undefined && (
        <>
          <AvatarEditor profile={profile} />
          <ProfileForm profile={profile} />
        </>
      )}
      {user !== null && (
        <>
          <PasswordSection email={user.email} />
          <TotpSection enabled={user.totpEnabled} />
          <SessionsSection />
          <TokensSection />
          <DataSection />
          <DeleteSection />
        </>
      )}
    </div>
  );
}
