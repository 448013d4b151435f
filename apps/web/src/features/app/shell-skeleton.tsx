import { Wordmark } from '../../components/wordmark';

/** The app's outline, prerendered and shown until it is known who is signed in. */
export function ShellSkeleton() {
  return (
    <div className="flex min-h-dvh">
      <div className="hidden w-64 shrink-0 border-r border-line px-4 py-4 lg:block">
        <Wordmark href="/tasks" />
      </div>
      <main className="flex-1 px-5 py-4 lg:px-10 lg:py-8" aria-busy="true">
        <div className="lg:hidden">
          <Wordmark href="/tasks" />
        </div>
        <p role="status" className="sr-only">
          Loading
        </p>
        <div
          className="mx-auto mt-8 max-w-3xl animate-[fade_400ms_300ms_both] space-y-4 lg:mt-0"
          aria-hidden="true"
        >
          <div className="h-8 w-40 rounded-md bg-sunken" />
          <div className="h-12 rounded-lg bg-sunken" />
          <div className="h-6 w-3/4 rounded-md bg-sunken" />
          <div className="h-6 w-2/3 rounded-md bg-sunken" />
          <div className="h-6 w-4/5 rounded-md bg-sunken" />
        </div>
      </main>
    </div>
  );
}
