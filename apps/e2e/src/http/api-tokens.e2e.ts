import { ApiTokenList, CreatedApiToken, Profile, Task, TaskPage } from '@primetrade/contracts';
import { Client } from '../support/api.js';
import { addTask } from '../support/tasks.js';
import { newUser } from '../support/users.js';

const TOKENS = '/api/v1/auth/tokens';

describe('API tokens', () => {
  it('do what their scopes say, and nothing else', async () => {
    const { client } = await newUser();
    const task = await addTask(client, { title: 'Read me' });
    const made = await client.post(CreatedApiToken, TOKENS, {
      name: 'reader',
      scopes: ['tasks:read'],
    });
    expect(made.token).toMatch(/^pt_/);
    const script = new Client(made.token);
    const { items } = await script.get(TaskPage, '/api/v1/tasks');
    expect(items.map(({ id }) => id)).toEqual([task.id]);
    const denied = [
      ['POST', '/api/v1/tasks', { title: 'x' }],
      ['PATCH', `/api/v1/tasks/${task.id}`, { title: 'x' }],
      ['DELETE', `/api/v1/tasks/${task.id}`, undefined],
      ['GET', '/api/v1/profile', undefined],
    ] as const;
    for (const [method, path, json] of denied) {
      await script.fails('insufficient_scope', method, path, { json });
    }
  });

  it('with the scope may write', async () => {
    const { client } = await newUser();
    const { token } = await client.post(CreatedApiToken, TOKENS, {
      name: 'writer',
      scopes: ['tasks:write', 'profile:read'],
    });
    const script = new Client(token);
    expect(await script.post(Task, '/api/v1/tasks', { title: 'By script' })).toMatchObject({
      title: 'By script',
    });
    await script.get(Profile, '/api/v1/profile');
    await script.fails('insufficient_scope', 'PATCH', '/api/v1/profile', { json: { bio: 'x' } });
  });

  it('never manage the account, whatever their scopes', async () => {
    const { client, password } = await newUser();
    const { token } = await client.post(CreatedApiToken, TOKENS, {
      name: 'all',
      scopes: ['tasks:read', 'tasks:write', 'profile:read', 'profile:write'],
    });
    const script = new Client(token);
    const denied = [
      ['GET', TOKENS, undefined],
      ['POST', TOKENS, { name: 'more', scopes: ['tasks:read'] }],
      ['GET', '/api/v1/auth/sessions', undefined],
      ['POST', '/api/v1/auth/password', { currentPassword: password, newPassword: password }],
      ['POST', '/api/v1/auth/totp/enrol', { password }],
      ['DELETE', '/api/v1/profile', { password }],
    ] as const;
    for (const [method, path, json] of denied) {
      await script.fails('insufficient_scope', method, path, { json });
    }
  });

  it('are listed without the token, and end at once when they are deleted', async () => {
    const { client } = await newUser();
    const made = await client.post(CreatedApiToken, TOKENS, {
      name: 'short-lived',
      scopes: ['tasks:read'],
      expiresInDays: 1,
    });
    const lifetime = Date.parse(made.expiresAt) - Date.parse(made.createdAt);
    expect(Math.round(lifetime / 3_600_000)).toBe(24);
    const reply = await client.expect(200, 'GET', TOKENS);
    expect(reply.text).not.toContain(made.token);
    const { items } = ApiTokenList.parse(JSON.parse(reply.text));
    expect(items.map(({ id }) => id)).toEqual([made.id]);
    const script = new Client(made.token);
    await script.expect(200, 'GET', '/api/v1/tasks');
    await client.remove(`${TOKENS}/${made.id}`);
    await script.fails('unauthenticated', 'GET', '/api/v1/tasks');
    expect(await client.get(ApiTokenList, TOKENS)).toEqual({ items: [] });
  });

  it('end when the account is deleted', async () => {
    const { client, password } = await newUser();
    const { token } = await client.post(CreatedApiToken, TOKENS, {
      name: 'orphan',
      scopes: ['tasks:read'],
    });
    await client.remove('/api/v1/profile', { json: { password } });
    await new Client(token).fails('unauthenticated', 'GET', '/api/v1/tasks');
  });
});
