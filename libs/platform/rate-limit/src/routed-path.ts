/**
 * The path of an address as the router reads it: decoded, and without query or fragment. A limit that
 * went by the text of the address would not count who writes it in another way.
 */
export function routedPath(url: string): string {
  const path = url.split(/[?#]/, 1)[0]!;
  try {
    return decodeURI(path);
  } catch {
    // The router refuses it.
    return path;
  }
}
