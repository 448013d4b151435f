import { randomUUID } from 'node:crypto';
import {
  AuthResponse,
  BULK_MAX_OPERATIONS,
  BulkResponse,
  Label,
  Project,
  ProjectList,
  TaskPage,
} from '@primetrade/contracts';
import { Api, ApiError } from './api.js';
import { DEMO_LABELS, DEMO_PROJECTS, demoTasks } from './demo-tasks.js';
import { orderedIds } from './ordered-ids.js';

/** Known to everyone who reads this; the account holds invented tasks alone. */
export const DEMO_ACCOUNT = {
  email: 'demo@primetrade.example',
  password: 'look-around-primetrade',
  name: 'Robin Hale',
};

/** created: filled now. exists: it had tasks. changed: its password is another one by now. */
export type DemoResult = 'created' | 'exists' | 'changed';

/**
 * Makes sure that there is a demo account with tasks, through the public API of the running
 * server. An account that has tasks is left as it is.
 *
 * @param origin where the server listens, without a slash at the end
 * @param today due times are relative to this day
 * @throws ApiError when the server refuses for another reason than that the account exists
 */
export async function seedDemo(origin: string, today: Date): Promise<DemoResult> {
  const api = new Api(origin);
  try {
    api.signIn(await registerOrLogIn(api));
  } catch (error) {
    if (error instanceof ApiError && LOCKED_OUT.has(error.code)) return 'changed';
    throw error;
  }
  const { items } = await api.get('/api/v1/tasks?limit=1', TaskPage);
  if (items.length > 0) return 'exists';
  await createLabels(api);
  await createTasks(api, today, await createProjects(api));
  return 'created';
}

const LOCKED_OUT = new Set(['invalid_credentials', 'totp_required', 'too_many_attempts']);

/** Registering first: an attempt to sign in to a missing account would count as a failed one. */
async function registerOrLogIn(api: Api): Promise<string> {
  const { email, password } = DEMO_ACCOUNT;
  try {
    return (await api.post('/api/v1/auth/register', DEMO_ACCOUNT, AuthResponse, randomUUID()))
      .accessToken;
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'email_taken') throw error;
  }
  return (await api.post('/api/v1/auth/login', { email, password }, AuthResponse, randomUUID()))
    .accessToken;
}

async function createLabels(api: Api): Promise<void> {
  for (const label of DEMO_LABELS) {
    try {
      await api.post('/api/v1/labels', label, Label, randomUUID());
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'already_exists') throw error;
    }
  }
}

/** The projects by name; those that an interrupted run has created are used again. */
async function createProjects(api: Api): Promise<Map<string, string>> {
  const { items } = await api.get('/api/v1/projects', ProjectList);
  const ids = new Map(items.map(({ name, id }) => [name, id]));
  for (const project of DEMO_PROJECTS) {
    if (ids.has(project.name)) continue;
    const { id } = await api.post('/api/v1/projects', project, Project, randomUUID());
    ids.set(project.name, id);
  }
  return ids;
}

/** All or none, because a bulk call is atomic: an interrupted run leaves no half of them. */
async function createTasks(
  api: Api,
  today: Date,
  projectIds: ReadonlyMap<string, string>,
): Promise<void> {
  const operations = demoTasks(today, projectIds, orderedIds()).map((task) => ({
    op: 'create' as const,
    task,
  }));
  if (operations.length > BULK_MAX_OPERATIONS) throw new RangeError('too many demo tasks');
  await api.post('/api/v1/tasks/bulk', { operations }, BulkResponse, randomUUID());
}
