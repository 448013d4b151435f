import { publicRoute } from './public-path.js';

describe('a target', () => {
  it.each([
    ['/api/v1/tasks', 'tasks'],
    ['/api/v1/tasks/', 'tasks'],
    ['/api/v1/tasks?q=a/../b&url=http://x//y', 'tasks'],
    ['/api/v1/labels/a%20b', 'tasks'],
    ['/api/v1/labels/%C3%A4', 'tasks'],
    ['/api/v1/labels/a&b;c=(1)!', 'tasks'],
    ['/api/v1/labels/50%25', 'tasks'],
    ['/api/v1/labels/and%2For', 'tasks'],
    ['/api/v1/labels/C%3A%5Ctemp', 'tasks'],
    ['/api/v1/labels/v1%2E0%2d%7E', 'tasks'],
    ['/api/v1/labels/100%', 'tasks'],
    ['/api/v1/projects/6f9619ff-8b86-4d01-b42d-00cf4fc964ff', 'tasks'],
    ['/api/v1/profile/avatars/x/y.webp', 'profile'],
    ['/.well-known/jwks.json', 'auth'],
  ])('%s is for %s', (target, service) => {
    expect(publicRoute(target)?.service).toBe(service);
  });

  it.each([
    '/internal/v1/auth/accounts',
    '/api/v1/../../internal/v1/auth',
    '/api/v1/tasks/../../../internal',
    '/api/v1/tasks/./x',
    '/api/v1/tasks/..',
    '/api/v1/tasks/%2e%2e/%2E%2E/internal',
    '/api/v1/tasks/.%2e/x',
    '/api/v1/tasks/%252e%252e/x',
    '/api/v1/tasks/..%2f..%2finternal',
    '/api/v1/tasks/..%5cinternal',
    '/api/v1/tasks/\\..\\internal',
    '/api/v1/tasks/%00',
    '/api/v1/tasks/%0d%0aX:y',
    '/api/v1/tasks//x',
    '//internal/v1/auth',
    '//api/v1/tasks',
    '/\\evil.example/api/v1/tasks',
    '/api/v1/tasksx',
    '/API/v1/tasks',
    'http://elsewhere.example/api/v1/tasks',
    'elsewhere.example:443',
    '*',
    '/',
    '',
  ])('%s leads nowhere', (target) => expect(publicRoute(target)).toBeUndefined());

  it.each([
    '/api/v1/auth/%6cogin',
    '/%61pi/v1/auth/login',
    '/api/v1/auth/login#x',
    '/api/v1/auth#',
  ])('%s cannot pass for another route than the one that answers it', (target) =>
    expect(publicRoute(target)).toBeUndefined(),
  );
});
