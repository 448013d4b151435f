import { authSchema } from '@primetrade/feature-auth';
import { profileSchema } from '@primetrade/feature-profile';
import { tasksSchema } from '@primetrade/feature-tasks';
import { startTestApp, type TestApp } from '@primetrade/testing';
import pg from 'pg';
import { AppModule } from './app.module.js';

/** The smallest GIF there is: one pixel. */
const IMAGE = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
const password = 'a password that nobody guesses';

describe('deleting an account, all features together', () => {
  let test: TestApp;
  let database: pg.Client;
  beforeAll(async () => {
    test = await startTestApp(AppModule, [authSchema, tasksSchema, profileSchema]);
    database = new pg.Client({ connectionString: test.database.url });
    await database.connect();
  });
  afterAll(async () => {
    await database.end();
    await test.close();
  });

  async function send(token: string, method: string, path: string, body: unknown, type?: string) {
    const response = await fetch(`${test.url}/api/v1/${path}`, {
      method,
      headers: {
        'content-type': type ?? 'application/json',
        ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
        ...(method === 'POST' ? { 'idempotency-key': path } : {}),
      },
      body: Buffer.isBuffer(body) ? body : JSON.stringify(body),
    });
    const text = await response.text();
    expect(`${response.status} ${text}`).toMatch(/^2/);
    return text === '' ? undefined : (JSON.parse(text) as Record<string, unknown>);
  }

  /** Someone who uses everything that stores something. */
  async function person(email: string): Promise<{ id: string; email: string; token: string }> {
    const account = { email, password, name: 'Anna' };
    const registered = await send('', 'POST', 'auth/register', account);
    const token = registered?.['accessToken'] as string;
    const { id } = registered?.['user'] as { id: string };
    const project = await send(token, 'POST', 'projects', { name: 'Garden' });
    const projectId = project?.['id'];
    const task = { title: 'Dig', labels: ['outside'], projectId };
    await send(token, 'POST', 'tasks', task);
    await send(token, 'POST', 'tasks/import', Buffer.from('title\nSow\n'), 'text/csv');
    await send(token, 'POST', 'auth/tokens', { name: 'script', scopes: ['tasks:read'] });
    await send(token, 'PATCH', 'profile', { bio: 'Gardener' });
    await send(token, 'PUT', 'profile/avatar', IMAGE, 'image/gif');
    return { id, email, token };
  }

  /** The tables of all features with rows that mention a person in any column. */
  async function tablesWith({ id, email }: { id: string; email: string }): Promise<string[]> {
    const { rows } = await database.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
       WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`,
    );
    const found: string[] = [];
    for (const { name } of rows) {
      const { rowCount } = await database.query(
        `SELECT 1 FROM ${name} AS row
         WHERE position($1 in to_jsonb(row)::text) + position($2 in to_jsonb(row)::text) > 0`,
        [id, email],
      );
      if (rowCount !== 0) found.push(name);
    }
    return found;
  }

  it('leaves not one row of the person in any table, and every row of others', async () => {
    const anna = await person('anna@example.org');
    const ben = await person('ben@example.org');
    const before = await tablesWith(anna);
    expect(before).toEqual(
      expect.arrayContaining([
        'profile.avatars',
        'profile.profiles',
        'tasks.idempotency_keys',
        'tasks.labels',
        'tasks.projects',
        'tasks.tasks',
      ]),
    );
    expect(before.filter((table) => table.startsWith('auth.')).length).toBeGreaterThan(2);
    await send(anna.token, 'DELETE', 'profile', { password });
    expect(await tablesWith(anna)).toEqual([]);
    expect(await tablesWith(ben)).toEqual(before);
  });
});
