import type { AuthResponse, ProblemDetails } from '@primetrade/contracts';
import {
  age,
  type AuthApp,
  Browser,
  hashesMade,
  PASSWORD,
  signUp,
  startAuthApp,
} from '../testing/auth-app.js';

let test: AuthApp;
beforeAll(async () => {
  test = await startAuthApp({ TRUSTED_PROXIES: '127.0.0.1' });
});
afterAll(() => test.close());
beforeEach(() => test.sql('DELETE FROM auth.failed_attempts'));

const login = <T = ProblemDetails>(
  email: string,
  password = 'not the password',
  address = '203.0.113.1',
  browser = new Browser(test.url),
) => browser.post<T>('login', { email, password }, { 'x-forwarded-for': address });

/** Fails so often that the next attempt has to wait. */
async function failOften(email: string, browser?: Browser): Promise<void> {
  for (let count = 1; count <= 5; count += 1) {
    expect((await login(email, undefined, undefined, browser)).status).toBe(401);
  }
}

describe('POST /api/v1/auth/login', () => {
  it('signs in with the address in any case', async () => {
    const { email, userId } = await signUp(test);
    const browser = new Browser(test.url);
    const { status, body, headers } = await login<AuthResponse>(
      ` ${email.toUpperCase()}`,
      PASSWORD,
      undefined,
      browser,
    );
    expect(status).toBe(200);
    expect(body.user.id).toBe(userId);
    expect(headers.get('cache-control')).toBe('no-store');
    expect([...browser.cookies.keys()]).toEqual(['__Host-refresh', '__Host-device']);
    expect((await browser.get('sessions')).status).toBe(200);
  });

  it('takes a password in whichever Unicode form it is typed', async () => {
    const email = 'unicode@example.org';
    await new Browser(test.url).post('register', {
      email,
      password: 'cafe\u0301 ouvert',
      name: 'A',
    });
    expect((await login(email, 'caf\u00e9 ouvert')).status).toBe(200);
  });

  it('answers alike, and hashes alike, whether the account exists or not', async () => {
    const { email } = await signUp(test);
    const before = await hashesMade();
    const wrong = await login(email);
    const between = await hashesMade();
    const unknown = await login('nobody@example.org');
    const after = await hashesMade();
    expect([between - before, after - between]).toEqual([1, 1]);
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    const { instance: _1, ...wrongBody } = wrong.body;
    const { instance: _2, ...unknownBody } = unknown.body;
    expect(wrongBody).toEqual(unknownBody);
    expect(wrongBody.code).toBe('invalid_credentials');
  });

  it.each([
    ['no password', { email: 'a@example.org' }],
    ['an object for a password', { email: 'a@example.org', password: { a: 1 } }],
    ['nothing', undefined],
  ])('refuses %s', async (_what, body) => {
    const answer = await new Browser(test.url).call<ProblemDetails>(
      'POST',
      '/api/v1/auth/login',
      body,
    );
    expect([answer.status, answer.body.code]).toEqual([400, 'validation_failed']);
  });

  it('takes no credentials from the address', async () => {
    const { email } = await signUp(test);
    const query = new URLSearchParams({ email, password: PASSWORD });
    const answer = await new Browser(test.url).post<ProblemDetails>(
      `login?${query.toString()}`,
      {},
    );
    expect(answer.status).toBe(400);
  });
});

describe('waiting after failed attempts', () => {
  it('begins after five and doubles from 1 s to 15 min', async () => {
    const { email } = await signUp(test);
    await failOften(email);
    const waits: number[] = [];
    for (let count = 0; count < 12; count += 1) {
      const [row] = await test.sql<{ seconds: number }>(
        `SELECT extract(epoch FROM blocked_until - last_at)::int AS seconds
         FROM auth.failed_attempts`,
      );
      waits.push(row?.seconds ?? -1);
      await age(test, 'failed_attempts', ['blocked_until'], 900);
      expect((await login(email)).status).toBe(401);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
  });

  it('refuses even the right password, and says when to come back', async () => {
    const { email } = await signUp(test);
    await failOften(email);
    await age(test, 'failed_attempts', ['blocked_until'], -100);
    const { status, body, headers } = await login(email, PASSWORD);
    expect([status, body.code]).toEqual([429, 'too_many_attempts']);
    expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(100);
    await age(test, 'failed_attempts', ['blocked_until'], 102);
    expect((await login(email, PASSWORD)).status).toBe(200);
    expect(await test.sql('SELECT 1 FROM auth.failed_attempts')).toEqual([]);
  });

  it('is for one account and one address', async () => {
    const { email } = await signUp(test);
    const { email: other } = await signUp(test);
    await failOften(email);
    await age(test, 'failed_attempts', ['blocked_until'], -100);
    expect((await login(email, PASSWORD)).status).toBe(429);
    expect((await login(email, PASSWORD, '203.0.113.2')).status).toBe(200);
    expect((await login(other, PASSWORD)).status).toBe(200);
  });

  it('takes a whole IPv6 network for one address', async () => {
    const { email } = await signUp(test);
    for (let count = 1; count <= 5; count += 1)
      await login(email, 'wrong', `2001:db8:0:7::${count}`);
    await age(test, 'failed_attempts', ['blocked_until'], -100);
    expect((await login(email, PASSWORD, '2001:db8:0:7::6')).status).toBe(429);
    expect((await login(email, PASSWORD, '2001:db8:0:8::6')).status).toBe(200);
  });

  it('tells nobody which accounts exist', async () => {
    await failOften('nobody@example.org');
    await age(test, 'failed_attempts', ['blocked_until'], -100);
    expect((await login('nobody@example.org')).status).toBe(429);
  });

  it('lets no more guesses through when they come at once', async () => {
    const { email } = await signUp(test);
    const before = await hashesMade();
    const answers = await Promise.all(Array.from({ length: 30 }, () => login(email)));
    expect(answers.filter((answer) => answer.status === 401)).toHaveLength(5);
    expect((await hashesMade()) - before).toBe(5);
  });

  it('never keeps out a device that the account is known on', async () => {
    const { email, browser } = await signUp(test);
    await failOften(email);
    await age(test, 'failed_attempts', ['blocked_until'], -100);
    expect((await login(email, PASSWORD)).status).toBe(429);
    expect((await login(email, PASSWORD, undefined, browser)).status).toBe(200);
    await failOften(email, browser);
    await age(test, 'failed_attempts', ['blocked_until'], -100);
    expect((await login(email, PASSWORD, undefined, browser)).status).toBe(429);
  });

  it('takes the mark of a device for its own account only', async () => {
    const { email } = await signUp(test);
    const { browser: stranger } = await signUp(test);
    await failOften(email);
    await age(test, 'failed_attempts', ['blocked_until'], -100);
    expect((await login(email, PASSWORD, undefined, stranger)).status).toBe(429);
  });

  it('is forgotten after a day', async () => {
    const { email } = await signUp(test);
    await failOften(email);
    await age(test, 'failed_attempts', ['blocked_until', 'last_at'], 90_000);
    await failOften(email);
  });
});
