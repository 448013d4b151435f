/** Keeps cookies as a browser does for one site, as far as the API uses them. */
export class CookieJar {
  private readonly values = new Map<string, string>();

  /** Takes over what an answer sets and deletes. */
  take(headers: Headers): void {
    for (const cookie of headers.getSetCookie()) {
      const [pair = '', ...attributes] = cookie.split(';').map((part) => part.trim());
      const equals = pair.indexOf('=');
      const name = pair.slice(0, equals);
      const value = pair.slice(equals + 1);
      if (value === '' || attributes.some(isPast)) this.values.delete(name);
      else this.values.set(name, value);
    }
  }

  /** The header to send; undefined when there is no cookie. */
  get header(): string | undefined {
    if (this.values.size === 0) return undefined;
    return [...this.values].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  copy(): CookieJar {
    const copy = new CookieJar();
    this.values.forEach((value, name) => copy.values.set(name, value));
    return copy;
  }
}

function isPast(attribute: string): boolean {
  const [name = '', value = ''] = attribute.split('=');
  if (name.toLowerCase() === 'max-age') return Number(value) <= 0;
  return name.toLowerCase() === 'expires' && Date.parse(value) <= Date.parse('1980-01-01');
}
