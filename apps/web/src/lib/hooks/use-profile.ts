'use client';

import { useQuery } from '@tanstack/react-query';
import { getProfile } from '../api/profile';
import { queryKeys } from '../query-keys';

/** The profile of the person who is signed in. */
export function useProfile() {
  return useQuery({ queryKey: queryKeys.profile, queryFn: ({ signal }) => getProfile(signal) });
}

/** How this person counts days. Until the profile is there: as the browser does. */
export function useCalendar(): { timeZone: string; weekStart: number } {
  const { data } = useProfile();
  return {
    timeZone: data?.timeZone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone,
    weekStart: data?.weekStart ?? 1,
  };
}
