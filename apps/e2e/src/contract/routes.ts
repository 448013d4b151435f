import type { Owner } from '../support/owned.js';
import { freshEmail, freshPassword } from '../support/users.js';

/** What a request to a route consists of, beside its method. */
export interface Sample {
  /** By default the route's own path, which then has no parameters. */
  path?: string;
  json?: unknown;
  /** Sent instead of JSON. */
  body?: string;
  contentType?: string;
}

export interface Route {
  /**
   * public: for everyone. own: acts on the caller and what is theirs, and names no object.
   * object: names an object, which only its owner may reach.
   */
  access: 'public' | 'own' | 'object';
  /** A request that is right when `owner` sends it. */
  sample: (owner: Owner) => Sample;
}

const nothing = () => ({});
const open = (sample: Route['sample'] = nothing): Route => ({ access: 'public', sample });
const own = (sample: Route['sample'] = nothing): Route => ({ access: 'own', sample });
const object = (sample: Route['sample']): Route => ({ access: 'object', sample });

const AUTH = '/api/v1/auth';
const TASKS = '/api/v1/tasks';
const PROJECTS = '/api/v1/projects';
const LABELS = '/api/v1/labels';

const credentials = ({ email, password }: Owner) => ({ email, password });
const task = (owner: Owner) => ({ path: `${TASKS}/${owner.task.id}` });
const project = (owner: Owner) => ({ path: `${PROJECTS}/${owner.project.id}` });
const label = (owner: Owner) => ({ path: `${LABELS}/${encodeURIComponent(owner.label.name)}` });

/**
 * Every route of the API. A route that is missing here fails a test: whoever adds one says who may
 * reach it.
 */
export const ROUTES: Readonly<Record<string, Route>> = {
  'GET /health': open(),
  'GET /ready': open(),
  'GET /.well-known/jwks.json': open(),

  [`POST ${AUTH}/register`]: open(() => ({
    json: { email: freshEmail(), password: freshPassword(), name: 'New' },
  })),
  [`POST ${AUTH}/login`]: open((owner) => ({ json: { ...credentials(owner), totp: '123456' } })),
  [`POST ${AUTH}/refresh`]: open(),
  [`POST ${AUTH}/logout`]: open(),
  [`GET ${AUTH}/sessions`]: own(),
  [`DELETE ${AUTH}/sessions/{id}`]: object(({ session }) => ({
    path: `${AUTH}/sessions/${session.id}`,
  })),
  [`POST ${AUTH}/password`]: own(({ password }) => ({
    json: { currentPassword: password, newPassword: freshPassword() },
  })),
  [`POST ${AUTH}/totp/enrol`]: own(({ password }) => ({ json: { password } })),
  [`POST ${AUTH}/totp/confirm`]: own(() => ({ json: { code: '123456' } })),
  [`POST ${AUTH}/totp/disable`]: own(({ password }) => ({ json: { password } })),
  [`GET ${AUTH}/tokens`]: own(),
  [`POST ${AUTH}/tokens`]: own(() => ({
    json: { name: 'token', scopes: ['tasks:read'], expiresInDays: 7 },
  })),
  [`DELETE ${AUTH}/tokens/{id}`]: object(({ apiToken }) => ({
    path: `${AUTH}/tokens/${apiToken.id}`,
  })),

  'GET /api/v1/profile': own(),
  'PATCH /api/v1/profile': own(() => ({
    json: { name: 'New', bio: 'new', timeZone: 'UTC', weekStart: 1, theme: 'dark' },
  })),
  'DELETE /api/v1/profile': own(({ password }) => ({ json: { password } })),
  'GET /api/v1/profile/export': own(),
  'PUT /api/v1/profile/avatar': own(() => ({ body: 'pixels', contentType: 'image/png' })),
  'DELETE /api/v1/profile/avatar': own(),
  // An <img> sends no token; the path holds a hash that only the owner is told.
  'GET /api/v1/profile/avatars/{userId}/{hash}.webp': open((owner) => ({
    path: `/api/v1/profile/avatars/${owner.user.id}/${'0'.repeat(32)}.webp`,
  })),

  [`GET ${PROJECTS}`]: own(),
  [`POST ${PROJECTS}`]: own(() => ({ json: { name: 'Project', color: '#123456' } })),
  [`GET ${PROJECTS}/{id}`]: object(project),
  [`PATCH ${PROJECTS}/{id}`]: object((owner) => ({
    ...project(owner),
    json: { name: 'Renamed', color: '#654321', archived: false, afterId: null },
  })),
  [`DELETE ${PROJECTS}/{id}`]: object(project),

  [`GET ${LABELS}`]: own(),
  [`POST ${LABELS}`]: own(() => ({ json: { name: freshEmail(), color: '#123456' } })),
  [`PATCH ${LABELS}/{name}`]: object((owner) => ({
    ...label(owner),
    json: { name: 'renamed', color: '#654321' },
  })),
  [`DELETE ${LABELS}/{name}`]: object(label),

  [`GET ${TASKS}`]: own(),
  [`POST ${TASKS}`]: own((owner) => ({
    json: {
      title: 'Task',
      description: 'Text',
      status: 'todo',
      priority: 'low',
      dueAt: '2031-01-01T00:00:00Z',
      labels: ['one'],
      projectId: owner.project.id,
      parentId: owner.task.id,
    },
  })),
  [`GET ${TASKS}/{id}`]: object(task),
  [`PATCH ${TASKS}/{id}`]: object((owner) => ({
    ...task(owner),
    json: {
      title: 'Changed',
      description: 'Text',
      status: 'done',
      priority: 'low',
      dueAt: null,
      labels: ['one'],
      projectId: null,
      parentId: null,
      afterId: null,
    },
  })),
  [`DELETE ${TASKS}/{id}`]: object(task),
  [`POST ${TASKS}/{id}/restore`]: object(({ trashed }) => ({
    path: `${TASKS}/${trashed.id}/restore`,
  })),
  [`POST ${TASKS}/bulk`]: own((owner) => ({
    json: {
      operations: [
        { op: 'update', id: owner.task.id, version: 1, changes: { title: 'Changed' } },
        { op: 'create', task: { title: 'Created' } },
      ],
    },
  })),
  [`GET ${TASKS}/stats`]: own(),
  [`POST ${TASKS}/import`]: own(() => ({ body: 'title\nImported\n', contentType: 'text/csv' })),
  [`GET ${TASKS}/imports`]: own(),
  [`GET ${TASKS}/imports/{id}`]: object(({ importJob }) => ({
    path: `${TASKS}/imports/${importJob.id}`,
  })),
  [`GET ${TASKS}/export`]: own(),
  'GET /api/v1/events': own(),
};

/** `GET /api/v1/tasks/{id}` in its two parts. */
export function methodAndPath(name: string) {
  const [method, path] = name.split(' ') as ['GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', string];
  return { method, path };
}
