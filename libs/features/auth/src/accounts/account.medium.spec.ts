import { AccountClient, TokenVerifier } from '@primetrade/clients';
import type { CreatedApiToken } from '@primetrade/contracts';
import { Database } from '@primetrade/platform-database';
import { age, type AuthApp, Browser, PASSWORD, signUp, startAuthApp } from '../testing/auth-app.js';
import { textLike } from '../testing/matchers.js';
import { Cleanup } from '../cleanup.js';

let test: AuthApp;
let accounts: AccountClient;
beforeAll(async () => {
  test = await startAuthApp();
  accounts = test.app.get(AccountClient, { strict: false });
});
afterAll(() => test.close());

const NOBODY = '0198f4d2-0000-7000-8000-000000000000';

describe('AccountClient', () => {
  it('knows accounts and renames them', async () => {
    const { userId, email } = await signUp(test);
    const summary = {
      id: userId,
      email,
      name: 'Anna',
      role: 'user',
      createdAt: textLike(/Z$/),
    };
    expect(await accounts.get(userId)).toEqual(summary);
    expect(await accounts.rename(userId, 'Ben')).toEqual({ ...summary, name: 'Ben' });
    expect(await accounts.get(userId)).toEqual({ ...summary, name: 'Ben' });
    expect(await accounts.get(NOBODY)).toBeUndefined();
    await expect(accounts.rename(NOBODY, 'Ben')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('exports what is kept of a person, without secrets', async () => {
    const { userId, browser } = await signUp(test);
    const { body: token } = await browser.post<CreatedApiToken>('tokens', {
      name: 'Backup',
      scopes: ['tasks:read'],
    });
    const exported = await accounts.export(userId);
    expect(exported).toEqual({
      user: expect.objectContaining({ id: userId }) as unknown,
      sessions: [expect.objectContaining({ ip: '127.0.0.1' })],
      apiTokens: [expect.objectContaining({ name: 'Backup' })],
    });
    const text = JSON.stringify(exported);
    for (const secret of ['argon2', token.token, 'hash']) expect(text).not.toContain(secret);
  });

  it('starts a deletion: nothing can be used any more, at once', async () => {
    const { userId, email, browser } = await signUp(test);
    const { body: token } = await browser.post<CreatedApiToken>('tokens', {
      name: 'Backup',
      scopes: ['tasks:read'],
    });
    const verifier = test.app.get(TokenVerifier, { strict: false });
    expect(await verifier.verifyApiToken(token.token)).toBeDefined();
    await expect(accounts.startDeletion(userId, 'wrong one')).rejects.toMatchObject({
      code: 'password_wrong',
    });
    expect(await accounts.get(userId)).toBeDefined();

    await accounts.startDeletion(userId, PASSWORD);
    expect(await accounts.get(userId)).toBeUndefined();
    expect(await verifier.verifyApiToken(token.token)).toBeUndefined();
    expect((await browser.get('sessions')).status).toBe(401);
    expect((await browser.post('refresh')).status).toBe(401);
    const login = await new Browser(test.url).post('login', { email, password: PASSWORD });
    expect([login.status, login.body['code']]).toEqual([401, 'invalid_credentials']);
    const register = { email, password: PASSWORD, name: 'Anna' };
    expect((await new Browser(test.url).post('register', register)).status).toBe(409);
    await expect(accounts.startDeletion(userId, PASSWORD)).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('starts a deletion for good, whatever becomes of the caller', async () => {
    const { userId } = await signUp(test);
    const database = test.app.get(Database, { strict: false });
    const work = database.write(userId, async () => {
      await accounts.startDeletion(userId, PASSWORD);
      throw new Error('the caller failed');
    });
    await expect(work).rejects.toThrow('the caller failed');
    expect(await accounts.get(userId)).toBeUndefined();
  });

  it('finishes a deletion completely, and lists those that are not', async () => {
    const { userId, email } = await signUp(test);
    await accounts.finishDeletion(userId);
    expect(await accounts.get(userId)).toBeDefined();
    await accounts.startDeletion(userId, PASSWORD);
    expect(await accounts.unfinishedDeletions()).not.toContain(userId);
    await age(test, 'users', ['deleting_at'], 61);
    expect(await accounts.unfinishedDeletions()).toContain(userId);
    await accounts.finishDeletion(userId);
    await accounts.finishDeletion(userId);
    expect(await accounts.unfinishedDeletions()).not.toContain(userId);
    for (const table of ['sessions', 'api_tokens', 'recovery_codes']) {
      expect(await test.sql(`SELECT 1 FROM auth.${table} WHERE user_id = $1`, [userId])).toEqual(
        [],
      );
    }
    expect(await signUp(test, email)).toMatchObject({ email });
  });

  it('makes who guesses the password wait', async () => {
    const { userId } = await signUp(test);
    for (let count = 1; count <= 5; count += 1) {
      await accounts.startDeletion(userId, 'wrong one').catch(() => undefined);
    }
    await test.sql(`UPDATE auth.failed_attempts SET blocked_until = now() + interval '1 minute'`);
    await expect(accounts.startDeletion(userId, PASSWORD)).rejects.toMatchObject({
      code: 'too_many_attempts',
    });
  });
});

describe('the cleanup', () => {
  it('deletes what is of no use any more and nothing else', async () => {
    await test.sql('DELETE FROM auth.users');
    await test.sql('DELETE FROM auth.failed_attempts');
    const { email } = await signUp(test);
    const fail = () => new Browser(test.url).post('login', { email, password: 'wrong one' });
    await fail();
    const { browser } = await signUp(test);
    await browser.post('tokens', { name: 'Backup', scopes: ['tasks:read'], expiresInDays: 1 });
    await browser.post('logout');
    const counts = async () => {
      const [row] = await test.sql(
        `SELECT (SELECT count(*)::int FROM auth.sessions) AS sessions,
           (SELECT count(*)::int FROM auth.api_tokens) AS tokens,
           (SELECT count(*)::int FROM auth.failed_attempts) AS failures`,
      );
      return row;
    };
    const cleanup = test.app.get(Cleanup, { strict: false });
    await cleanup.run();
    expect(await counts()).toEqual({ sessions: 2, tokens: 1, failures: 1 });
    await age(test, 'sessions', ['revoked_at'], 86_401);
    await age(test, 'api_tokens', ['expires_at'], 86_401);
    await age(test, 'failed_attempts', ['last_at'], 86_401);
    await cleanup.run();
    expect(await counts()).toEqual({ sessions: 1, tokens: 0, failures: 0 });
    await age(test, 'sessions', ['expires_at'], 31 * 86_400);
    await cleanup.run();
    expect(await counts()).toEqual({ sessions: 0, tokens: 0, failures: 0 });
  });
});
