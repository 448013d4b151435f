import type { ImportJob } from '@primetrade/contracts';
import type { TasksTestApp, TestUser } from '../../testing/test-tasks-app.js';

/** Uploads a file as it is. */
export async function upload(
  test: TasksTestApp,
  user: TestUser,
  body: string | Buffer,
  { query = '', type = 'text/csv', headers = {} } = {},
): Promise<Response> {
  return fetch(`${test.url}/api/v1/tasks/import${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${user.token}`, 'content-type': type, ...headers },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  });
}

/** Asks until the import has ended. */
export async function ended(user: TestUser, id: string): Promise<ImportJob> {
  for (;;) {
    const job = await user.call<ImportJob>('GET', `/tasks/imports/${id}`);
    if (job.finishedAt !== null) return job;
  }
}
