import type { AuthResponse, ProblemDetails } from '@primetrade/contracts';
import { Secret, TOTP } from 'otpauth';
import { Clock } from '../crypto/clock.js';
import { type AuthApp, Browser, PASSWORD, signUp, startAuthApp } from '../testing/auth-app.js';

let test: AuthApp;
/** What the process takes the time to be; it moves only when a test moves it. */
let now = Date.now();
beforeAll(async () => {
  test = await startAuthApp();
  test.app.get(Clock, { strict: false }).now = () => new Date(now);
});
beforeEach(() => test.sql('DELETE FROM auth.failed_attempts'));
afterAll(() => test.close());

const STEP_MS = 30_000;
const codeOf = (secret: string, offsetSteps = 0) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({
    timestamp: now + offsetSteps * STEP_MS,
  });

type Reply = AuthResponse & ProblemDetails;
const login = (email: string, totp?: string) =>
  new Browser(test.url).post<Reply>('login', { email, password: PASSWORD, totp });

const enrol = (browser: Browser, password = PASSWORD) =>
  browser.post<{ secret: string; uri: string }>('totp/enrol', { password });

function confirm(browser: Browser, code: string, key?: string) {
  return browser.post<{ recoveryCodes: string[] } & ProblemDetails>(
    'totp/confirm',
    { code },
    key === undefined ? {} : { 'idempotency-key': key },
  );
}

/** An account with two-factor sign-in on, some steps after the one whose code turned it on. */
async function enabled() {
  const { browser, email, userId } = await signUp(test);
  const { secret } = (await enrol(browser)).body;
  const { status, body } = await confirm(browser, codeOf(secret));
  expect(status).toBe(200);
  now += 3 * STEP_MS;
  return { browser, email, userId, secret, recoveryCodes: body.recoveryCodes };
}

describe('two-factor sign-in', () => {
  it('is on once a code was confirmed', async () => {
    const { browser, email } = await signUp(test);
    const enrolled = await enrol(browser);
    expect(enrolled.status).toBe(200);
    expect(enrolled.headers.get('cache-control')).toBe('no-store');
    expect(enrolled.body.uri).toMatch(/^otpauth:\/\/totp\/PrimeTrade:.*secret=[A-Z2-7]{32}/);
    expect((await login(email)).status).toBe(200);

    const wrong = await confirm(browser, codeOf('A'.repeat(32)));
    expect([wrong.status, wrong.body.code]).toEqual([401, 'totp_invalid']);
    const { status, body } = await confirm(browser, codeOf(enrolled.body.secret));
    expect(status).toBe(200);
    expect(body.recoveryCodes).toHaveLength(10);
    expect(new Set(body.recoveryCodes).size).toBe(10);
    for (const code of body.recoveryCodes) expect(code).toMatch(/^([0-9a-z]{6}-){3}[0-9a-z]{6}$/);

    const without = await login(email);
    expect([without.status, without.body.code]).toEqual([401, 'totp_required']);
    now += STEP_MS;
    const signedIn = await login(email, codeOf(enrolled.body.secret));
    expect(signedIn.status).toBe(200);
    expect(signedIn.body.user.totpEnabled).toBe(true);
  });

  it('does not tell whether it is on before the password is right', async () => {
    const { email } = await enabled();
    const { body } = await new Browser(test.url).post<ProblemDetails>('login', {
      email,
      password: 'wrong one',
    });
    expect(body.code).toBe('invalid_credentials');
  });

  it('takes a code once', async () => {
    const { email, secret } = await enabled();
    expect((await login(email, codeOf(secret))).status).toBe(200);
    const replayed = await login(email, codeOf(secret));
    expect([replayed.status, replayed.body.code]).toEqual([401, 'totp_invalid']);
    expect((await login(email, codeOf(secret, -1))).status).toBe(401);
    now += STEP_MS;
    const answers = await Promise.all([1, 2, 3].map(() => login(email, codeOf(secret))));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 401, 401]);
  });

  it('does not take the code that turned it on', async () => {
    const { browser, email } = await signUp(test);
    const { secret } = (await enrol(browser)).body;
    const code = codeOf(secret);
    await confirm(browser, code);
    const answer = await login(email, code);
    expect(answer.status).toBe(401);
  });

  it.each([
    [-2, 401],
    [-1, 200],
    [1, 200],
    [2, 401],
  ])('answers a code of %d steps from now with %d', async (steps, status) => {
    const { email, secret } = await enabled();
    expect((await login(email, codeOf(secret, steps))).status).toBe(status);
  });

  it('takes each recovery code once', async () => {
    const { email, recoveryCodes } = await enabled();
    const [first = '', second = ''] = recoveryCodes;
    expect((await login(email, first)).status).toBe(200);
    expect((await login(email, first)).status).toBe(401);
    const sloppy = second.toUpperCase().replaceAll('-', '');
    const answers = await Promise.all([1, 2, 3].map(() => login(email, sloppy)));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 401, 401]);
  });

  it('stores neither the secret nor the codes', async () => {
    const { userId, secret, recoveryCodes } = await enabled();
    const [row] = await test.sql<{ totp_secret: Buffer; codes: Buffer[] }>(
      `SELECT totp_secret, (SELECT array_agg(code_hash) FROM auth.recovery_codes WHERE user_id = $1) AS codes
       FROM auth.users WHERE id = $1`,
      [userId],
    );
    expect(row?.totp_secret.includes(Buffer.from(Secret.fromBase32(secret).bytes))).toBe(false);
    expect(row?.codes).toHaveLength(10);
    const plain = (recoveryCodes[0] as string).replaceAll('-', '');
    expect(row?.codes.some((code) => code.includes(plain))).toBe(false);
  });

  it('makes who guesses codes wait, from whatever address', async () => {
    const { email, secret } = await enabled();
    for (let count = 1; count <= 5; count += 1) {
      expect((await login(email, codeOf('B'.repeat(32), count))).body.code).toBe('totp_invalid');
    }
    await test.sql(`UPDATE auth.failed_attempts SET blocked_until = now() + interval '1 minute'`);
    const { status, body, headers } = await login(email, codeOf(secret));
    expect([status, body.code]).toEqual([429, 'too_many_attempts']);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    await test.sql('DELETE FROM auth.failed_attempts');
    expect((await login(email, codeOf(secret))).status).toBe(200);
  });

  it('is turned off with the password', async () => {
    const { browser, email } = await enabled();
    expect((await browser.post('totp/disable', { password: 'wrong one' })).status).toBe(403);
    expect((await login(email)).status).toBe(401);
    expect((await browser.post('totp/disable', { password: PASSWORD })).status).toBe(204);
    expect((await login(email)).status).toBe(200);
    expect((await browser.post('totp/disable', { password: PASSWORD })).status).toBe(204);
  });

  it('is set up with the password, and not twice', async () => {
    const { browser, secret } = await enabled();
    expect((await enrol(browser, 'wrong one')).status).toBe(403);
    expect((await enrol(browser)).status).toBe(409);
    expect((await confirm(browser, codeOf(secret))).status).toBe(409);
    const { browser: other } = await signUp(test);
    expect((await confirm(other, '123456')).status).toBe(409);
  });

  it('shows the recovery codes again when the first answer was lost', async () => {
    const { browser } = await signUp(test);
    const { secret } = (await enrol(browser)).body;
    const code = codeOf(secret);
    const first = await confirm(browser, code, 'key');
    const again = await confirm(browser, code, 'key');
    expect(again.status).toBe(200);
    expect(again.body).toEqual(first.body);
    expect((await confirm(browser, code, 'other-key')).status).toBe(409);
  });

  it('is not passed by through a repeated registration', async () => {
    const body = { email: 'repeated@example.org', password: PASSWORD, name: 'Anna' };
    const browser = new Browser(test.url);
    const key = { 'idempotency-key': 'registration' };
    expect((await browser.post('register', body, key)).status).toBe(201);
    expect((await browser.post('register', body, key)).status).toBe(201);
    const { secret } = (await enrol(browser)).body;
    expect((await confirm(browser, codeOf(secret))).status).toBe(200);
    expect((await new Browser(test.url).post('register', body, key)).status).toBe(409);
  });
});
