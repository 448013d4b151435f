import type { AuthResponse, ProblemDetails } from '@primetrade/contracts';
import { createTestDatabase, type TestDatabase } from '@primetrade/testing';
import { authSchema } from '../auth.schema.js';
import { PasswordHasher } from '../passwords/password-hasher.js';
import type { Turnstile } from '../passwords/turnstile.js';
import {
  type AuthApp,
  Browser,
  hashesMade,
  PASSWORD,
  signUp,
  startAuthApp,
} from '../testing/auth-app.js';

// One app after another: passport knows strategies by name, once a process.
let database: TestDatabase;
let test: AuthApp | undefined;
beforeAll(async () => {
  database = await createTestDatabase([authSchema]);
});
afterEach(() => stop());
afterAll(() => database.drop());

async function stop(): Promise<void> {
  const running = test;
  test = undefined;
  await running?.close();
}

async function restart(env: Record<string, string> = {}): Promise<AuthApp> {
  await stop();
  return (test = await startAuthApp(env, database));
}

const login = <T = ProblemDetails>(app: AuthApp, email: string, password = PASSWORD) =>
  new Browser(app.url).post<T>('login', { email, password });

describe('settings of sign-in', () => {
  it('hashes anew when the parameters have changed', async () => {
    const { email, userId } = await signUp(await restart());
    const app = await restart({ PASSWORD_HASH_PASSES: '3' });
    expect((await login(app, email)).status).toBe(200);
    const [user] = await app.sql<{ password_hash: string }>(
      'SELECT password_hash FROM auth.users WHERE id = $1',
      [userId],
    );
    expect(user?.password_hash).toContain('m=64,t=3,p=1');
    const before = await hashesMade();
    expect((await login(app, email)).status).toBe(200);
    expect((await hashesMade()) - before).toBe(1);
  });

  it('makes an account admin once AUTH_ADMIN_EMAILS names it', async () => {
    const { email } = await signUp(await restart());
    const app = await restart({ AUTH_ADMIN_EMAILS: ` ${email.toUpperCase()} ,` });
    const { body } = await login<AuthResponse>(app, email);
    expect(body.user.role).toBe('admin');
  });

  it('uses plain cookies where there is no https', async () => {
    const { browser } = await signUp(await restart({ COOKIE_SECURE: 'false' }));
    expect([...browser.cookies.keys()]).toEqual(['refresh', 'device']);
    const { status, setCookies } = await browser.post('refresh');
    expect(status).toBe(200);
    expect(setCookies.get('refresh')).not.toMatch(/secure/i);
  });

  it('sheds what it cannot hash in time, and counts it against nobody', async () => {
    const { email } = await signUp(await restart());
    const app = await restart({ PASSWORD_HASH_CONCURRENCY: '1', PASSWORD_HASH_WAIT_MS: '50' });
    const hasher = app.app.get(PasswordHasher, { strict: false });
    let finish: () => void = () => undefined;
    const busy = (Reflect.get(hasher, 'turnstile') as Turnstile).run(
      () => new Promise<void>((resolve) => (finish = resolve)),
    );
    const { status, body, headers } = await login(app, email);
    finish();
    await busy;
    expect([status, body.code]).toEqual([503, 'overloaded']);
    expect(headers.get('retry-after')).toBe('1');
    const rows = await app.sql('SELECT failures FROM auth.failed_attempts');
    expect(rows).toEqual([{ failures: 0 }]);
    expect((await login(app, email)).status).toBe(200);
  });

  it('remembers failures across a restart', async () => {
    let app = await restart();
    const { email } = await signUp(app);
    for (let count = 1; count <= 5; count += 1) await login(app, email, 'wrong one');
    await app.sql(`UPDATE auth.failed_attempts SET blocked_until = now() + interval '1 hour'`);
    app = await restart();
    expect((await login(app, email)).status).toBe(429);
  });

  it('signs in with a key of its own after AUTH_SECRET was changed', async () => {
    const { email, browser } = await signUp(await restart());
    const app = await restart({ AUTH_SECRET: 'another secret of the tests: 9876543210' });
    expect((await login(app, email)).status).toBe(200);
    const old = new Browser(app.url);
    old.cookies.set('__Host-refresh', browser.cookies.get('__Host-refresh') as string);
    expect((await old.post('refresh')).status).toBe(401);
    // Nor do access tokens live on: the old secret may have been stolen, and the key with it.
    old.accessToken = browser.accessToken;
    expect((await old.get('sessions')).status).toBe(401);
    const jwks = (await (await fetch(`${app.url}/.well-known/jwks.json`)).json()) as {
      keys: unknown[];
    };
    expect(jwks.keys).toHaveLength(1);
  });

  it.each([
    ['AUTH_SECRET', ''],
    ['AUTH_SECRET', 'too short'],
    ['ACCESS_TOKEN_SECONDS', '3600'],
  ])('does not start with %s set to %j', async (name, value) => {
    await expect(startAuthApp({ [name]: value }, database)).rejects.toThrow(name);
  });
});
