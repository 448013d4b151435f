'use client';

import ReactMarkdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';

/**
 * Raw HTML is never taken over, and links lead out without telling where from. Pictures become
 * links: loading one would tell its server who reads the task, and when.
 */
const COMPONENTS: Components = {
  a: ({ href, children }) => (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  ),
  img: ({ src, alt }) =>
    typeof src === 'string' ? (
      <a href={src} target="_blank" rel="noopener noreferrer nofollow">
        {alt === undefined || alt === '' ? src : alt}
      </a>
    ) : null,
  input: ({ checked }) => (
    <input type="checkbox" disabled checked={checked} aria-label={checked ? 'Done' : 'Not done'} />
  ),
  // A heading of a description stands below the dialog's own.
  h1: ({ children }) => <h3>{children}</h3>,
  h2: ({ children }) => <h4>{children}</h4>,
};

/** A description as its author meant it. */
export default function Markdown({ text }: { text: string }) {
  return (
    <div className="markdown wrap-anywhere">
      <ReactMarkdown remarkPlugins={[remarkGfm]} components={COMPONENTS}>
        {text}
      </ReactMarkdown>
    </div>
  );
}
