import { jest } from '@jest/globals';
import { createHash } from 'node:crypto';
import { API_TOKEN_PREFIX, TokenVerifier } from '@primetrade/clients';
import type { ApiToken, CreatedApiToken, ProblemDetails } from '@primetrade/contracts';
import { Clock } from '../crypto/clock.js';
import { age, type AuthApp, Browser, signUp, startAuthApp } from '../testing/auth-app.js';
import { anyNumber, anyString } from '../testing/matchers.js';
import { MAX_TOKENS_PER_USER } from './api-tokens.js';

let test: AuthApp;
beforeAll(async () => {
  test = await startAuthApp();
});
afterAll(() => test.close());

const verify = (token: string) =>
  test.app.get(TokenVerifier, { strict: false }).verifyApiToken(token);
const request = { name: 'Backup', scopes: ['tasks:read', 'tasks:read'], expiresInDays: 7 };

async function create(browser: Browser, key?: string, body: object = request) {
  const headers: Record<string, string> = key === undefined ? {} : { 'idempotency-key': key };
  return browser.post<CreatedApiToken>('tokens', body, headers);
}

async function owner() {
  const { browser, userId } = await signUp(test);
  const { status, body } = await create(browser);
  expect(status).toBe(201);
  return { browser, userId, body };
}

describe('/api/v1/auth/tokens', () => {
  it('makes a token, shows it once and stores its digest', async () => {
    const { browser, userId } = await signUp(test);
    const { status, body, headers } = await create(browser);
    expect(status).toBe(201);
    expect(headers.get('cache-control')).toBe('no-store');
    const { token, ...rest } = body;
    expect(rest).toEqual({
      id: anyString,
      name: 'Backup',
      scopes: ['tasks:read'],
      createdAt: anyString,
      expiresAt: anyString,
      lastUsedAt: null,
    });
    const days = (Date.parse(rest.expiresAt) - Date.parse(rest.createdAt)) / 86_400_000;
    expect(days).toBeCloseTo(7, 1);
    expect(token.startsWith(API_TOKEN_PREFIX)).toBe(true);
    expect(Buffer.from(token.slice(API_TOKEN_PREFIX.length), 'base64url')).toHaveLength(32);
    const list = await browser.get<{ items: ApiToken[] }>('tokens');
    expect(list.body.items).toEqual([rest]);
    const [row] = await test.sql<{ token_hash: Buffer; all: string }>(
      'SELECT token_hash, to_jsonb(t)::text AS all FROM auth.api_tokens t WHERE user_id = $1',
      [userId],
    );
    expect(row?.token_hash).toEqual(createHash('sha256').update(token).digest());
    expect(row?.all).not.toContain(token);
  });

  it('lets a token say who it is for and what it may do', async () => {
    const { userId, body } = await owner();
    expect(await verify(body.token)).toEqual({
      userId,
      role: 'user',
      sessionId: null,
      scopes: ['tasks:read'],
    });
    expect(await verify(`${body.token}x`)).toBeUndefined();
  });

  it('is closed to tokens themselves', async () => {
    const { body, browser: session } = await owner();
    const browser = new Browser(test.url);
    browser.accessToken = body.token;
    for (const answer of [
      await browser.get<ProblemDetails>('tokens'),
      await create(browser),
      await browser.get<ProblemDetails>('sessions'),
      await browser.post('password', { currentPassword: 'a', newPassword: 'b'.repeat(9) }),
      await browser.post('totp/enrol', { password: 'a' }),
    ]) {
      expect(answer.status).toBe(403);
      expect((answer.body as unknown as ProblemDetails).code).toBe('insufficient_scope');
    }
    expect((await browser.post('logout')).status).toBe(204);
    expect((await session.get('sessions')).status).toBe(200);
  });

  it('revokes a token at once, in spite of every cache', async () => {
    const { browser, body } = await owner();
    expect(await verify(body.token)).toBeDefined();
    expect((await browser.delete(`tokens/${body.id}`)).status).toBe(204);
    expect(await verify(body.token)).toBeUndefined();
    expect((await browser.delete(`tokens/${body.id}`)).status).toBe(404);
  });

  it('knows no token of somebody else', async () => {
    const { body } = await owner();
    const { browser: stranger } = await signUp(test);
    expect((await stranger.delete(`tokens/${body.id}`)).status).toBe(404);
    expect((await stranger.get<{ items: ApiToken[] }>('tokens')).body.items).toEqual([]);
    expect(await verify(body.token)).toBeDefined();
  });

  it('lets a token expire, also when it was just verified', async () => {
    const { body } = await owner();
    expect(await verify(body.token)).toBeDefined();
    const clock = jest
      .spyOn(test.app.get(Clock, { strict: false }), 'now')
      .mockImplementation(() => new Date(Date.now() + 8 * 86_400_000));
    expect(await verify(body.token)).toBeUndefined();
    clock.mockRestore();
    const { body: other, browser } = await owner();
    await age(test, 'api_tokens', ['expires_at'], 8 * 86_400);
    expect(await verify(other.token)).toBeUndefined();
    expect((await browser.get<{ items: ApiToken[] }>('tokens')).body.items).toEqual([]);
  });

  it('notes the last use once a minute', async () => {
    const { body, userId } = await owner();
    const lastUse = async () => {
      const [row] = await test.sql<{ last_used_at: Date | null }>(
        'SELECT last_used_at FROM auth.api_tokens WHERE user_id = $1',
        [userId],
      );
      return row?.last_used_at?.getTime();
    };
    const { body: decoy, browser } = await owner();
    /** Whatever is revoked, everything cached is looked up again. */
    const forget = () => browser.delete(`tokens/${decoy.id}`);
    await verify(body.token);
    const first = await lastUse();
    expect(first).toEqual(anyNumber);
    await forget();
    await verify(body.token);
    expect(await lastUse()).toBe(first);
    await age(test, 'api_tokens', ['last_used_at'], 61);
    await forget();
    await verify(body.token);
    expect(await lastUse()).toBeGreaterThanOrEqual(first as number);
  });

  it('gives a repeated request the token of the first', async () => {
    const { browser } = await signUp(test);
    const [first, again] = await Promise.all([create(browser, 'key'), create(browser, 'key')]);
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body).toEqual(first.body);
    const changed = await create(browser, 'key', { ...request, name: 'Other' });
    expect(changed.status).toBe(422);
    expect((await create(browser, 'key2')).body.token).not.toBe(first.body.token);
  });

  it('has a limit for each account', async () => {
    const { browser, userId } = await signUp(test);
    await test.sql(
      `INSERT INTO auth.api_tokens (id, user_id, name, token_hash, scopes, expires_at)
       SELECT gen_random_uuid(), $1, 'x', sha256(n::text::bytea), '{tasks:read}', now() + '1 day'
       FROM generate_series(1, $2::int) n`,
      [userId, MAX_TOKENS_PER_USER],
    );
    const { status, body } = await create(browser);
    expect([status, (body as unknown as ProblemDetails).code]).toEqual([422, 'limit_reached']);
  });

  it.each([
    ['no scope', { ...request, scopes: [] }],
    ['an unknown scope', { ...request, scopes: ['everything'] }],
    ['no end', { ...request, expiresInDays: 366 }],
    ['no name', { ...request, name: ' ' }],
  ])('refuses %s', async (_what, body) => {
    const { browser } = await signUp(test);
    expect((await create(browser, undefined, body)).status).toBe(400);
  });
});
