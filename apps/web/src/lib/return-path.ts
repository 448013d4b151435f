/** Where sign-in leads when nothing else was asked for. */
const HOME_PATH = '/tasks';

/** Stands for this site, whatever its name. */
const HERE = 'https://here.invalid';

/**
 * The page to show after sign-in.
 *
 * @param search the query string of the sign-in page, with the page in `next`
 * @returns a path of this site; anything else in `next` counts as nothing
 */
export function returnPath(search: string): string {
  const next = new URLSearchParams(search).get('next') ?? '';
  // Read as browsers read it: they drop tabs and line ends, and take `\` for `/`.
  if (!next.startsWith('/') || !URL.canParse(next, HERE)) return HOME_PATH;
  const { origin, pathname, search: query, hash } = new URL(next, HERE);
  // What remains of `/.//host` would be another site's address again.
  return origin === HERE && !pathname.startsWith('//') ? pathname + query + hash : HOME_PATH;
}

/** The sign-in page that leads back to `path`. */
export function signInPath(path: string): string {
  return path === HOME_PATH ? '/login' : `/login?${new URLSearchParams({ next: path })}`;
}
