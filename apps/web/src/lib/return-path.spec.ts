import { returnPath, signInPath } from './return-path';

describe('returnPath', () => {
  it('comes back to the page that asked', () => {
    const path = '/tasks?label=a%26b&q=c';
    expect(returnPath(new URL(signInPath(path), 'http://localhost').search)).toBe(path);
    expect(signInPath('/tasks')).toBe('/login');
  });

  it.each([
    '//evil.example',
    '/\\evil.example',
    '/\n/evil.example',
    '/\t\\evil.example',
    '/.//evil.example',
    '/x/..//evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '//',
    '',
  ])('never leads to another site: %j', (next) => {
    const path = returnPath(`?${new URLSearchParams({ next })}`);
    expect(path).toBe('/tasks');
  });

  it.each(['/\tevil.example', '/@evil.example', '/%2f/evil.example'])(
    'stays on this site: %j',
    (next) => {
      const path = returnPath(`?${new URLSearchParams({ next })}`);
      expect(new URL(path, 'http://localhost').origin).toBe('http://localhost');
    },
  );
});
