import Link from 'next/link';
import { ArrowIcon } from '../components/icons';
import { Wordmark } from '../components/wordmark';
import { QuickAddDemo } from '../features/landing/quick-add-demo';

const FACTS: readonly (readonly [title: string, text: string])[] = [
  [
    'Plain lines in',
    'Dates, times, priorities, projects and labels are found in what you type and shown before you press Enter. Anything misread goes back to being text with one click.',
  ],
  [
    'The same everywhere',
    'A change in one tab or on one device shows in the others within a second. Nothing to reload.',
  ],
  [
    'Nothing lost',
    'When the connection drops, what you typed waits and is sent when it is back: once, never twice. Deleted tasks can be restored for 30 days.',
  ],
  [
    'Hands on the keyboard',
    'Add, move, open, complete and delete without a mouse. Made to work with screen readers, in light and in dark.',
  ],
  [
    'Yours to check',
    'Two-factor sign-in, a list of your sessions to end any of them, API tokens with scopes, a full export, and a delete button that means it.',
  ],
];

function Actions() {
  return (
    <div className="flex flex-wrap gap-3">
      <Link href="/register" className="only-signed-out button button-primary min-h-11 px-5">
        Create an account
      </Link>
      <Link href="/login" className="only-signed-out button button-secondary min-h-11 px-5">
        Sign in
      </Link>
      <Link href="/tasks" className="only-signed-in button button-primary min-h-11 px-5">
        Open my tasks <ArrowIcon />
      </Link>
    </div>
  );
}

function Hero() {
  return (
    <section className="grid items-end gap-x-12 gap-y-10 pt-10 sm:pt-16 lg:grid-cols-[1fr_19rem] lg:pt-24">
      <h1 className="max-w-[13ch] text-[clamp(2.75rem,8vw,5.25rem)] leading-[0.98] font-[650] tracking-[-0.04em]">
        Write it the way you’d say it.
      </h1>
      <div className="space-y-6">
        <p className="max-w-prose text-[1.0625rem] leading-relaxed text-muted">
          PrimeTrade is an open-source task manager. You type a line; it finds the date, the
          priority and the project. It runs on your own machine, with one command.
        </p>
        <Actions />
      </div>
      <div className="lg:col-span-2 lg:pt-6">
        <QuickAddDemo />
        <p className="mt-3 text-sm text-faint">
          This box works. Change the line and press Enter; it stays in this page.
        </p>
      </div>
    </section>
  );
}

function Facts() {
  return (
    <section aria-labelledby="facts" className="pt-28">
      <h2 id="facts" className="text-3xl font-[650] tracking-[-0.03em]">
        Small things, done properly
      </h2>
      <dl className="mt-8 border-t border-line">
        {FACTS.map(([title, text]) => (
          <div
            key={title}
            className="grid gap-x-12 gap-y-1 border-b border-line py-6 md:grid-cols-[1fr_2fr]"
          >
            <dt className="text-lg font-semibold tracking-[-0.015em]">{title}</dt>
            <dd className="max-w-[62ch] leading-relaxed text-muted">{text}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function RunIt() {
  return (
    <section
      aria-labelledby="run"
      className="mt-28 grid items-center gap-x-12 gap-y-8 rounded-xl bg-sunken p-6 sm:p-10 lg:grid-cols-2"
    >
      <div>
        <h2 id="run" className="text-3xl font-[650] tracking-[-0.03em]">
          One command, and it is yours
        </h2>
        <p className="mt-4 max-w-prose leading-relaxed text-muted">
          All it needs is Linux with Node 20 or later. The database is a real PostgreSQL and comes
          along; your tasks lie in a folder next to it. No account anywhere else, no telemetry. The
          source is under the MIT licence.
        </p>
      </div>
      <pre className="overflow-x-auto rounded-lg border border-line bg-surface p-5 font-mono text-sm leading-7 shadow-raised">
        <code>
          <span className="text-faint select-none">$ </span>npm ci{'\n'}
          <span className="text-faint select-none">$ </span>npm start{'\n'}
          <span className="text-accent">http://localhost:3000</span>
        </code>
      </pre>
    </section>
  );
}

function MoveIn() {
  return (
    <section aria-labelledby="move" className="grid gap-x-12 gap-y-8 pt-28 lg:grid-cols-2">
      <h2 id="move" className="max-w-[16ch] text-3xl font-[650] tracking-[-0.03em]">
        Move in from Todoist. Move out whenever you like.
      </h2>
      <div className="space-y-4 leading-relaxed text-muted">
        <p className="max-w-prose">
          Hand over Todoist’s CSV export, or any CSV with a header line. Progress is shown, good
          rows are kept, and each bad row is reported with its line and the reason.
        </p>
        <p className="max-w-prose">
          Export everything as CSV or JSON at any time. Whatever the app does, programs can do too:
          the interface is described at{' '}
          <a href="/api/docs" className="text-accent underline underline-offset-3">
            /api/docs
          </a>
          .
        </p>
      </div>
    </section>
  );
}

export default function LandingPage() {
  return (
    <div className="mx-auto max-w-[68rem] px-5 sm:px-8">
      <header className="flex items-center justify-between gap-4 py-5">
        <Wordmark />
        <nav aria-label="Account" className="flex items-center gap-1">
          <Link href="/login" className="only-signed-out button button-quiet">
            Sign in
          </Link>
          <Link href="/tasks" className="only-signed-in button button-quiet">
            Open my tasks
          </Link>
        </nav>
      </header>
      <main>
        <Hero />
        <Facts />
        <RunIt />
        <MoveIn />
        <section aria-labelledby="start" className="pt-28 pb-24">
          <h2
            id="start"
            className="mb-6 text-[clamp(2rem,5vw,3rem)] leading-none font-[650] tracking-[-0.035em]"
          >
            What needs doing?
          </h2>
          <Actions />
        </section>
      </main>
      <footer className="flex flex-wrap gap-x-6 gap-y-2 border-t border-line py-8 text-sm text-faint">
        <p className="mr-auto">PrimeTrade. Open source under the MIT licence.</p>
        <a href="/api/docs" className="underline underline-offset-3 hover:text-ink">
          API
        </a>
      </footer>
    </div>
  );
}
