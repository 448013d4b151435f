import { TokenVerifier } from '@primetrade/clients';
import type { AuthResponse, ProblemDetails } from '@primetrade/contracts';
import { type AuthApp, Browser, PASSWORD, signUp, startAuthApp } from '../testing/auth-app.js';
import { anyString, textLike } from '../testing/matchers.js';

let test: AuthApp;
beforeAll(async () => {
  test = await startAuthApp({ AUTH_ADMIN_EMAILS: 'Chief@Example.org, other@example.org' });
});
afterAll(() => test.close());

const registration = (email: string, password = PASSWORD) => ({ email, password, name: 'Anna' });
const register = <T = AuthResponse>(body: unknown, key?: string) =>
  new Browser(test.url).post<T>(
    'register',
    body,
    key === undefined ? {} : { 'idempotency-key': key },
  );

describe('POST /api/v1/auth/register', () => {
  it('makes an account and signs in to it', async () => {
    const { status, body, headers, setCookies } = await register(
      registration('  Anna@Example.org '),
    );
    expect(status).toBe(201);
    expect(body.user).toEqual({
      id: anyString,
      email: 'anna@example.org',
      name: 'Anna',
      role: 'user',
      totpEnabled: false,
      createdAt: textLike(/^\d{4}-.*\.\d{3}Z$/),
    });
    expect(body.expiresIn).toBe(900);
    expect(headers.get('cache-control')).toBe('no-store');
    for (const name of ['__Host-refresh', '__Host-device']) {
      expect(setCookies.get(name)?.split('; ')).toEqual(
        expect.arrayContaining(['Path=/', 'HttpOnly', 'Secure', 'SameSite=Lax']),
      );
      expect(setCookies.get(name)).not.toMatch(/domain/i);
    }
    const verifier = test.app.get(TokenVerifier, { strict: false });
    expect(await verifier.verifyAccessToken(body.accessToken)).toEqual({
      userId: body.user.id,
      role: 'user',
      sessionId: anyString,
      scopes: null,
    });
  });

  it('takes no other field than it asks for', async () => {
    const id = crypto.randomUUID();
    const wished = { id, role: 'admin', totpEnabled: true, createdAt: '2000-01-01T00:00:00Z' };
    const { status, body } = await register({ ...registration('eve@example.org'), ...wished });
    expect(status).toBe(201);
    expect(body.user).toMatchObject({ role: 'user', totpEnabled: false });
    expect(body.user.id).not.toBe(id);
    expect(body.user.createdAt).not.toBe(wished.createdAt);
  });

  it('stores neither the password nor a token that works', async () => {
    const { browser, userId } = await signUp(test);
    const [user] = await test.sql<{ password_hash: string }>(
      'SELECT password_hash FROM auth.users WHERE id = $1',
      [userId],
    );
    expect(user?.password_hash).toMatch(/^\$argon2id\$/);
    const rows = await test.sql<{ row: string }>(
      `SELECT to_jsonb(s)::text || to_jsonb(u)::text AS row
       FROM auth.sessions s JOIN auth.users u ON u.id = s.user_id WHERE u.id = $1`,
      [userId],
    );
    const token = browser.cookies.get('__Host-refresh') as string;
    const plain = Buffer.from(token, 'base64url');
    for (const secret of [token, plain.toString('hex'), browser.accessToken as string, PASSWORD]) {
      expect(rows[0]?.row).not.toContain(secret);
    }
  });

  it('keeps an address for one account, whatever its case', async () => {
    const { email } = await signUp(test);
    const { status, body } = await register<ProblemDetails>(registration(email.toUpperCase()));
    expect([status, body.code]).toEqual([409, 'email_taken']);
  });

  it.each([
    ['a common one', 'Password123', 'anna1@example.org'],
    ['one in full-width letters', 'ｐａｓｓｗｏｒｄ１２３', 'anna2@example.org'],
    ['the address', 'anna3@EXAMPLE.org', 'anna3@example.org'],
    ['the address without its host', 'anna.long.name', 'anna.long.name@example.org'],
  ])('refuses %s as a password', async (_what, password, email) => {
    const { status, body } = await register<ProblemDetails>(registration(email, password));
    expect([status, body.code]).toEqual([422, 'password_compromised']);
  });

  it.each([
    ['a short password', registration('a@example.org', '1234567')],
    ['a long password', registration('a@example.org', 'x'.repeat(129))],
    ['no address', { password: PASSWORD, name: 'Anna' }],
    ['an address that is none', registration('anna')],
    ['a lone surrogate', registration('a@example.org', 'abcdefgh\ud800')],
    ['wrong types', { email: 1, password: {}, name: [] }],
    ['nothing', null],
  ])('refuses %s', async (_what, body) => {
    const answer = await register<ProblemDetails>(body);
    expect([answer.status, answer.body.code]).toEqual([400, 'validation_failed']);
  });

  it('signs in anew when a lost answer is asked for again', async () => {
    const body = registration('lost@example.org');
    const first = await register(body, 'key-of-lost');
    const again = await register(body, 'key-of-lost');
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body.user).toEqual(first.body.user);
    expect(again.setCookies.get('__Host-refresh')).not.toBe(first.setCookies.get('__Host-refresh'));
    const other = await register<ProblemDetails>(
      { ...body, password: 'another one 42' },
      'key-of-lost',
    );
    expect([other.status, other.body.code]).toEqual([409, 'email_taken']);
    expect((await register(body, 'another-key')).status).toBe(409);
    expect((await register(body)).status).toBe(409);
  });

  it('makes one account of many requests with one key', async () => {
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => register(registration('many@example.org'), 'key-of-many')),
    );
    expect(answers.map((answer) => answer.status)).toEqual([201, 201, 201, 201, 201]);
    expect(new Set(answers.map((answer) => answer.body.user.id)).size).toBe(1);
  });

  it('makes the accounts of AUTH_ADMIN_EMAILS admin', async () => {
    const { body } = await register(registration('chief@example.org'));
    expect(body.user.role).toBe('admin');
  });
});
