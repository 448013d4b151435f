import type { Metadata } from 'next';
import Link from 'next/link';
import { Wordmark } from '../components/wordmark';

export const metadata: Metadata = { title: 'Page not found' };

export default function NotFound() {
  return (
    <div className="flex min-h-dvh flex-col px-5">
      <header className="py-5 sm:px-3">
        <Wordmark />
      </header>
      <main className="mx-auto flex w-full max-w-md flex-1 flex-col justify-center pb-24">
        <h1 className="text-3xl font-semibold">There is no page here</h1>
        <p className="mt-3 text-muted">
          The address may be mistyped, or what it led to is gone. Your tasks are where they were.
        </p>
        <div className="mt-6 flex gap-3">
          <Link href="/tasks" className="button button-primary">
            Go to your tasks
          </Link>
          <Link href="/" className="button button-secondary">
            Start page
          </Link>
        </div>
      </main>
    </div>
  );
}
