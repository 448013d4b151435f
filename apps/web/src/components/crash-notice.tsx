/** What a page shows when it broke, with the way on. */
export function CrashNotice({ onRetry }: { onRetry: () => void }) {
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col justify-center px-5 pb-20">
      <h1 className="text-2xl font-semibold">This page stopped working</h1>
      <p role="alert" className="mt-2 text-muted">
        The fault is ours. What you saved is safe, and a task that was still on its way is sent
        again when the page is back.
      </p>
      <button type="button" className="button button-primary mt-6 self-start" onClick={onRetry}>
        Load the page again
      </button>
    </main>
  );
}
