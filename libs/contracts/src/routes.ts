/**
 * Which service answers which public path, the same in every shape. The gateway routes by this
 * table; the longest matching prefix wins.
 */
export const ROUTES = [
  { prefix: '/api/v1/auth', service: 'auth' },
  { prefix: '/.well-known/jwks.json', service: 'auth' },
  { prefix: '/api/v1/tasks', service: 'tasks' },
  { prefix: '/api/v1/projects', service: 'tasks' },
  { prefix: '/api/v1/labels', service: 'tasks' },
  { prefix: '/api/v1/events', service: 'tasks' },
  { prefix: '/api/v1/profile', service: 'profile' },
] as const;

export type ServiceName = (typeof ROUTES)[number]['service'];
