import { routeOf, ROUTES } from './routes.js';

describe('routeOf', () => {
  it.each([
    ['/api/v1/tasks', '/api/v1/tasks'],
    ['/api/v1/tasks/bulk', '/api/v1/tasks'],
    ['/api/v1/auth/login', '/api/v1/auth/login'],
    ['/api/v1/auth/loginx', '/api/v1/auth'],
    ['/api/v1/profile/avatars/a/b.webp', '/api/v1/profile/avatars'],
  ])('%s belongs to %s', (path, prefix) => {
    expect(routeOf(path)?.prefix).toBe(prefix);
  });

  it.each(['/', '/api/v1', '/api/v1/tasksx', '/internal/v1/accounts', '/health'])(
    '%s belongs to no service',
    (path) => expect(routeOf(path)).toBeUndefined(),
  );

  it('has no prefix twice', () => {
    expect(new Set(ROUTES.map(({ prefix }) => prefix)).size).toBe(ROUTES.length);
  });
});
