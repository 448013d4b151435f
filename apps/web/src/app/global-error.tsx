'use client';

import { CrashNotice } from '../components/crash-notice';
import './globals.css';

/** Stands in for the whole document when the root layout itself fails. */
export default function GlobalError() {
  return (
    <html lang="en">
      <body>
        <title>PrimeTrade</title>
        <CrashNotice onRetry={() => location.reload()} />
      </body>
    </html>
  );
}
