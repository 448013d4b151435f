/** The services that answer public paths. */
export const SERVICES = ['auth', 'tasks', 'profile'] as const;
export type ServiceName = (typeof SERVICES)[number];

/**
 * How requests that carry no valid token count against the limit of their address.
 *
 * `by-address` counts those of signed-in callers there too: at these routes accounts are made or
 * guessed, and with a token of one account whoever tries others would have the much higher limit
 * of a signed-in user. `failures-only` counts only requests that fail with a 4xx: these carry a
 * credential of their own, and many people behind one address use them all day.
 */
export type AddressLimit = 'every-request' | 'by-address' | 'failures-only';

export interface PublicRoute {
  /** Whole segments at the beginning of the path. */
  readonly prefix: string;
  readonly service: ServiceName;
  readonly addressLimit?: AddressLimit;
}

/**
 * Which service answers which public path, the same in every shape. The gateway routes by this
 * table; the longest matching prefix wins.
 */
export const ROUTES: readonly PublicRoute[] = [
  { prefix: '/api/v1/auth', service: 'auth' },
  { prefix: '/api/v1/auth/register', service: 'auth', addressLimit: 'by-address' },
  { prefix: '/api/v1/auth/login', service: 'auth', addressLimit: 'by-address' },
  { prefix: '/api/v1/auth/refresh', service: 'auth', addressLimit: 'failures-only' },
  { prefix: '/.well-known/jwks.json', service: 'auth' },
  { prefix: '/api/v1/tasks', service: 'tasks' },
  { prefix: '/api/v1/projects', service: 'tasks' },
  { prefix: '/api/v1/labels', service: 'tasks' },
  { prefix: '/api/v1/events', service: 'tasks' },
  { prefix: '/api/v1/profile', service: 'profile' },
  { prefix: '/api/v1/profile/avatars', service: 'profile', addressLimit: 'failures-only' },
];

const LONGEST_FIRST = ROUTES.toSorted((a, b) => b.prefix.length - a.prefix.length);

/**
 * The row of the table that a path belongs to.
 *
 * @param path without a query
 */
export function routeOf(path: string): PublicRoute | undefined {
  return LONGEST_FIRST.find(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`));
}
