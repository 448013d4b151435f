'use client';

import { CrashNotice } from '../components/crash-notice';

export default function ErrorPage({ reset }: { reset: () => void }) {
  return <CrashNotice onRetry={reset} />;
}
