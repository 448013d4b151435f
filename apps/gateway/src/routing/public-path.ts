import { type PublicRoute, routeOf } from '@primetrade/contracts';

/** What a program that decodes once more would take for a dot or a separator. */
const ENCODED_TWICE = /%(?:2e|2f|5c)/i;
const CONTROL = /\p{Cc}/u;

/**
 * The route that the target of a request belongs to. Targets that another program could read in
 * another way have none: they would be judged by one path and answered by another. Names in paths
 * may hold separators, as long as these are encoded and lead nowhere.
 *
 * @param target as it came in the request line
 */
export function publicRoute(target: string): PublicRoute | undefined {
  const path = target.split('?', 1)[0]!;
  const route = routeOf(path);
  // The services match decoded paths.
  if (route === undefined || routeOf(decoded(path, decodeURI)) !== route) return undefined;
  const [, ...segments] = path.split('/');
  const last = segments.length - 1;
  const plain = segments.every((segment, index) =>
    segment === '' ? index === last : isPlain(segment),
  );
  return plain ? route : undefined;
}

function isPlain(segment: string): boolean {
  // Some programs take these for the end of the path and for a separator.
  if (segment.includes('#') || segment.includes('\\')) return false;
  const name = decoded(segment, decodeURIComponent);
  if (CONTROL.test(name) || ENCODED_TWICE.test(name)) return false;
  return name.split(/[/\\]/).every((part) => part !== '.' && part !== '..');
}

/** The text itself where it is malformed, which services refuse. */
function decoded(text: string, decode: (text: string) => string): string {
  if (!text.includes('%')) return text;
  try {
    return decode(text);
  } catch {
    return text;
  }
}
