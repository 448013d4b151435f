'use client';

import type { Profile, Theme, UpdateProfileRequest } from '@primetrade/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useState, type FormEvent } from 'react';
import { Field, FormError, TextField } from '../../components/field';
import { Spinner } from '../../components/icons';
import { toast } from '../../components/toaster';
import { fieldError, sentenceOf } from '../../lib/api/problem';
import { updateProfile } from '../../lib/api/profile';
import { userChanged } from '../../lib/api/session';
import { useAction } from '../../lib/hooks/use-action';
import { queryKeys } from '../../lib/query-keys';
import { applyTheme } from '../../lib/theme';
import { Section } from './section';

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const THEMES: Record<Theme, string> = { system: 'As the device', light: 'Light', dark: 'Dark' };
const FIELDS = ['name', 'bio', 'timeZone', 'weekStart', 'theme'];

/** All time zones of the browser, with the current one even where the browser lacks it. */
function timeZones(current: string): string[] {
  const zones = new Set(['UTC', ...Intl.supportedValuesOf('timeZone'), current]);
  return [...zones].sort();
}

/** Name, bio and how days and colours are shown. Fields that were not touched follow the profile. */
export function ProfileForm({ profile }: { profile: Profile }) {
  const client = useQueryClient();
  const [edits, setEdits] = useState<UpdateProfileRequest>({});
  const { busy, error, run } = useAction();
  const zones = useMemo(() => timeZones(profile.timeZone), [profile.timeZone]);
  const shown = { ...profile, ...edits };
  const edit = (part: UpdateProfileRequest) => setEdits({ ...edits, ...part });
  const isAboutField = FIELDS.some((path) => fieldError(error, path) !== undefined);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const saved = await run(async () => {
      const changed = await updateProfile(edits);
      client.setQueryData(queryKeys.profile, changed);
      userChanged({ name: changed.name });
      applyTheme(changed.theme);
    });
    if (!saved) return;
    setEdits({});
    toast('Profile saved');
  };

  return (
    <Section
      id="about"
      title="About you"
      text="The time zone decides when a day ends, and with it when a task is overdue."
    >
      <form className="max-w-md space-y-5" onSubmit={(event) => void submit(event)}>
        <FormError>{error !== null && !isAboutField && sentenceOf(error)}</FormError>
        <TextField
          label="Name"
          autoComplete="name"
          maxLength={100}
          required
          value={shown.name}
          error={fieldError(error, 'name')}
          onChange={(event) => edit({ name: event.target.value })}
        />
        <Field label="Bio" error={fieldError(error, 'bio')}>
          {(attributes) => (
            <textarea
              className="control field-sizing-content min-h-20"
              maxLength={1000}
              value={shown.bio}
              onChange={(event) => edit({ bio: event.target.value })}
              {...attributes}
            />
          )}
        </Field>
        <Field label="Time zone" error={fieldError(error, 'timeZone')}>
          {(attributes) => (
            <select
              className="control"
              value={shown.timeZone}
              onChange={(event) => edit({ timeZone: event.target.value })}
              {...attributes}
            >
              {zones.map((zone) => (
                <option key={zone} value={zone}>
                  {zone.replaceAll('_', ' ')}
                </option>
              ))}
            </select>
          )}
        </Field>
        <div className="grid grid-cols-2 gap-4">
          <Field label="Week starts on" error={fieldError(error, 'weekStart')}>
            {(attributes) => (
              <select
                className="control"
                value={shown.weekStart}
                onChange={(event) => edit({ weekStart: Number(event.target.value) })}
                {...attributes}
              >
                {WEEKDAYS.map((name, day) => (
                  <option key={name} value={day}>
                    {name}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label="Theme" error={fieldError(error, 'theme')}>
            {(attributes) => (
              <select
                className="control"
                value={shown.theme}
                onChange={(event) => edit({ theme: event.target.value as Theme })}
                {...attributes}
              >
                {Object.entries(THEMES).map(([theme, name]) => (
                  <option key={theme} value={theme}>
                    {name}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </div>
        <button type="submit" className="button button-primary" disabled={busy}>
          {busy && <Spinner />}
          Save profile
        </button>
      </form>
    </Section>
  );
}
