import { createHash } from 'node:crypto';
import { inlineSources } from '../../scripts/csp.mjs';
import { contentSecurityPolicy } from './content-security-policy';

const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

describe('inlineSources', () => {
  it('finds scripts and styles that stand in the page, each once', () => {
    const html =
      '<style>a{}</style><script src="/x.js"></script><script>one()</script><script id="b">two()\n</script><script>one()</script>';
    expect(inlineSources(html)).toEqual({
      scripts: [hash('one()'), hash('two()\n')],
      styles: [hash('a{}')],
    });
  });

  it('leaves data blocks out', () => {
    expect(inlineSources('<script type="application/json">{}</script>').scripts).toEqual([]);
  });

  it('refuses style attributes, also in the page and not in its scripts', () => {
    expect(() => inlineSources('<p style="color:red">')).toThrow('style attribute');
    expect(() => inlineSources('<script>x = \'<p style="a">\'</script>')).not.toThrow();
  });
});

describe('contentSecurityPolicy', () => {
  const pages = {
    '/': { scripts: ["'sha256-home'"], styles: [] },
    '/tasks': { scripts: ["'sha256-tasks'"], styles: ["'sha256-style'"] },
    '/_not-found': { scripts: ["'sha256-none'"], styles: [] },
  };
  const scriptsOf = (path: string) =>
    /script-src ([^;]*)/.exec(contentSecurityPolicy(path, pages))?.[1];

  it('allows a page its own scripts and those of the not-found page', () => {
    expect(scriptsOf('/tasks')).toBe("'self' 'sha256-tasks' 'sha256-none'");
    expect(scriptsOf('/tasks/')).toBe(scriptsOf('/tasks'));
    expect(scriptsOf('/')).toBe("'self' 'sha256-home' 'sha256-none'");
  });

  it.each(['/nowhere', '/constructor', '/__proto__'])('knows no more of %s', (path) => {
    expect(scriptsOf(path)).toBe("'self' 'sha256-none'");
  });

  it('never allows inline code as such', () => {
    expect(contentSecurityPolicy('/tasks', pages)).not.toContain('unsafe');
    expect(contentSecurityPolicy('/tasks', pages)).toContain("frame-ancestors 'none'");
  });
});
