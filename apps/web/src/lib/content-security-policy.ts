/** Hashes of a page's inline parts, as `'sha256-…'` source expressions. */
interface InlineSources {
  scripts: string[];
  styles: string[];
}

/** Inline hashes of each prerendered page, by its path. */
export type InlineSourcesByPage = Record<string, InlineSources>;

/** The page that may be shown under any path. */
const NOT_FOUND_PAGE = '/_not-found';

/**
 * The Content-Security-Policy of a page.
 *
 * @param pathname path of the request
 * @param pages what the build found in each page
 * @returns the header's value; a path without a page of its own gets the not-found page's policy
 */
export function contentSecurityPolicy(pathname: string, pages: InlineSourcesByPage): string {
  const path = pathname.length > 1 ? pathname.replace(/\/+$/, '') : pathname;
  const shown = [path, NOT_FOUND_PAGE]
    .filter((page) => Object.hasOwn(pages, page))
    .map((page) => pages[page] as InlineSources);
  const scripts = new Set(shown.flatMap((page) => page.scripts));
  const styles = new Set(shown.flatMap((page) => page.styles));
  return [
    "default-src 'self'",
    ["script-src 'self'", ...scripts].join(' '),
    ["style-src 'self'", ...styles].join(' '),
    "img-src 'self' data: blob:",
    "connect-src 'self'",
    "object-src 'none'",
    "frame-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}
