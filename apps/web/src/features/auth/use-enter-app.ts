'use client';

import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import { renewToken } from '../../lib/api/session';
import { SIGNED_IN_KEY } from '../../lib/early-script';
import { useSession } from '../../lib/hooks/use-session';
import { returnPath } from '../../lib/return-path';

function wasSignedIn(): boolean {
  try {
    return localStorage.getItem(SIGNED_IN_KEY) !== null;
  } catch {
    return false;
  }
}

/** Leads on to the app as soon as someone is signed in, be it by this form or since before. */
export function useEnterApp(): void {
  const router = useRouter();
  const { status } = useSession();
  useEffect(() => {
    if (status === 'signed-in') router.replace(returnPath(location.search));
  }, [status, router]);
  useEffect(() => {
    // Only a browser that was signed in asks; the form is there either way.
    if (wasSignedIn()) renewToken().catch(() => undefined);
  }, []);
}
