import type { Metadata, Viewport } from 'next';
import type { ReactNode } from 'react';
import { EARLY_SCRIPT } from '../lib/early-script';
import './globals.css';

export const metadata: Metadata = {
  title: {
    default: 'PrimeTrade: tasks, written the way you say them',
    template: '%s · PrimeTrade',
  },
  description:
    'An open-source task manager that runs on your own machine with one command. Type a line; it finds the date, the priority and the project.',
};

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f6f8f6' },
    { media: '(prefers-color-scheme: dark)', color: '#0e1311' },
  ],
};

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    // The early script sets attributes on this element before React sees it.
    <html lang="en" suppressHydrationWarning>
      <head>
        <script dangerouslySetInnerHTML={{ __html: EARLY_SCRIPT }} />
      </head>
      <body>{children}</body>
    </html>
  );
}
