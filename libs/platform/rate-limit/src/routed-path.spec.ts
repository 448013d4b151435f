import { routedPath } from './routed-path.js';

it.each([
  '/api/v1/auth/login',
  '/api/v1/auth/login?x=1#y',
  '/api/v1/auth/login#x',
  '/api/v1/auth/%6cogin',
  '/%61pi/v1/auth/logi%6E',
])('%s is the path of signing in', (url) => expect(routedPath(url)).toBe('/api/v1/auth/login'));

it('keeps what is part of a name, and what cannot be decoded', () => {
  expect(routedPath('/api/v1/labels/a%2Fb')).toBe('/api/v1/labels/a%2Fb');
  expect(routedPath('/api/v1/labels/%zz')).toBe('/api/v1/labels/%zz');
});
