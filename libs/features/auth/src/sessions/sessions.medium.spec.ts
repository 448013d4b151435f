import { TokenVerifier } from '@primetrade/clients';
import type { ChangeEvent, Session } from '@primetrade/contracts';
import { EventBus } from '@primetrade/platform-events';
import { type AuthApp, Browser, PASSWORD, signUp, startAuthApp } from '../testing/auth-app.js';
import { anyString, textLike } from '../testing/matchers.js';

let test: AuthApp;
beforeAll(async () => {
  test = await startAuthApp();
});
afterAll(() => test.close());

/** Another browser in which the account is signed in to. */
async function signIn(email: string, userAgent = 'a browser'): Promise<Browser> {
  const browser = new Browser(test.url);
  const headers = { 'user-agent': userAgent };
  expect((await browser.post('login', { email, password: PASSWORD }, headers)).status).toBe(200);
  return browser;
}
const list = async (browser: Browser) => {
  const { status, body } = await browser.get<{ items: Session[] }>('sessions');
  expect(status).toBe(200);
  return body.items;
};
const ofUse = async (browser: Browser) => (await browser.get('sessions')).status;
const verifies = (token: string) =>
  test.app.get(TokenVerifier, { strict: false }).verifyAccessToken(token);

describe('POST /api/v1/auth/logout', () => {
  it('ends all use at once, in spite of every cache', async () => {
    const { browser, userId } = await signUp(test);
    const accessToken = browser.accessToken as string;
    const refreshToken = browser.cookies.get('__Host-refresh') as string;
    expect(await verifies(accessToken)).toMatchObject({ userId });
    const { status, setCookies, headers } = await browser.post('logout');
    expect(status).toBe(204);
    expect(setCookies.get('__Host-refresh')).toMatch(/^__Host-refresh=;.*Max-Age=0/);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(await verifies(accessToken)).toBeUndefined();
    expect(await ofUse(browser)).toBe(401);
    browser.cookies.set('__Host-refresh', refreshToken);
    expect((await browser.post('refresh')).status).toBe(401);
  });

  it('needs the cookie alone', async () => {
    const { browser } = await signUp(test);
    const accessToken = browser.accessToken as string;
    browser.accessToken = undefined;
    expect((await browser.post('logout')).status).toBe(204);
    expect(await verifies(accessToken)).toBeUndefined();
  });

  it('needs the access token alone', async () => {
    const { browser } = await signUp(test);
    browser.cookies.clear();
    expect((await browser.post('logout')).status).toBe(204);
    expect(await ofUse(browser)).toBe(401);
  });

  it('is done already for who is not signed in', async () => {
    expect((await new Browser(test.url).post('logout')).status).toBe(204);
  });

  it('keeps the mark of the device', async () => {
    const { browser } = await signUp(test);
    await browser.post('logout');
    expect([...browser.cookies.keys()]).toEqual(['__Host-device']);
  });
});

describe('/api/v1/auth/sessions', () => {
  it('lists where the account is signed in', async () => {
    const { browser, email } = await signUp(test);
    await signIn(email, `Mozilla/5.0 ${'x'.repeat(1000)}`);
    const sessions = await list(browser);
    expect(sessions).toHaveLength(2);
    expect(sessions.map((session) => session.current).sort()).toEqual([false, true]);
    const other = sessions.find((session) => !session.current);
    expect(other).toEqual({
      id: anyString,
      current: false,
      userAgent: textLike(/^Mozilla\/5\.0 x+$/),
      ip: '127.0.0.1',
      createdAt: anyString,
      lastUsedAt: anyString,
      expiresAt: anyString,
    });
    expect(other?.userAgent).toHaveLength(300);
  });

  it('ends another one at once and tells the browsers of the account', async () => {
    const { browser, email, userId } = await signUp(test);
    const other = await signIn(email);
    const id = (await list(other)).find((session) => session.current)?.id as string;
    const events: unknown[] = [];
    const subscription = test.app
      .get(EventBus, { strict: false })
      .subscribe(userId)
      .subscribe((event) => events.push(event));
    expect((await browser.delete(`sessions/${id}`)).status).toBe(204);
    subscription.unsubscribe();
    expect(await ofUse(other)).toBe(401);
    expect((await other.post('refresh')).status).toBe(401);
    expect(await ofUse(browser)).toBe(200);
    expect(await list(browser)).toHaveLength(1);
    expect(events).toEqual([{ type: 'session.revoked', sessionId: id }] satisfies ChangeEvent[]);
    expect((await browser.delete(`sessions/${id}`)).status).toBe(404);
  });

  it('knows no session of somebody else', async () => {
    const { browser: stranger } = await signUp(test);
    const { browser } = await signUp(test);
    const [session] = await list(browser);
    expect((await stranger.delete(`sessions/${session?.id}`)).status).toBe(404);
    expect(await ofUse(browser)).toBe(200);
  });

  it('is closed to who is not signed in', async () => {
    const nobody = new Browser(test.url);
    expect((await nobody.get('sessions')).status).toBe(401);
    expect((await nobody.delete('sessions/0198f4d2-0000-7000-8000-000000000000')).status).toBe(401);
  });

  it('refuses an id that is none', async () => {
    const { browser } = await signUp(test);
    expect((await browser.delete('sessions/1')).status).toBe(400);
  });
});

describe('POST /api/v1/auth/password', () => {
  const NEW = 'a different battery';
  const change = (browser: Browser, currentPassword: string, newPassword = NEW, key?: string) =>
    browser.post(
      'password',
      { currentPassword, newPassword },
      key === undefined ? {} : { 'idempotency-key': key },
    );
  const login = async (email: string, password: string) =>
    (await new Browser(test.url).post('login', { email, password })).status;

  it('changes it and ends all other sessions at once', async () => {
    const { browser, email } = await signUp(test);
    const other = await signIn(email);
    expect(await ofUse(other)).toBe(200);
    expect((await change(browser, PASSWORD)).status).toBe(204);
    expect(await ofUse(other)).toBe(401);
    expect((await other.post('refresh')).status).toBe(401);
    expect(await ofUse(browser)).toBe(200);
    expect((await browser.post('refresh')).status).toBe(200);
    expect(await login(email, PASSWORD)).toBe(401);
    expect(await login(email, NEW)).toBe(200);
  });

  it('asks for the current one, and makes who guesses wait', async () => {
    const { browser } = await signUp(test);
    for (let count = 1; count <= 5; count += 1) {
      const { status, body } = await change(browser, 'wrong one');
      expect([status, body['code']]).toEqual([403, 'password_wrong']);
    }
    await test.sql(`UPDATE auth.failed_attempts SET blocked_until = now() + interval '1 minute'`);
    expect((await change(browser, PASSWORD)).status).toBe(429);
    await test.sql('DELETE FROM auth.failed_attempts');
  });

  it('refuses a known password', async () => {
    const { browser } = await signUp(test);
    const { status, body } = await change(browser, PASSWORD, 'password123');
    expect([status, body['code']]).toEqual([422, 'password_compromised']);
    expect((await change(browser, PASSWORD, 'short')).status).toBe(400);
  });

  it('answers a repeat as it answered the lost first request', async () => {
    const { browser, email } = await signUp(test);
    expect((await change(browser, PASSWORD, NEW, 'change-1')).status).toBe(204);
    expect((await change(browser, PASSWORD, NEW, 'change-1')).status).toBe(204);
    expect((await change(browser, PASSWORD)).status).toBe(403);
    expect(await login(email, NEW)).toBe(200);
  });

  it('lets one of two changes at once count', async () => {
    const { browser, email } = await signUp(test);
    const passwords = ['the first battery', 'the second battery'];
    const answers = await Promise.all(passwords.map((next) => change(browser, PASSWORD, next)));
    const counted = answers.map((answer) => answer.status === 204);
    expect(counted.filter(Boolean)).toHaveLength(1);
    expect(await login(email, passwords[counted.indexOf(true)] as string)).toBe(200);
  });
});
