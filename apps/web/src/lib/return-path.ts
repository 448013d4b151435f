/** Where sign-in leads when nothing else was asked for. */
const HOME_PATH = '/tasks';

/**
 * The page to show after sign-in.
 *
 * @param search the query string of the sign-in page, with the page in `next`
 * @returns a path of this site; anything else in `next` counts as nothing
 */
export function returnPath(search: string): string {
  const next = new URLSearchParams(search).get('next');
  // Browsers read `//host` and `/\host` as another site.
  return next !== null && /^\/(?![/\\])/.test(next) ? next : HOME_PATH;
}

/** The sign-in page that leads back to `path`. */
export function signInPath(path: string): string {
  return path === HOME_PATH ? '/login' : `/login?${new URLSearchParams({ next: path })}`;
}
