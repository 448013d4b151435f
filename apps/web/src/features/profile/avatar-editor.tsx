'use client';

import type { Profile } from '@primetrade/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { FormError } from '../../components/field';
import { Spinner } from '../../components/icons';
import { announce } from '../../components/announcer';
import { sentenceOf } from '../../lib/api/problem';
import { deleteAvatar, uploadAvatar } from '../../lib/api/profile';
import { useAction } from '../../lib/hooks/use-action';
import { queryKeys } from '../../lib/query-keys';
import { Avatar } from '../app/avatar';
import { Section } from './section';

/** The server's limit, known here so that nobody uploads in vain. */
const MOST_MEGABYTES = 5;

/** The picture that stands for the person. */
export function AvatarEditor({ profile }: { profile: Profile }) {
  const client = useQueryClient();
  const { busy, error, run } = useAction();

  const change = async (work: () => Promise<unknown>, done: string) => {
    const succeeded = await run(async () => {
      await work();
      await client.invalidateQueries({ queryKey: queryKeys.profile });
    });
    if (succeeded) announce(done);
  };

  const upload = (file: File | undefined) => {
    if (file === undefined) return;
    void change(async () => {
      if (file.size > MOST_MEGABYTES * 1024 * 1024) throw new TooLarge();
      await uploadAvatar(file);
    }, 'Picture changed');
  };

  const sentence =
    error instanceof TooLarge
      ? `This picture is larger than ${MOST_MEGABYTES} MB. Choose a smaller one.`
      : error !== null && sentenceOf(error);

  return (
    <Section
      id="picture"
      title="Picture"
      text={`PNG, JPEG or WebP, up to ${MOST_MEGABYTES} MB. It is cut to a square.`}
    >
      <div className="flex flex-wrap items-center gap-4">
        <Avatar name={profile.name} url={profile.avatarUrl} className="size-16 text-2xl" />
        <label className="button button-secondary focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-accent">
          {busy && <Spinner />}
          {profile.avatarUrl === null ? 'Upload a picture' : 'Change the picture'}
          <input
            type="file"
            className="sr-only"
            accept="image/png,image/jpeg,image/webp"
            disabled={busy}
            onChange={(event) => {
              upload(event.target.files?.[0]);
              event.target.value = '';
            }}
          />
        </label>
        {profile.avatarUrl !== null && (
          <button
            type="button"
            className="button button-quiet"
            disabled={busy}
            onClick={() => void change(deleteAvatar, 'Picture removed')}
          >
            Remove the picture
          </button>
        )}
      </div>
      <div className="mt-3">
        <FormError>{sentence}</FormError>
      </div>
    </Section>
  );
}

class TooLarge extends Error {}
