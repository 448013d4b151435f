import { returnPath, signInPath } from './return-path';

describe('returnPath', () => {
  it('comes back to the page that asked', () => {
    const path = '/tasks?label=a%26b&q=c';
    expect(returnPath(new URL(signInPath(path), 'http://localhost').search)).toBe(path);
    expect(signInPath('/tasks')).toBe('/login');
  });

  it.each(['//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)', ''])(
    'never leads to another site: %s',
    (next) => {
      expect(returnPath(`?${new URLSearchParams({ next })}`)).toBe('/tasks');
    },
  );
});
