/**
 * An address with a password, whatever characters that has. Secrets come as they are, from a file or
 * a variable of their own, where nobody has encoded them for an address.
 *
 * @param address a complete URL with a host
 * @param password takes the place of one in the address; undefined leaves the address as it is
 */
export function withPassword(address: string, password: string | undefined): string {
  if (password === undefined) return address;
  const url = new URL(address);
  url.password = encodeURIComponent(password);
  return url.href;
}
