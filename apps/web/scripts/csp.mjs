import { createHash } from 'node:crypto';

const INLINE_SCRIPT = /<script(?![^>]*\ssrc=)([^>]*)>([\s\S]*?)<\/script>/gi;
const INLINE_STYLE = /<style([^>]*)>([\s\S]*?)<\/style>/gi;
const STYLE_ATTRIBUTE = /<[a-z][^>]*\sstyle="/i;

/** A source expression of Content-Security-Policy for inline text. */
function sourceOf(text) {
  return `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;
}

/** Data blocks (JSON and the like) are not executed, so the policy does not concern them. */
function isExecutable(attributes) {
  const type = /\stype="([^"]*)"/i.exec(attributes)?.[1]?.toLowerCase();
  return type === undefined || type === '' || type === 'module' || type.endsWith('/javascript');
}

/**
 * What the inline parts of a page need in its Content-Security-Policy.
 *
 * @param {string} html a whole prerendered document
 * @returns {{ scripts: string[], styles: string[] }} `'sha256-…'` source expressions without repeats
 * @throws when an element carries a style attribute, which no hash can allow
 */
export function inlineSources(html) {
  if (STYLE_ATTRIBUTE.test(html.replace(INLINE_SCRIPT, ''))) {
    throw new Error('A prerendered element has a style attribute; use a class instead.');
  }
  const scripts = [...html.matchAll(INLINE_SCRIPT)]
    .filter(([, attributes]) => isExecutable(attributes))
    .map(([, , text]) => sourceOf(text));
  const styles = [...html.matchAll(INLINE_STYLE)].map(([, , text]) => sourceOf(text));
  return { scripts: [...new Set(scripts)], styles: [...new Set(styles)] };
}
