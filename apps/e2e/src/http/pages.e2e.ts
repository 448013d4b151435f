import { Client } from '../support/api.js';

describe('the pages of the web app', () => {
  it.each(['/', '/login', '/register', '/tasks', '/profile'])(
    '%s forbids scripts that it did not bring, and frames around it',
    async (path) => {
      const { headers, text } = await new Client().expect(200, 'GET', path);
      expect(headers.get('content-type')).toContain('text/html');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("frame-ancestors 'none'");
      const scripts = /script-src ([^;]*)/.exec(policy)?.[1] ?? '';
      expect(scripts).toContain("'self'");
      expect(scripts).not.toMatch(/unsafe-inline|unsafe-eval|\*|https?:/);
      expect(text).toMatch(/<html[^>]* lang="en"/);
    },
  );

  it('are asked for again after a release, and packed', async () => {
    const headers = { 'accept-encoding': 'gzip' };
    const reply = await new Client().expect(200, 'GET', '/', { headers });
    expect(reply.headers.get('cache-control')).toBe('public, max-age=0, must-revalidate');
    expect(reply.headers.get('content-encoding')).toBe('gzip');
    const tag = reply.headers.get('etag');
    // As browsers ask; fetch would forbid caches to answer.
    const again = { ...headers, 'if-none-match': tag!, 'cache-control': 'max-age=0' };
    await new Client().expect(304, 'GET', '/', { headers: again });
  });

  it('that do not exist answer 404', async () => {
    await new Client().expect(404, 'GET', '/no/such/page');
  });

  it('load files that browsers may keep for ever, compressed', async () => {
    const { text } = await new Client().expect(200, 'GET', '/');
    const script = /"(\/_next\/static\/[^"]+\.js)"/.exec(text)?.[1];
    const { headers } = await new Client().expect(200, 'GET', script!, {
      headers: { 'accept-encoding': 'br, gzip' },
    });
    expect(headers.get('cache-control')).toContain('immutable');
    expect(headers.get('content-encoding')).toMatch(/^(br|gzip)$/);
  });
});
