import type { ReactNode } from 'react';

/** One subject of the profile page: what it is about at the left, what to do at the right. */
export function Section(props: {
  id: string;
  title: string;
  text?: ReactNode;
  children: ReactNode;
}) {
  const headingId = `${props.id}-heading`;
  return (
    <section
      id={props.id}
      aria-labelledby={headingId}
      className="grid gap-x-10 gap-y-4 border-t border-line py-8 md:grid-cols-[15rem_1fr]"
    >
      <div>
        <h2 id={headingId} className="text-base font-semibold">
          {props.title}
        </h2>
        {props.text && <p className="mt-1 text-sm text-muted">{props.text}</p>}
      </div>
      <div className="min-w-0">{props.children}</div>
    </section>
  );
}
