import { randomBytes } from 'node:crypto';
import type { AuthResponse, ProblemDetails } from '@primetrade/contracts';
import { age, type AuthApp, Browser, signUp, startAuthApp } from '../testing/auth-app.js';
import { RETRY_SECONDS } from './sessions.js';

let test: AuthApp;
beforeAll(async () => {
  test = await startAuthApp();
});
afterAll(() => test.close());

const COOKIE = '__Host-refresh';

function refresh(token: string) {
  const browser = new Browser(test.url);
  browser.cookies.set(COOKIE, token);
  return browser
    .post<AuthResponse & ProblemDetails>('refresh')
    .then((answer) => ({ ...answer, token: browser.cookies.get(COOKIE) }));
}

async function session() {
  const { browser, userId } = await signUp(test);
  return { browser, userId, token: browser.cookies.get(COOKIE) as string };
}

/** As if so many seconds had gone by since the last exchange. */
const later = (seconds: number) => age(test, 'sessions', ['rotated_at'], seconds);

describe('POST /api/v1/auth/refresh', () => {
  it('gives a new access token and the next refresh token', async () => {
    const { token, userId } = await session();
    const { status, body, headers, token: next, setCookies } = await refresh(token);
    expect(status).toBe(200);
    expect(body.user.id).toBe(userId);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(next).not.toBe(token);
    expect(setCookies.get(COOKIE)?.split('; ')).toEqual(
      expect.arrayContaining(['Path=/', 'HttpOnly', 'Secure', 'SameSite=Lax']),
    );
    const browser = new Browser(test.url);
    browser.accessToken = body.accessToken;
    expect((await browser.get('sessions')).status).toBe(200);
    expect((await refresh(next as string)).status).toBe(200);
  });

  it('gives 50 requests at once the same child, and keeps the session', async () => {
    const { token } = await session();
    const answers = await Promise.all(Array.from({ length: 50 }, () => refresh(token)));
    expect(answers.map((answer) => answer.status)).toEqual(Array(50).fill(200));
    const children = new Set(answers.map((answer) => answer.token));
    expect(children.size).toBe(1);
    const [child] = children;
    expect((await refresh(child as string)).status).toBe(200);
  });

  it('gives the parent the same child again for a while', async () => {
    const { token } = await session();
    const first = await refresh(token);
    await later(RETRY_SECONDS - 5);
    const again = await refresh(token);
    expect(again.status).toBe(200);
    expect(again.token).toBe(first.token);
  });

  it('ends the whole session when the parent comes later', async () => {
    const { token } = await session();
    const first = await refresh(token);
    await later(RETRY_SECONDS + 1);
    const reused = await refresh(token);
    expect([reused.status, reused.body.code]).toEqual([401, 'session_expired']);
    expect(reused.token).toBeUndefined();
    expect(reused.headers.get('cache-control')).toBe('no-store');
    expect((await refresh(first.token as string)).status).toBe(401);
  });

  it('ends the whole session when an older token comes, however soon', async () => {
    const { token, browser } = await session();
    const child = await refresh(token);
    const grandchild = await refresh(child.token as string);
    expect((await browser.get('sessions')).status).toBe(200);
    expect((await refresh(token)).status).toBe(401);
    expect((await refresh(grandchild.token as string)).status).toBe(401);
    expect((await browser.get('sessions')).status).toBe(401);
  });

  it('lets nobody end a session with a token that was made up', async () => {
    const { token } = await session();
    const bytes = Buffer.from(token, 'base64url');
    const withOtherSecret = Buffer.concat([
      bytes.subarray(0, 32),
      randomBytes(32),
      bytes.subarray(64),
    ]).toString('base64url');
    for (const made of [withOtherSecret, `${token}A`, token.slice(0, -1), 'x', 'a'.repeat(4000)]) {
      expect((await refresh(made)).status).toBe(401);
    }
    expect((await refresh(token)).status).toBe(200);
  });

  it('needs a cookie', async () => {
    const { status, body } = await new Browser(test.url).post<ProblemDetails>('refresh');
    expect([status, body.code]).toEqual([401, 'session_expired']);
  });

  it('prolongs the session, but not beyond its end', async () => {
    const { token, userId } = await session();
    const times = async () => {
      const [row] = await test.sql<{ idle: number; last: boolean }>(
        `SELECT round(extract(epoch FROM expires_at - now()) / 86400)::int AS idle,
           expires_at = ends_at AS last FROM auth.sessions WHERE user_id = $1`,
        [userId],
      );
      return row;
    };
    expect(await times()).toEqual({ idle: 30, last: false });
    await age(test, 'sessions', ['expires_at', 'ends_at'], 20 * 86_400);
    expect(await times()).toEqual({ idle: 10, last: false });
    const next = await refresh(token);
    expect(await times()).toEqual({ idle: 30, last: false });
    await age(test, 'sessions', ['expires_at', 'ends_at', 'rotated_at'], 29 * 86_400);
    await age(test, 'sessions', ['ends_at'], 21 * 86_400);
    const last = await refresh(next.token as string);
    expect(await times()).toEqual({ idle: 20, last: true });
    await age(test, 'sessions', ['expires_at', 'ends_at', 'rotated_at'], 21 * 86_400);
    expect((await refresh(last.token as string)).status).toBe(401);
  });

  it('takes nothing for an account that is being deleted', async () => {
    const { token, userId } = await session();
    await test.sql('UPDATE auth.users SET deleting_at = now() WHERE id = $1', [userId]);
    expect((await refresh(token)).status).toBe(401);
  });
});
